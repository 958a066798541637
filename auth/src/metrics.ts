/** What Prometheus reads from `/metrics`. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Database } from "./database.ts";

export type Metrics = ReturnType<typeof createMetrics>;

/** Return the counters of one process. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requests: new Counter({
      name: "auth_requests_total",
      help: "Requests by path and status.",
      labelNames: ["path", "status"],
      registers,
    }),
    seconds: new Histogram({
      name: "auth_request_seconds",
      help: "Seconds from a request to its answer.",
      labelNames: ["path"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    rateLimited: new Counter({
      name: "auth_rate_limited_total",
      help: "Requests answered 429, by path.",
      labelNames: ["path"],
      registers,
    }),
    databaseFailures: new Counter({
      name: "auth_database_failures_total",
      help: "Statements and connections that the database failed.",
      registers,
    }),
  };
}

/** Report the pool's connections whenever the registry is read. */
export function watchPool(registry: Registry, database: Database): void {
  new Gauge({
    name: "auth_database_connections",
    help: "Pool connections used and idle, and requests waiting for one.",
    labelNames: ["state"],
    registers: [registry],
    collect() {
      for (const [state, count] of Object.entries(database.use())) this.set({ state }, count);
    },
  });
}
