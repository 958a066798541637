/** Whose request it is, for rate limits: an address that the client cannot choose. */
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * Return the address that the outermost trusted proxy saw, or with no proxies the peer's own.
 *
 * Each proxy appends the address it was called from, so with `hops` proxies the entry that many
 * places before the peer is the client's; what the client wrote itself stands further left. A
 * chain too short came past the proxies: then only the peer's address is certain.
 */
export function clientAddress(request: IncomingMessage, hops: number): string {
  const peer = request.socket.remoteAddress ?? "";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "").split(",");
  const vouched = hops > 0 ? (forwarded.at(-hops)?.trim() ?? "") : peer;
  return isIP(vouched) ? vouched : peer;
}
