/** Everything the service reads from its environment, checked once at the start. */

/** A variable that the service cannot start with; the message names it and says what to do. */
export class BadSetting extends Error {}

const LOG_LEVELS = ["debug", "info", "warning", "error", "critical"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export type Settings = Readonly<{
  /** Signs cookies and access tokens; shared with the API. */
  secret: string;
  databaseUrl: string;
  host: string;
  /** 0 lets the system choose. */
  port: number;
  /** The page's public origin; cookies are `Secure` when it is https. */
  publicUrl: string;
  issuer: string;
  audience: string;
  /** How many reverse proxies append to `X-Forwarded-For` before a request arrives here. */
  trustedProxyHops: number;
  rateLimited: boolean;
  logLevel: LogLevel;
}>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Return the settings of the server, or throw `BadSetting`. */
export function readSettings(env: Environment): Settings {
  return {
    secret: secret(env),
    databaseUrl: databaseUrl(env, "DATABASE_URL"),
    host: env.HOST || "127.0.0.1",
    port: wholeNumber(env, "PORT", 8003, 65_535),
    publicUrl: origin(env),
    issuer: env.JWT_ISSUER || "todo-chatbot-auth",
    audience: env.JWT_AUDIENCE || "todo-chatbot",
    trustedProxyHops: wholeNumber(env, "TRUSTED_PROXY_HOPS", 0, 16),
    rateLimited: oneOf(env, "AUTH_RATE_LIMIT", "on", ["on", "off"]) === "on",
    logLevel: oneOf(env, "LOG_LEVEL", "info", LOG_LEVELS),
  };
}

/**
 * Return the URL for migrations: MIGRATE_DATABASE_URL, or DATABASE_URL without Neon's pooler,
 * because a migration should not share its connection with anybody.
 */
export function migrationUrl(env: Environment): string {
  if (env.MIGRATE_DATABASE_URL) return databaseUrl(env, "MIGRATE_DATABASE_URL");
  const url = new URL(databaseUrl(env, "DATABASE_URL"));
  url.hostname = url.hostname.replace(/^([^.]+)-pooler\./, "$1.");
  return url.href;
}

function secret(env: Environment): string {
  const value = env.BETTER_AUTH_SECRET ?? "";
  if (Buffer.byteLength(value) >= 32) return value;
  throw new BadSetting(
    "BETTER_AUTH_SECRET must be at least 32 bytes long; make one with: openssl rand -base64 32",
  );
}

function databaseUrl(env: Environment, name: string): string {
  const url = URL.parse(env[name] ?? "");
  if (url === null || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new BadSetting(`${name} must be a PostgreSQL URL: postgresql://user:password@host/name`);
  }
  const mode = url.searchParams.get("sslmode");
  if (mode === "allow" || mode === "prefer") {
    throw new BadSetting(`${name} must say sslmode=require or sslmode=disable, not ${mode}`);
  }
  // Names as libpq means them: node-postgres checks certificates whenever it uses TLS, and warns
  // about every other name for that; it uses channel binding without being told.
  if (mode === "require" || mode === "verify-ca") url.searchParams.set("sslmode", "verify-full");
  url.searchParams.delete("channel_binding");
  return url.href;
}

function origin(env: Environment): string {
  const url = URL.parse(env.BETTER_AUTH_URL || "http://localhost:8000");
  if (url !== null && ["http:", "https:"].includes(url.protocol)) return url.origin;
  throw new BadSetting("BETTER_AUTH_URL must be the page's origin, such as https://todo.example");
}

function wholeNumber(env: Environment, name: string, fallback: number, most: number): number {
  const value = env[name] || String(fallback);
  if (/^\d{1,5}$/.test(value) && Number(value) <= most) return Number(value);
  throw new BadSetting(`${name} must be a whole number from 0 to ${most}, not "${value}"`);
}

function oneOf<T extends string>(
  env: Environment,
  name: string,
  fallback: T,
  allowed: readonly T[],
): T {
  const value = env[name]?.toLowerCase() || fallback;
  const found = allowed.find((one) => one === value);
  if (found !== undefined) return found;
  throw new BadSetting(`${name} must be one of ${allowed.join(", ")}, not "${value}"`);
}
