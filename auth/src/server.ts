/** `node server.mjs`: the sign-in service. */
import type { AddressInfo } from "node:net";
import { betterAuth } from "better-auth";
import { authOptions } from "./auth.ts";
import { Database } from "./database.ts";
import { createHttpServer } from "./http.ts";
import { createLog, errorCode } from "./logs.ts";
import { createMetrics, watchPool } from "./metrics.ts";
import { BadSetting, readSettings, type Settings } from "./settings.ts";
import { createObstacle } from "./tables.ts";

/** How long a stopping server waits for open requests. */
const STOP_MS = 10_000;

function start(settings: Settings): void {
  const log = createLog(settings.logLevel);
  const metrics = createMetrics();
  const database = new Database(settings.databaseUrl, (error) => {
    metrics.databaseFailures.inc();
    log("warning", "database failed", { error: errorCode(error) });
  });
  watchPool(metrics.registry, database);

  const options = authOptions(settings, database);
  const { handler } = betterAuth(options);
  const obstacle = createObstacle(options, database);
  const server = createHttpServer({ settings, database, log, metrics, handler, obstacle });
  server.on("error", (error) => {
    process.stderr.write(
      `Cannot listen on ${settings.host}, PORT ${settings.port}: ${errorCode(error)}\n`,
    );
    process.exit(1);
  });
  server.listen(settings.port, settings.host, () => {
    const { address, port } = server.address() as AddressInfo;
    log("info", "listening", { host: address, port });
  });

  const stop = () => {
    log("info", "stopping");
    setTimeout(() => {
      log("error", "stopped with requests open");
      process.exit(1);
    }, STOP_MS).unref();
    server.close(async () => {
      await database.end();
      log("info", "stopped");
      process.exit(0);
    });
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Better Auth leaves some work unawaited; a lost connection there must not end the process.
  process.on("unhandledRejection", (error) => {
    log("error", "unhandled rejection", { error: errorCode(error) });
  });
}

try {
  start(readSettings(process.env));
} catch (error) {
  if (!(error instanceof BadSetting)) throw error;
  process.stderr.write(`The sign-in service cannot start: ${error.message}\n`);
  process.exitCode = 78;
}
