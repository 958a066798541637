/** One JSON line per event on standard output. */
import type { LogLevel } from "./settings.ts";

const WEIGHT: Record<LogLevel, number> = { debug: 0, info: 1, warning: 2, error: 3, critical: 4 };

/**
 * Write one event with its facts.
 *
 * Facts are never an e-mail address, a password, a token or a cookie: error messages of the
 * database and of Better Auth may quote them, so events carry error codes instead.
 */
export type Log = (level: LogLevel, event: string, facts?: Record<string, unknown>) => void;

/** Return a log that leaves out what is below `least`. */
export function createLog(least: LogLevel): Log {
  return (level, event, facts) => {
    if (WEIGHT[level] < WEIGHT[least]) return;
    process.stdout.write(
      `${JSON.stringify({ ts: new Date().toISOString(), level, event, ...facts })}\n`,
    );
  };
}

/** Return what may be logged of an error: its code or, without one, its class. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
