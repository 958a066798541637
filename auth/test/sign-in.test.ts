import assert from "node:assert/strict";
import { after, test } from "node:test";
import { body, migratedDatabase, Person, sql, startService, statuses } from "./support.ts";

const database = await migratedDatabase({ after });
const service = await startService({ after }, { DATABASE_URL: database, AUTH_RATE_LIMIT: "off" });

test("[002/FR-001] [002/FR-007] a person who signs up is signed in", async () => {
  const ada = new Person(service);

  const answer = await ada.signUp();

  const { user } = await body(answer);
  assert.equal(answer.status, 200);
  assert.equal(user.email, ada.email);
  const session = await body(await ada.get("/api/auth/get-session"));
  assert.equal(session.user.id, user.id);
  assert.equal(session.user.name, "Ada");
});

test("[002/FR-007] nobody is signed in without a cookie", async () => {
  const answer = await new Person(service).get("/api/auth/get-session");

  assert.equal(answer.status, 200);
  assert.equal(await answer.json(), null);
});

const REFUSED: [string, Record<string, unknown>, RegExp][] = [
  ["a password of 7 characters", { password: "1234567" }, /password/i],
  ["a password of 129 characters", { password: "x".repeat(129) }, /password/i],
  ["no password", { password: undefined }, /password/i],
  ["an address without a host", { email: "ada" }, /e-?mail/i],
  ["an address of 255 characters", { email: `ada@${"x.".repeat(125)}c` }, /e-?mail/i],
  ["a blank name", { name: "  " }, /name/i],
  ["a name of 101 characters", { name: "x".repeat(101) }, /name/i],
  ["a name with a line break", { name: "Ada\nadmin" }, /name/i],
  ["a name with a NUL", { name: "Ada\u0000" }, /name/i],
];
for (const [what, changes, sentence] of REFUSED) {
  test(`[002/FR-002] ${what} is refused with a sentence`, async () => {
    const answer = await new Person(service).signUp(changes);

    assert.equal(answer.status, 400);
    assert.match((await body(answer)).message, sentence);
  });
}

test("[002/FR-002] the longest password and name are accepted, the name trimmed", async () => {
  const name = "é".repeat(100);

  const answer = await new Person(service).signUp({ name: ` ${name} `, password: "x".repeat(128) });

  assert.equal(answer.status, 200);
  assert.equal((await body(answer)).user.name, name);
});

test("[002/FR-003] the address may be written in any letter case", async () => {
  const ada = new Person(service);
  const { user } = await body(await ada.signUp());
  ada.cookies.clear();

  const answer = await ada.signIn({ email: ada.email.toUpperCase() });

  assert.equal(answer.status, 200);
  assert.equal((await body(answer)).user.id, user.id);
});

test("[002/FR-004] a wrong password and an unknown address get the same answer", async () => {
  const ada = new Person(service);
  await ada.signUp();
  ada.cookies.clear();

  const wrong = await ada.signIn({ password: "not the password" });
  const unknown = await new Person(service).signIn();

  assert.equal(wrong.status, 401);
  assert.equal(unknown.status, 401);
  assert.deepEqual(await wrong.json(), await unknown.json());
});

test("[002/FR-005] an address that has an account cannot sign up again", async () => {
  const ada = new Person(service);
  await ada.signUp();

  const again = await ada.signUp({ email: ada.email.toUpperCase(), password: "another password" });

  assert.equal(again.status, 422);
  assert.match((await body(again)).message, /exists/);
});

test("[002/FR-005] sign-ups at the same instant make one account", async () => {
  const ada = new Person(service);

  const answers = await Promise.all([1, 2, 3, 4].map(() => ada.signUp()));

  assert.deepEqual(statuses(answers).sort(), [200, 422, 422, 422]);
  const accounts = await sql(database, 'select 1 from auth."user" where email = $1', [ada.email]);
  assert.equal(accounts.length, 1);
});

test("[002/FR-006] signing out ends the session, not only the cookie", async () => {
  const ada = new Person(service);
  await ada.signUp();
  const old = new Map(ada.cookies);

  const answer = await ada.post("/api/auth/sign-out");

  assert.equal(answer.status, 200);
  assert.equal(ada.cookies.size, 0);
  ada.cookies = old;
  assert.equal(await (await ada.get("/api/auth/get-session")).json(), null);
  assert.equal((await ada.get("/api/auth/token")).status, 401);
});

test("[002/FR-008] the cookie is kept from scripts, other sites and other paths", async () => {
  const answer = await new Person(service).signUp();

  const [cookie = ""] = answer.headers.getSetCookie();
  const attributes = cookie.split("; ").slice(1).sort();
  assert.deepEqual(attributes, ["HttpOnly", "Max-Age=604800", "Path=/api/auth", "SameSite=Lax"]);
});

test("[002/FR-008] the cookie is Secure when the public origin is https", async (t) => {
  const origin = "https://todo.example";
  const env = { DATABASE_URL: database, BETTER_AUTH_URL: origin };
  const ada = new Person(await startService(t, env));

  const answer = await ada.signUp({}, { origin });

  const [cookie = ""] = answer.headers.getSetCookie();
  assert.match(cookie, /^__Secure-.*; Secure/);
  assert.equal((await ada.get("/api/auth/token")).status, 200);
});
