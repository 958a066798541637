import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, test } from "node:test";
import { ENDPOINTS } from "../src/handler.ts";
import { body, migratedDatabase, Person, startService, statuses } from "./support.ts";

const database = await migratedDatabase({ after });
const service = await startService({ after }, { DATABASE_URL: database, AUTH_RATE_LIMIT: "off" });

const FOREIGN = [
  "https://evil.example",
  "http://localhost:8001",
  "https://localhost:8000",
  "http://localhost:8000.evil.example",
  "http://localhost",
  "null",
];
for (const origin of FOREIGN) {
  test(`[002/FR-020] the origin ${origin} is refused, with a cookie and without`, async () => {
    const ada = new Person(service);
    await ada.signUp();
    const stranger = new Person(service);

    const answers = [
      await ada.post("/api/auth/sign-out", {}, { origin }),
      await ada.signIn({}, { origin }),
      await stranger.signUp({}, { origin }),
    ];

    assert.deepEqual(statuses(answers), [403, 403, 403]);
    assert.ok(await ada.token());
  });
}

test("[002/FR-020] a cookie without an origin changes nothing", async () => {
  const ada = new Person(service);
  await ada.signUp();

  const answer = await fetch(`${service.url}/api/auth/sign-out`, {
    method: "POST",
    headers: { cookie: ada.cookie },
  });

  assert.equal(answer.status, 403);
  assert.ok(await ada.token());
});

test("[002/FR-020] localhost and 127.0.0.1 count as each other", async (t) => {
  const numeric = { DATABASE_URL: database, BETTER_AUTH_URL: "http://127.0.0.1:8000/" };
  const other = await startService(t, numeric);

  const answers = [
    await new Person(service).signUp({}, { origin: "http://127.0.0.1:8000" }),
    await new Person(other).signUp({}, { origin: "http://localhost:8000" }),
  ];

  assert.deepEqual(statuses(answers), [200, 200]);
});

test("[002/FR-020] [002/FR-021] NODE_ENV=test switches no check off", async (t) => {
  const env = { DATABASE_URL: database, NODE_ENV: "test", BETTER_AUTH_URL: "https://todo.example" };
  const tested = await startService(t, env);

  const answer = await new Person(tested).signUp({}, { origin: "http://localhost:8000" });

  assert.equal(answer.status, 403);
});

/** Try to sign in without a valid address, which is cheap, and return the answers. */
async function guess(person: Person, times: number, headers = (_: number) => ({})) {
  const guesses = Array.from({ length: times }, (_, index) =>
    person.signIn({ email: "nobody" }, headers(index)),
  );
  return Promise.all(guesses);
}

function count(answers: Response[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}

test("[002/FR-022] twenty sign-ins a minute are answered, over all replicas together", async (t) => {
  const env = { DATABASE_URL: await migratedDatabase(t) };
  const replicas = await Promise.all([startService(t, env), startService(t, env)]);

  const answers = await Promise.all(replicas.map((replica) => guess(new Person(replica), 20)));

  const refused = answers.flat().filter(({ status }) => status === 429);
  assert.equal(refused.length, 20);
  for (const { headers } of refused) assert.match(headers.get("retry-after") ?? "", /^[1-6]?\d$/);
});

test("[002/FR-022] thirty sign-ups a minute are answered", async (t) => {
  const limited = await startService(t, { DATABASE_URL: await migratedDatabase(t) });
  const bot = new Person(limited);

  const answers = await Promise.all(
    Array.from({ length: 32 }, () => bot.signUp({ email: "nobody" })),
  );

  assert.equal(count(answers, 429), 2);
});

test("[002/FR-023] without proxies no header changes whose sign-ins are counted", async (t) => {
  const env = { DATABASE_URL: await migratedDatabase(t), TRUSTED_PROXY_HOPS: "0" };
  const bot = new Person(await startService(t, env));

  const answers = await guess(bot, 22, (index) => ({
    "x-forwarded-for": `203.0.113.${index}`,
    "x-client-address": `203.0.113.${index}`,
    forwarded: `for=203.0.113.${index}`,
  }));

  assert.equal(count(answers, 429), 2);
});

test("[002/FR-023] behind a proxy its own entry counts, not what the client wrote", async (t) => {
  const env = { DATABASE_URL: await migratedDatabase(t), TRUSTED_PROXY_HOPS: "1" };
  const proxied = await startService(t, env);

  const bot = await guess(new Person(proxied), 22, (index) => ({
    "x-forwarded-for": `198.51.100.${index}, 203.0.113.7`,
  }));
  const neighbour = await guess(new Person(proxied), 1, () => ({
    "x-forwarded-for": "203.0.113.7, 203.0.113.8",
  }));

  assert.equal(count(bot, 429), 2);
  assert.equal(count(neighbour, 429), 0);
});

test("[002/FR-023] who comes past the proxies counts by the address of the connection", async (t) => {
  const env = { DATABASE_URL: await migratedDatabase(t), TRUSTED_PROXY_HOPS: "2" };
  const bot = new Person(await startService(t, env));

  const answers = await guess(bot, 22, (index) => ({ "x-forwarded-for": `203.0.113.${index}` }));

  assert.equal(count(answers, 429), 2);
});

test("[002/FR-024] the limits can be switched off", async () => {
  const answers = await guess(new Person(service), 40);

  assert.equal(count(answers, 429), 0);
});

const UNKNOWN = [
  "/",
  "/api/auth",
  "/api/auth/",
  "/api/auth/ok/",
  "//api/auth/ok",
  "/api/auth/%6fk",
  "/api/auth/jwks",
  "/api/auth/error",
  "/api/auth/list-sessions",
  "/api/auth/sign-in/social",
];
for (const path of UNKNOWN) {
  test(`[002/FR-025] there is nothing at ${path}`, async () => {
    const answer = await new Person(service).get(path);

    assert.equal(answer.status, 404);
    assert.equal((await body(answer)).code, "NOT_FOUND");
  });
}

test("[002/FR-025] the contract lists what is served", async () => {
  const contract = new URL("../../specs/002-sign-in/contracts/auth-api.yaml", import.meta.url);

  const listed = (await readFile(contract, "utf8")).matchAll(/^ {2}(\/api\S+):\n {4}(\w+):/gm);

  const pairs = [...listed].map(([, path = "", method = ""]) => [path, method.toUpperCase()]);
  assert.deepEqual(pairs, [...ENDPOINTS]);
});

test("[002/FR-025] another method is refused with the right one", async () => {
  const ada = new Person(service);

  const answers = [await ada.get("/api/auth/sign-in/email"), await ada.post("/api/auth/token")];

  assert.deepEqual(statuses(answers), [405, 405]);
  assert.deepEqual(
    answers.map(({ headers }) => headers.get("allow")),
    ["POST", "GET"],
  );
});

test("[002/FR-026] a body over 32 KiB is refused, announced or not", async () => {
  const large = "x".repeat(32 * 1024);
  const stream = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`"${large}"`));
      controller.close();
    },
  });

  const announced = await new Person(service).signIn({ password: large });
  const chunked = await fetch(`${service.url}/api/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: stream,
    duplex: "half",
  });

  assert.deepEqual(statuses([announced, chunked]), [413, 413]);
});

for (const malformed of ['{"email":', "[]", "null", '"text"', ""]) {
  test(`[002/FR-026] the body ${malformed || "of no bytes"} is refused`, async () => {
    const answer = await fetch(`${service.url}/api/auth/sign-in/email`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: "http://localhost:8000" },
      body: malformed,
    });

    assert.equal(answer.status, 400);
    assert.ok((await body(answer)).message);
  });
}

test("[002/FR-027] nothing is contacted but the database", async (t) => {
  const hook = new URL("connections.mjs", import.meta.url);
  const env = { DATABASE_URL: database, NODE_OPTIONS: `--import=${hook.href}` };
  const watched = await startService(t, env);
  const ada = new Person(watched);

  await ada.signUp();
  await ada.token();
  await ada.post("/api/auth/sign-out");

  const contacted = watched.events.filter(({ event }) => event === "connecting");
  const { hostname, port } = new URL(database);
  assert.deepEqual([...new Set(contacted.map(({ to }) => to))], [`${hostname}:${port || 5432}`]);
});
