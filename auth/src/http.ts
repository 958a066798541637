/** HTTP: routes, limits, request ids, one log line and the metrics of every request. */
import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { fromNodeHeaders } from "better-auth/node";
import { ADDRESS_HEADER } from "./auth.ts";
import { clientAddress } from "./client-address.ts";
import type { Database } from "./database.ts";
import { answer, ENDPOINTS, type Handler, refusal } from "./handler.ts";
import { errorCode, type Log } from "./logs.ts";
import type { Metrics } from "./metrics.ts";
import type { Settings } from "./settings.ts";
import type { Obstacle } from "./tables.ts";

const MAX_BODY_BYTES = 32 * 1024;
const PROBES: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);
const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

export type Parts = Readonly<{
  settings: Settings;
  database: Database;
  log: Log;
  metrics: Metrics;
  handler: Handler;
  obstacle: Obstacle;
}>;

/** Return the server, not listening yet. */
export function createHttpServer(parts: Parts): Server {
  const server = createServer(async (request, response) => {
    const started = performance.now();
    const id = requestId(request);
    const path = (request.url ?? "/").split("?", 1)[0] ?? "/";
    const result = await route(parts, path, request).catch((error) => failure(parts, id, error));
    // A connection that is kept open would hold up a server that is stopping.
    if (!server.listening) response.shouldKeepAlive = false;
    await send(response, id, result);
    record(parts, path, result.status, (performance.now() - started) / 1000, id);
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  // Longer than proxies keep idle connections, so that it is never the server who closes first.
  server.keepAliveTimeout = 65_000;
  return server;
}

async function route(parts: Parts, path: string, request: IncomingMessage): Promise<Response> {
  if (path === "/healthz") return Response.json({ status: "ok" });
  if (path === "/readyz") return readiness(parts.obstacle);
  if (path === "/metrics") return scrape(parts.metrics);

  const method = ENDPOINTS.get(path);
  if (method === undefined) return refusal(404, "NOT_FOUND", "There is nothing at this path.");
  if (method !== request.method) {
    return refusal(405, "METHOD_NOT_ALLOWED", `Use ${method} here.`, { allow: method });
  }
  const body = await readBody(request);
  if (body === null) {
    return refusal(413, "TOO_LARGE", `A request has at most ${MAX_BODY_BYTES} bytes.`);
  }
  const headers = fromNodeHeaders(request.headers);
  headers.set(ADDRESS_HEADER, clientAddress(request, parts.settings.trustedProxyHops));
  const url = new URL(request.url ?? "/", parts.settings.publicUrl);
  const init =
    method === "POST" && body.length > 0 ? { method, headers, body } : { method, headers };
  return answer(parts.handler, parts.database, new Request(url, init));
}

async function readiness(obstacle: Obstacle): Promise<Response> {
  const reason = await obstacle();
  return reason === null ? Response.json({ status: "ready" }) : refusal(503, "NOT_READY", reason);
}

async function scrape({ registry }: Metrics): Promise<Response> {
  const headers = { "content-type": registry.contentType };
  return new Response(await registry.metrics(), { headers });
}

/** Return the body, or null when it is too large; a client still sending would miss the answer. */
async function readBody(request: IncomingMessage) {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(chunks);
}

function failure({ log }: Parts, id: string, error: unknown): Response {
  if (errorCode(error) === "ECONNRESET") {
    return refusal(400, "INCOMPLETE", "The request ended before its body.");
  }
  log("error", "request failed", { request_id: id, error: errorCode(error) });
  return refusal(500, "INTERNAL", "Something went wrong here. Try again.");
}

async function send(response: ServerResponse, id: string, result: Response): Promise<void> {
  response.statusCode = result.status;
  response.setHeader("x-request-id", id);
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  for (const [name, value] of result.headers) {
    if (name === "set-cookie") response.appendHeader(name, value);
    else response.setHeader(name, value);
  }
  response.end(Buffer.from(await result.arrayBuffer()));
}

/** Return the id that joins this request with its caller's logs; a strange one is replaced. */
function requestId(request: IncomingMessage): string {
  const given = request.headers["x-request-id"];
  return typeof given === "string" && /^[\w.:-]{1,100}$/.test(given) ? given : randomUUID();
}

function record(parts: Parts, path: string, status: number, seconds: number, id: string): void {
  const { log, metrics } = parts;
  // A path that somebody made up may hold anything, and would be one more time series.
  const known = ENDPOINTS.has(path) || PROBES.has(path) ? path : "other";
  metrics.requests.inc({ path: known, status });
  metrics.seconds.observe({ path: known }, seconds);
  if (status === 429) metrics.rateLimited.inc({ path: known });

  const level = status >= 500 ? "error" : PROBES.has(path) ? "debug" : "info";
  const refused = path === "/api/auth/sign-in/email" && REFUSED.has(status);
  const event = refused ? "sign-in refused" : "request answered";
  log(level, event, { request_id: id, path: known, status, ms: Math.round(seconds * 1000) });
}
