/** Whether Better Auth's tables are in schema `auth`, and making them. */
import type { BetterAuthOptions } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import type { Database } from "./database.ts";
import { errorCode } from "./logs.ts";

/** Create the schema and what is missing in it; returns the tables created and altered. */
export async function migrateTables(options: BetterAuthOptions) {
  const { toBeCreated, toBeAdded, runMigrations } = await getMigrations(options);
  await runMigrations();
  return {
    created: toBeCreated.map(({ table }) => table),
    altered: toBeAdded.map(({ table }) => table),
  };
}

/** Says why requests cannot be answered, or null when they can. */
export type Obstacle = () => Promise<string | null>;

/** Return a check of the database: of its tables until they are complete, then of its answering. */
export function createObstacle(options: BetterAuthOptions, database: Database): Obstacle {
  let complete = false;
  return async () => {
    try {
      if (complete) await database.ping();
      complete ||= await isComplete(options);
      return complete ? null : "Tables are missing in schema auth: run the migration.";
    } catch (error) {
      return `The database does not answer (${errorCode(error)}).`;
    }
  };
}

async function isComplete(options: BetterAuthOptions): Promise<boolean> {
  const { toBeCreated, toBeAdded } = await getMigrations(options);
  return toBeCreated.length + toBeAdded.length === 0;
}
