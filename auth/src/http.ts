/** HTTP: routes, limits, request ids, one log line and the metrics of every request. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fromNodeHeaders } from "better-auth/node";
import { ADDRESS_HEADER } from "./auth.ts";
import { clientAddress } from "./client-address.ts";
import type { Database } from "./database.ts";
import { answer, isServed, refusal } from "./handler.ts";
import { errorCode, type Log } from "./logs.ts";
import type { Metrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";

const MAX_BODY_BYTES = 32 * 1024;
const PROBES = new Set(["/healthz", "/readyz", "/metrics"]);

export type Parts = Readonly<{
  settings: Settings;
  database: Database;
  log: Log;
  metrics: Metrics;
  /** Better Auth. */
  handler: (request: Request) => Promise<Response>;
  /** Throws unless requests can be answered. */
  checkReady: () => Promise<void>;
}>;

/** Return the server, not listening yet. */
export function createHttpServer(parts: Parts): Server {
  const server = createServer((request, response) => void serve(parts, server, request, response));
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  // Longer than proxies keep idle connections, so that it is never the server who closes first.
  server.keepAliveTimeout = 65_000;
  return server;
}

async function serve(
  parts: Parts,
  server: Server,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const started = performance.now();
  const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
  const id = requestId(request);
  response.setHeader("x-request-id", id);
  let status: number;
  try {
    const result = await route(parts, path, request);
    status = result.status;
    // A connection that stays open would hold up a server that is stopping.
    if (!server.listening) response.shouldKeepAlive = false;
    await send(response, result);
  } catch (error) {
    status = 500;
    parts.log("error", "request failed", { request_id: id, error: errorCode(error) });
    await send(response, refusal(500, "INTERNAL", "Something went wrong here. Try again."));
  }
  record(parts, path, status, (performance.now() - started) / 1000, id);
}

async function route(parts: Parts, path: string, request: IncomingMessage): Promise<Response> {
  if (path === "/healthz") return Response.json({ status: "ok" });
  if (path === "/readyz") return readiness(parts);
  if (path === "/metrics") return new Response(await parts.metrics.registry.metrics());
  if (!isServed(path)) return refusal(404, "NOT_FOUND", "There is nothing at this path.");
  const body = await readBody(request);
  if (body === "too large") {
    return refusal(413, "TOO_LARGE", `A request has at most ${MAX_BODY_BYTES} bytes.`);
  }
  const headers = fromNodeHeaders(request.headers);
  headers.set(ADDRESS_HEADER, clientAddress(request, parts.settings.trustedProxyHops));
  const method = request.method ?? "GET";
  const url = new URL(request.url ?? "/", parts.settings.publicUrl);
  const init = { method, headers, ...(body.length > 0 ? { body } : {}) };
  return answer(parts.handler, parts.database, new Request(url, init));
}

async function readiness({ checkReady, log }: Parts): Promise<Response> {
  try {
    await checkReady();
    return Response.json({ status: "ready" });
  } catch (error) {
    log("warning", "not ready", { error: errorCode(error) });
    return refusal(503, "NOT_READY", "The database or its tables are not there yet.");
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | "too large"> {
  const parts: Buffer[] = [];
  let size = 0;
  // Read to the end in any case: a client that still sends would not see the answer.
  for await (const part of request) {
    size += part.length;
    if (size <= MAX_BODY_BYTES) parts.push(part);
  }
  return size > MAX_BODY_BYTES ? "too large" : Buffer.concat(parts);
}

async function send(response: ServerResponse, result: Response): Promise<void> {
  response.statusCode = result.status;
  response.setHeader("cache-control", "no-store");
  response.setHeader("x-content-type-options", "nosniff");
  for (const [name, value] of result.headers) {
    if (name === "set-cookie") response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  response.end(Buffer.from(await result.arrayBuffer()));
}

function requestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

function record(parts: Parts, path: string, status: number, seconds: number, id: string): void {
  const { log, metrics } = parts;
  const known = isServed(path) || PROBES.has(path) ? path : "other";
  metrics.requests.inc({ path: known, status });
  metrics.seconds.observe({ path: known }, seconds);
  if (status === 429) metrics.rateLimited.inc({ path: known });
  const refused = known === "/api/auth/sign-in/email" && status >= 400 && status < 500;
  log(
    PROBES.has(known) ? "debug" : status >= 500 ? "error" : "info",
    refused ? "sign-in refused" : "request answered",
    { request_id: id, path: known, status, ms: Math.round(seconds * 1000) },
  );
}
