/** Better Auth's configuration: e-mail and password, database sessions, HS256 access tokens. */
import { randomUUID } from "node:crypto";
import type { BetterAuthOptions } from "better-auth";
import { APIError } from "better-auth/api";
import { jwt } from "better-auth/plugins/jwt";
import { SignJWT } from "jose";
import { PostgresDialect } from "kysely";
import type { Database } from "./database.ts";
import type { Settings } from "./settings.ts";

/** Where the client's address stands for Better Auth; the server overwrites what a client sends. */
export const ADDRESS_HEADER = "x-client-address";

/** Return the options from which both the handler and the tables are made. */
export function authOptions(settings: Settings, database: Database) {
  return {
    secret: settings.secret,
    baseURL: settings.publicUrl,
    basePath: "/api/auth",
    trustedOrigins: loopbackTwin(settings.publicUrl),
    database: {
      dialect: new PostgresDialect({ pool: database }),
      type: "postgres",
      schemaName: "auth",
      transaction: true,
    },
    databaseHooks: { user: { create: { before: refuseOverlong } } },
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: { expiresIn: 7 * DAY, updateAge: DAY },
    rateLimit: {
      enabled: settings.rateLimited,
      storage: "database",
      window: 10,
      max: 100,
      customRules: {
        "/sign-in/email": { window: 60, max: 20 },
        "/sign-up/email": { window: 60, max: 30 },
        "/ok": false,
      },
    },
    advanced: {
      cookiePrefix: "todo-chatbot",
      defaultCookieAttributes: { httpOnly: true, sameSite: "lax", path: "/api/auth" },
      // Its own check would remember missing tables until a restart; ours is in tables.ts.
      database: { generateId: "uuid", validateSchema: false },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    plugins: [accessTokens(settings)],
    // Its messages quote e-mail addresses; the server logs each request instead.
    logger: { disabled: true },
    telemetry: { enabled: false },
  } satisfies BetterAuthOptions;
}

const DAY = 24 * 60 * 60;

/** Signs `GET /token` with the shared secret: the plugin's own keys are all asymmetric. */
function accessTokens({ secret, issuer, audience, publicUrl }: Settings) {
  const key = new TextEncoder().encode(secret);
  return jwt({
    disableSettingJwtHeader: true,
    // Required with `sign`; an address makes the plugin publish no key set of its own.
    jwks: { remoteUrl: `${publicUrl}/no-keys`, keyPairConfig: { alg: "EdDSA" } },
    jwt: {
      issuer,
      audience,
      expirationTime: "15m",
      definePayload: ({ user }) => ({ email: user.email, name: user.name }),
      sign: (claims) =>
        new SignJWT({ ...claims, jti: randomUUID() })
          .setProtectedHeader({ alg: "HS256", typ: "JWT" })
          .sign(key),
    },
  });
}

/** A name travels in every access token, and an address in an index: both have to stay short. */
async function refuseOverlong(user: { name: string; email: string }) {
  if (user.email.length > 254) {
    throw new APIError("BAD_REQUEST", {
      code: "EMAIL_TOO_LONG",
      message: "An e-mail address has at most 254 characters.",
    });
  }
  const name = user.name.trim();
  if (name.length < 1 || name.length > 100 || /\p{Cc}/u.test(name)) {
    throw new APIError("BAD_REQUEST", {
      code: "INVALID_NAME",
      message: "A name has 1 to 100 characters and no control characters.",
    });
  }
  return { data: { ...user, name } };
}

/** `localhost` and `127.0.0.1` are one machine, but two origins. */
function loopbackTwin(publicUrl: string): string[] {
  const url = new URL(publicUrl);
  if (url.hostname === "localhost") url.hostname = "127.0.0.1";
  else if (url.hostname === "127.0.0.1") url.hostname = "localhost";
  else return [];
  return [url.origin];
}
