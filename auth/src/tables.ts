/** Which of Better Auth's tables are still missing in schema `auth`. */
import type { BetterAuthOptions } from "better-auth";
import { getMigrations } from "better-auth/db/migration";

/** Return what has to be created or altered, and the function that does it. */
export async function pendingTables(options: BetterAuthOptions) {
  const { toBeCreated, toBeAdded, runMigrations } = await getMigrations(options);
  return {
    created: toBeCreated.map(({ table }) => table),
    altered: toBeAdded.map(({ table }) => table),
    apply: runMigrations,
  };
}
