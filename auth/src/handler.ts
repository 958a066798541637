/** Better Auth behind a few promised paths, with a true answer when the database fails. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";

/** The part of Better Auth that the web page and the command line use; nothing else is served. */
const PATHS = new Set([
  "/api/auth/sign-up/email",
  "/api/auth/sign-in/email",
  "/api/auth/sign-out",
  "/api/auth/get-session",
  "/api/auth/token",
  "/api/auth/ok",
]);

const ATTEMPTS = 4;
const RETRY_FOR_MS = 5_000;

type Handler = (request: Request) => Promise<Response>;

/** Whether `path` is one that `answer` can be asked for. */
export function isServed(path: string): boolean {
  return PATHS.has(path);
}

/**
 * Answer as Better Auth does, or 503 when the database failed.
 *
 * What may be repeated is tried again first, with jitter. A sign-up may not: if its commit was
 * lost on the way, the second try would call the address taken.
 */
export async function answer(
  handler: Handler,
  database: Database,
  request: Request,
): Promise<Response> {
  const started = performance.now();
  const repeatable = !request.url.includes("/sign-up/");
  for (let attempt = 1; ; attempt++) {
    const outcome = await database.watch(() => handler(request.clone()));
    if (!outcome.failed) return withRetryAfter(outcome.result);
    const late = performance.now() - started > RETRY_FOR_MS;
    if (!repeatable || late || attempt === ATTEMPTS) return unavailable();
    await sleep(Math.random() * 100 * 2 ** attempt);
  }
}

/** Return an error in the form that Better Auth's clients understand. */
export function refusal(status: number, code: string, message: string, headers = {}): Response {
  return Response.json({ code, message }, { status, headers });
}

function unavailable(): Response {
  const message = "Sign-in is not available at the moment. Try again in a few seconds.";
  return refusal(503, "UNAVAILABLE", message, { "retry-after": "2" });
}

/** RFC 9110 calls it `Retry-After`; Better Auth only sends `X-Retry-After`. */
function withRetryAfter(response: Response): Response {
  const seconds = response.headers.get("x-retry-after");
  if (seconds !== null) response.headers.set("retry-after", seconds);
  return response;
}
