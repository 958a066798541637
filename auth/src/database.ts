/** The connection pool: survives lost connections and tells which request suffered from one. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { PostgresPool, PostgresPoolClient } from "kysely";
import pg from "pg";

const TIMEOUT_MS = 10_000;

/** SQLSTATE classes that are about the values of a statement, not about the database's health. */
const ABOUT_VALUES = /^(22|23|54)/;

type Attempt = { failed: boolean };
const attempts = new AsyncLocalStorage<Attempt>();

/**
 * PostgreSQL as Kysely uses it.
 *
 * Better Auth reads a failed query as "no such session", which would sign people out whenever a
 * connection is lost. `watch` tells such an answer from a true one, for its own work alone.
 */
export class Database implements PostgresPool {
  readonly options: pg.PoolConfig;
  readonly #pool: pg.Pool;
  readonly #onFailure: (error: unknown) => void;

  constructor(url: string, onFailure: (error: unknown) => void) {
    this.options = {
      connectionString: url,
      application_name: "todo-chatbot-auth",
      max: 5,
      keepAlive: true,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: TIMEOUT_MS,
      // statement_timeout would be a startup parameter, which transaction poolers refuse.
      query_timeout: TIMEOUT_MS,
    };
    this.#onFailure = onFailure;
    this.#pool = new pg.Pool(this.options);
    // Without a listener, a connection that is lost while nobody waits for it ends the process.
    this.#pool.on("error", onFailure);
    this.#pool.on("connect", (client) => client.on("error", () => {}));
  }

  /** Run `work` and say whether the database failed it, whatever it made of that. */
  async watch<T>(work: () => Promise<T>): Promise<{ result: T; failed: false } | { failed: true }> {
    const attempt: Attempt = { failed: false };
    try {
      const result = await attempts.run(attempt, work);
      return attempt.failed ? { failed: true } : { result, failed: false };
    } catch (error) {
      if (attempt.failed) return { failed: true };
      throw error;
    }
  }

  async connect(): Promise<PostgresPoolClient> {
    const client = await this.#noticing(this.#pool.connect());
    let broken = false;
    const query = async (text: string, values: readonly unknown[]) => {
      try {
        return await this.#noticing(client.query(text, [...values]));
      } catch (error) {
        // After a timeout the server may still be busy with the old statement.
        broken ||= !(error instanceof pg.DatabaseError);
        throw error;
      }
    };
    return {
      // Kysely's other overload takes a cursor, for streams, which Better Auth does not use.
      query: query as unknown as PostgresPoolClient["query"],
      release: (destroy) => client.release(destroy || broken),
    };
  }

  /** Reach the server, or throw. */
  async ping(): Promise<void> {
    await this.#pool.query("select 1");
  }

  /** Connections in use, idle, and requests waiting for one. */
  use(): { used: number; idle: number; waiting: number } {
    const { totalCount, idleCount, waitingCount } = this.#pool;
    return { used: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
  }

  async end(): Promise<void> {
    await this.#pool.end();
  }

  async #noticing<T>(answer: Promise<T>): Promise<T> {
    const attempt = attempts.getStore();
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && ABOUT_VALUES.test(error.code ?? ""))) {
        if (attempt) attempt.failed = true;
        this.#onFailure(error);
      }
      throw error;
    }
  }
}
