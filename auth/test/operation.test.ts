import assert from "node:assert/strict";
import { once } from "node:events";
import { request } from "node:http";
import { after, test } from "node:test";
import { migrationUrl } from "../src/settings.ts";
import {
  body,
  emptyDatabase,
  migratedDatabase,
  ORIGIN,
  Person,
  run,
  SECRET,
  sql,
  startService,
} from "./support.ts";

const database = await migratedDatabase({ after });
const GOOD = { BETTER_AUTH_SECRET: SECRET, DATABASE_URL: database, PORT: "0" };

const BAD: [string, string | undefined][] = [
  ["BETTER_AUTH_SECRET", undefined],
  ["BETTER_AUTH_SECRET", "only 31 bytes long, one too few"],
  ["DATABASE_URL", undefined],
  ["DATABASE_URL", "mysql://localhost/todo"],
  ["DATABASE_URL", "postgresql://localhost/todo?sslmode=prefer"],
  ["PORT", "http"],
  ["PORT", "65536"],
  ["TRUSTED_PROXY_HOPS", "-1"],
  ["BETTER_AUTH_URL", "todo.example"],
  ["AUTH_RATE_LIMIT", "no"],
  ["LOG_LEVEL", "loud"],
];
for (const [name, value] of BAD) {
  test(`[002/FR-040] ${name}=${value ?? ""} stops the start with a sentence`, async () => {
    const { [name]: _, ...rest } = GOOD as Record<string, string>;

    const end = await run("server", value === undefined ? rest : { ...rest, [name]: value });

    assert.equal(end.status, 78);
    assert.match(end.stderr, new RegExp(`^The sign-in service cannot start: ${name} must .+\n$`));
    assert.equal(end.stdout, "");
  });
}

test("[002/FR-040] a port in use stops the start with a sentence", async (t) => {
  const first = await startService(t, { DATABASE_URL: database });
  const port = new URL(first.url).port;

  const end = await run("server", { ...GOOD, PORT: port });

  assert.equal(end.status, 1);
  assert.equal(end.stderr, `Cannot listen on 127.0.0.1, PORT ${port}: EADDRINUSE\n`);
});

test("[002/FR-041] four migrations of an empty database at once all succeed", async (t) => {
  const url = await emptyDatabase(t);

  const ends = await Promise.all([1, 2, 3, 4].map(() => run("migrate", { DATABASE_URL: url })));

  assert.deepEqual(
    ends.map(({ status, stderr }) => `${status}${stderr}`),
    ["0", "0", "0", "0"],
  );
  const created = ends.map(({ stdout }) => JSON.parse(stdout).created.length);
  assert.deepEqual(created.sort(), [0, 0, 0, 6]);
});

test("[002/FR-041] migrating again keeps what is there", async (t) => {
  const url = await migratedDatabase(t);
  const ada = new Person(await startService(t, { DATABASE_URL: url }));
  await ada.signUp();

  const end = await run("migrate", { DATABASE_URL: url });

  assert.equal(end.status, 0);
  assert.ok(await ada.token());
});

test("[002/FR-041] everything is in schema auth", async () => {
  const rows = await sql(
    database,
    `select table_schema, count(*)::int as tables from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') group by 1`,
  );

  assert.deepEqual(rows, [{ table_schema: "auth", tables: 6 }]);
});

test("[002/FR-041] migrations go to the direct host", () => {
  const pooled = "postgresql://me:secret@ep-cool-name-123-pooler.eu.neon.tech/todo";

  assert.equal(
    migrationUrl({ DATABASE_URL: pooled }),
    "postgresql://me:secret@ep-cool-name-123.eu.neon.tech/todo",
  );
  assert.equal(
    migrationUrl({ DATABASE_URL: pooled, MIGRATE_DATABASE_URL: "postgresql://owner@db/todo" }),
    "postgresql://owner@db/todo",
  );
});

test("[002/FR-041] a migration that cannot reach the database says so", async () => {
  const end = await run("migrate", { DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" });

  assert.equal(end.status, 1);
  assert.match(end.stderr, /^The auth tables were not migrated: .*ECONNREFUSED.*\n$/);
});

test("[002/FR-042] liveness touches no database, readiness waits for its tables", async (t) => {
  const url = await emptyDatabase(t);
  const probe = new Person(await startService(t, { DATABASE_URL: url }));
  const connections = () =>
    sql(url, "select 1 from pg_stat_activity where application_name = 'todo-chatbot-auth'");

  assert.equal((await probe.get("/healthz")).status, 200);
  assert.equal((await probe.get("/api/auth/ok")).status, 200);
  assert.deepEqual(await connections(), []);
  const early = await probe.get("/readyz");
  const tooEarly = await probe.signUp();
  await run("migrate", { DATABASE_URL: url });
  const ready = await probe.get("/readyz");

  assert.equal(early.status, 503);
  assert.match((await body(early)).message, /tables are missing/i);
  assert.equal(tooEarly.status, 503);
  assert.equal(ready.status, 200);
  assert.equal((await probe.signUp()).status, 200);
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  test(`[002/FR-043] ${signal} lets an open request finish`, async (t) => {
    const service = await startService(t, { DATABASE_URL: database });
    const { email, password, name } = new Person(service);
    const open = request(`${service.url}/api/auth/sign-up/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: ORIGIN, expect: "100-continue" },
    });
    open.flushHeaders();
    await once(open, "continue");

    service.signal(signal);
    await service.logged(({ event }) => event === "stopping");
    await assert.rejects(fetch(`${service.url}/healthz`));
    open.end(JSON.stringify({ email, password, name }));
    const [answer] = await once(open, "response");
    answer.resume();

    assert.equal(answer.statusCode, 200);
    assert.equal(await service.exited, 0);
  });
}

test("[002/FR-044] the log tells each request and no secret", async (t) => {
  const service = await startService(t, { DATABASE_URL: database, LOG_LEVEL: "debug" });
  const ada = new Person(service);
  const id = { "x-request-id": "from-the-page-1" };

  const { token: session } = await body(await ada.signUp());
  const cookie = ada.cookie;
  const token = await ada.token();
  await ada.get(`/api/auth/get-session?email=${ada.email}`, id);
  await ada.get(`/${ada.email}`);
  await ada.signUp();
  const refused = await ada.signIn({ password: "not the password" }, { "x-request-id": "a b" });
  await service.logged(({ event }) => event === "sign-in refused");

  const event = await service.logged(({ request_id }) => request_id === "from-the-page-1");
  const { ts, ms, ...facts } = event;
  assert.match(String(ts), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  assert.equal(typeof ms, "number");
  assert.deepEqual(facts, {
    level: "info",
    event: "request answered",
    request_id: "from-the-page-1",
    path: "/api/auth/get-session",
    status: 200,
  });
  assert.match(refused.headers.get("x-request-id") ?? "", /^[0-9a-f-]{36}$/);
  const log = JSON.stringify(service.events) + service.stderr;
  for (const secret of [ada.email, ada.password, "not the password", cookie, session, token]) {
    assert.ok(!log.includes(secret), secret);
  }
});

test("[002/FR-045] metrics tell requests, limits, the pool and memory", async (t) => {
  const service = await startService(t, { DATABASE_URL: await migratedDatabase(t) });
  const ada = new Person(service);
  for (let tries = 0; tries < 21; tries++) await ada.signIn({ email: "nobody" });
  await ada.get("/an/invented/path");

  const answer = await ada.get("/metrics");

  const text = await answer.text();
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
  for (const line of [
    'auth_requests_total{path="/api/auth/sign-in/email",status="400"} 20',
    'auth_requests_total{path="/api/auth/sign-in/email",status="429"} 1',
    'auth_requests_total{path="other",status="404"} 1',
    'auth_rate_limited_total{path="/api/auth/sign-in/email"} 1',
    'auth_request_seconds_count{path="/api/auth/sign-in/email"} 21',
    "auth_database_failures_total 0",
    'auth_database_connections{state="used"} 0',
    'auth_database_connections{state="idle"} 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
  assert.match(text, /^process_resident_memory_bytes \d+$/m);
});
