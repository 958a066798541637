/** `node migrate.mjs`: makes or updates the tables in schema `auth`, then ends. */
import { randomUUID } from "node:crypto";
import pg from "pg";
import { authOptions } from "./auth.ts";
import { Database } from "./database.ts";
import { createLog, errorCode } from "./logs.ts";
import { BadSetting, migrationUrl, readSettings } from "./settings.ts";
import { migrateTables } from "./tables.ts";

/** Any number, as long as every release uses the same one. */
const LOCK = 7_201_017;

/** Migrate while holding the lock, so that any number of processes may do this at once. */
async function migrate(): Promise<void> {
  const env = process.env;
  const url = migrationUrl(env);
  // The shape of the tables depends on no secret, so the command does not ask for one.
  const settings = readSettings({ ...env, DATABASE_URL: url, BETTER_AUTH_SECRET: randomUUID() });
  const log = createLog(settings.logLevel);
  const lock = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  const database = new Database(url, () => {});
  // A lost connection fails the next statement; as an event it would end the process.
  lock.on("error", () => {});
  try {
    await lock.connect();
    await lock.query("begin");
    await lock.query("set local lock_timeout = '2min'");
    await lock.query("select pg_advisory_xact_lock($1)", [LOCK]);
    log("info", "tables migrated", await migrateTables(authOptions(settings, database)));
    await lock.query("commit");
  } finally {
    await lock.end();
    await database.end();
  }
}

try {
  await migrate();
} catch (error) {
  const reason = (error instanceof Error && error.message) || errorCode(error);
  process.stderr.write(`The auth tables were not migrated: ${reason}\n`);
  process.exitCode = error instanceof BadSetting ? 78 : 1;
}
