import { SUBPROTOCOL } from "../protocol/names.ts";
import type { UpgradeRefusalCode } from "../protocol/refusals.ts";

/**
 * Checks what an upgrade says of itself before anything is done for it. The `Origin` matters most: browsers send
 * cookies with cross-origin upgrades, and no same-origin policy stops the socket (cross-site WebSocket
 * hijacking); the platform does not either.
 *
 * @param allowedOrigins further sites whose pages may open sockets, as `https://host`; the request's own always may
 * @returns why the upgrade is refused, or `undefined`
 */
export function whyNotUpgrade(
  request: Request,
  allowedOrigins: readonly string[],
): UpgradeRefusalCode | undefined {
  if (request.method !== "GET" || !isUpgrade(request)) return "upgrade-required";
  // A browser always sends an Origin with an upgrade; whoever leaves it out is no page of ours.
  if (!isFromSite(request, allowedOrigins)) return "origin-forbidden";
  return offeredBy(request).includes(SUBPROTOCOL) ? undefined : "subprotocol-unknown";
}

/** True for a request whose `Origin` is the site's own, or one of those that are allowed. */
export function isFromSite(request: Request, allowedOrigins: readonly string[]): boolean {
  const origin = request.headers.get("Origin");
  return origin !== null && (origin === new URL(request.url).origin || allowedOrigins.includes(origin));
}

/** The major version of this protocol that the upgrade asks for, when it is one that this code does not speak. */
export function otherVersionOf(request: Request): string | undefined {
  return offeredBy(request).find((name) => /^reflex\.v\d{1,9}$/.test(name));
}

function offeredBy(request: Request): readonly string[] {
  return (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((name) => name.trim());
}

/** True when the request asks to become a WebSocket. */
export function isUpgrade(request: Request): boolean {
  return request.headers.get("Upgrade")?.toLowerCase() === "websocket";
}
