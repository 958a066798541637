/** Better Auth behind a few promised paths, with a true answer when the database fails. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "./database.ts";

const SIGN_UP = "/api/auth/sign-up/email";

/** What is served of Better Auth, each path with its method: specs/002-sign-in/contracts. */
export const ENDPOINTS: ReadonlyMap<string, "GET" | "POST"> = new Map([
  [SIGN_UP, "POST"],
  ["/api/auth/sign-in/email", "POST"],
  ["/api/auth/sign-out", "POST"],
  ["/api/auth/get-session", "GET"],
  ["/api/auth/token", "GET"],
  ["/api/auth/ok", "GET"],
]);

const ATTEMPTS = 4;
const RETRY_FOR_MS = 5_000;

/** Better Auth. */
export type Handler = (request: Request) => Promise<Response>;

/**
 * Return Better Auth's answer, or 503 when the database failed.
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
  const attempts = new URL(request.url).pathname === SIGN_UP ? 1 : ATTEMPTS;
  for (let attempt = 1; ; attempt++) {
    const outcome = await database.watch(() => handler(request.clone()));
    if (!outcome.failed) return withRetryAfter(outcome.result);
    if (attempt === attempts || performance.now() - started > RETRY_FOR_MS) return unavailable();
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

/** RFC 9110 calls it `Retry-After`; Better Auth sends `X-Retry-After` alone. */
function withRetryAfter(response: Response): Response {
  const seconds = response.headers.get("x-retry-after");
  if (seconds !== null) response.headers.set("retry-after", seconds);
  return response;
}
