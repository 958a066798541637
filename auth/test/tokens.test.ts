import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { after, test } from "node:test";
import { createEmailVerificationToken } from "better-auth/api";
import { decodeProtectedHeader, jwtVerify } from "jose";
import { body, migratedDatabase, Person, SECRET, startService, statuses } from "./support.ts";

const KEY = createSecretKey(Buffer.from(SECRET));
const database = await migratedDatabase({ after });
const service = await startService({ after }, { DATABASE_URL: database, AUTH_RATE_LIMIT: "off" });

test("[002/FR-010] the token has these claims and no other", async () => {
  const ada = new Person(service);
  const { user } = await body(await ada.signUp());

  const token = await ada.token();

  const { payload } = await jwtVerify(token, KEY);
  const { iat = 0, jti, ...claims } = payload;
  assert.deepEqual(decodeProtectedHeader(token), { alg: "HS256", typ: "JWT" });
  assert.match(String(jti), /^[0-9a-f-]{36}$/);
  assert.deepEqual(claims, {
    sub: user.id,
    iss: "todo-chatbot-auth",
    aud: "todo-chatbot",
    exp: iat + 15 * 60,
    email: ada.email,
    name: "Ada",
  });
});

test("[002/FR-010] issuer and audience are what the environment says", async (t) => {
  const names = { JWT_ISSUER: "https://issuer.example", JWT_AUDIENCE: "others" };
  const ada = new Person(await startService(t, { DATABASE_URL: database, ...names }));
  await ada.signUp();

  const { payload } = await jwtVerify(await ada.token(), KEY);

  assert.equal(payload.iss, "https://issuer.example");
  assert.equal(payload.aud, "others");
});

test("[002/FR-011] asking again gives another token for the same person", async () => {
  const ada = new Person(service);
  await ada.signUp();

  const first = await jwtVerify(await ada.token(), KEY);
  const second = await jwtVerify(await ada.token(), KEY);

  assert.notEqual(first.payload.jti, second.payload.jti);
  assert.equal(first.payload.sub, second.payload.sub);
});

test("[002/FR-012] there is no token without a session", async () => {
  const stranger = new Person(service);
  const forger = new Person(service);
  await forger.signUp();
  for (const [name, value] of forger.cookies) forger.cookies.set(name, `x${value}`);

  const answers = [await stranger.get("/api/auth/token"), await forger.get("/api/auth/token")];

  assert.deepEqual(statuses(answers), [401, 401]);
});

test("[002/FR-013] an e-mail verification token is no access token", async () => {
  const ada = new Person(service);
  await ada.signUp();
  const rules = { issuer: "todo-chatbot-auth", audience: "todo-chatbot", subject: "any" };

  const token = await createEmailVerificationToken(SECRET, ada.email);

  const { payload } = await jwtVerify(token, KEY, { algorithms: ["HS256"] });
  assert.deepEqual(Object.keys(payload).sort(), ["email", "exp", "iat"]);
  await assert.rejects(jwtVerify(token, KEY, rules), /missing required/);
});

test("[002/FR-014] the session token is worth nothing as a bearer token", async () => {
  const ada = new Person(service);
  const { token } = await body(await ada.signUp());
  const authorization = `Bearer ${token}`;

  const answer = await new Person(service).get("/api/auth/token", { authorization });

  assert.equal(answer.status, 401);
});
