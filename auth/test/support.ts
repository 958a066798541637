/** What the tests share: databases of their own, the real commands as processes, people. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import pg from "pg";
import manifest from "../package.json" with { type: "json" };

export const SECRET = "a secret for tests, long enough to sign with";
export const ORIGIN = "http://localhost:8000";
const ADMIN_URL = process.env.TEST_DATABASE_URL;
/** Node's flags as `npm start` sets them. */
const FLAGS = manifest.scripts.start.match(/--\S+/g) ?? [];

type Environment = Record<string, string>;
/** Where to leave what has to be done after a test, or after a file. */
type Hooks = { after: (clean: () => Promise<unknown>) => void };

/** Return the URL of a new, empty database that is gone after the test. */
export async function emptyDatabase(test: Hooks): Promise<string> {
  if (!ADMIN_URL) throw new Error("TEST_DATABASE_URL must name a PostgreSQL to test on");
  const name = `auth_test_${randomUUID().replaceAll("-", "")}`;
  await sql(ADMIN_URL, `create database ${name}`);
  test.after(() => sql(ADMIN_URL, `drop database ${name} with (force)`));
  const url = new URL(ADMIN_URL);
  url.pathname = `/${name}`;
  return url.href;
}

/** Return the URL of a new database with the tables in it. */
export async function migratedDatabase(test: Hooks): Promise<string> {
  const url = await emptyDatabase(test);
  const { status, stderr } = await run("migrate", { DATABASE_URL: url });
  if (status !== 0) throw new Error(stderr);
  return url;
}

/** Return the rows of one statement. */
export async function sql(url: string, statement: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(statement, values)).rows;
  } finally {
    await client.end();
  }
}

function launch(command: "server" | "migrate", env: Environment): ChildProcess {
  // Nothing of the caller's environment, so that no setting of the machine decides a test.
  return spawn(process.execPath, [...FLAGS, `dist/${command}.mjs`], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    cwd: new URL("..", import.meta.url),
  });
}

/** Run a command to its end, which may not take long. */
export async function run(command: "server" | "migrate", env: Environment) {
  const child = launch(command, env);
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const patience = setTimeout(() => child.kill("SIGKILL"), 20_000);
  const [status] = await once(child, "close");
  clearTimeout(patience);
  return { status: status as number | null, stdout, stderr };
}

/** One JSON line of the log. */
export type Event = Record<string, unknown> & { event: string };

/** A running service. */
export class Service {
  readonly events: Event[] = [];
  readonly exited: Promise<number | null>;
  stderr = "";
  url = "";
  readonly #child: ChildProcess;
  readonly #waiting = new Set<() => void>();

  constructor(env: Environment) {
    this.#child = launch("server", { BETTER_AUTH_SECRET: SECRET, PORT: "0", ...env });
    this.exited = once(this.#child, "close").then(([status]) => status);
    this.#child.stderr?.on("data", (chunk) => {
      this.stderr += chunk;
    });
    if (this.#child.stdout === null) throw new Error("no output to read");
    createInterface(this.#child.stdout).on("line", (line) => {
      this.events.push(JSON.parse(line));
      for (const look of this.#waiting) look();
    });
  }

  /** Wait until an event is logged, or fail when the process ends without it. */
  async logged(wanted: (event: Event) => boolean): Promise<Event> {
    const found = new Promise<Event>((resolve) => {
      const look = () => {
        const event = this.events.find(wanted);
        if (event === undefined) return;
        this.#waiting.delete(look);
        resolve(event);
      };
      this.#waiting.add(look);
      look();
    });
    const ended = this.exited.then((status) => {
      throw new Error(`the service ended with ${status}: ${this.stderr}`);
    });
    return Promise.race([found, ended]);
  }

  signal(name: "SIGTERM" | "SIGINT"): void {
    this.#child.kill(name);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.exited;
  }
}

/** Return a service that listens, and ends with the test. */
export async function startService(test: Hooks, env: Environment): Promise<Service> {
  const service = new Service(env);
  test.after(() => service.kill());
  const { port } = await service.logged(({ event }) => event === "listening");
  service.url = `http://127.0.0.1:${port}`;
  return service;
}

/** What answers may contain; a test reads what it expects there. */
type Body = {
  code: string;
  message: string;
  token: string;
  user: { id: string; email: string; name: string };
};

/** Return the body of an answer. */
export async function body(response: Response): Promise<Body> {
  return (await response.json()) as Body;
}

/** Return the statuses of several answers. */
export function statuses(answers: Response[]): number[] {
  return answers.map(({ status }) => status);
}

/** Somebody with a browser: keeps cookies, and names the page as its origin. */
export class Person {
  readonly email = `${randomUUID()}@example.com`;
  readonly password = `password of ${this.email}`.slice(0, 40);
  readonly name = "Ada";
  cookies = new Map<string, string>();
  readonly #url: string;

  constructor(service: Service) {
    this.#url = service.url;
  }

  get cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  async get(path: string, headers: Environment = {}): Promise<Response> {
    return this.#send(path, { headers });
  }

  async post(path: string, body: unknown = {}, headers: Environment = {}): Promise<Response> {
    const json = { "content-type": "application/json", origin: ORIGIN, ...headers };
    return this.#send(path, { method: "POST", headers: json, body: JSON.stringify(body) });
  }

  async signUp(changes: Record<string, unknown> = {}, headers: Environment = {}) {
    const { email, password, name } = this;
    return this.post("/api/auth/sign-up/email", { email, password, name, ...changes }, headers);
  }

  async signIn(changes: Record<string, unknown> = {}, headers: Environment = {}) {
    const { email, password } = this;
    return this.post("/api/auth/sign-in/email", { email, password, ...changes }, headers);
  }

  /** Return an access token, or fail. */
  async token(): Promise<string> {
    const response = await this.get("/api/auth/token");
    if (response.status !== 200) throw new Error(`no token: ${response.status}`);
    return (await body(response)).token;
  }

  async #send(path: string, init: RequestInit & { headers: Environment }): Promise<Response> {
    const headers = this.cookies.size > 0 ? { cookie: this.cookie, ...init.headers } : init.headers;
    const response = await fetch(this.#url + path, { ...init, headers });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (value === "") this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}
