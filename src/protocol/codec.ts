import { decodeCall, isCallNumber } from "./call-codec.ts";
import { CLIENT_LIMITS, LIMITS } from "./limits.ts";
import type { ClientFrame, LocationFrame, RestoreFrame, ServerFrame } from "./messages.ts";

/** A frame that was understood, or why it was not. */
export type Decoded<Frame> =
  | { readonly kind: "frame"; readonly frame: Frame }
  /** Not a frame of this protocol: the socket that sent it cannot be trusted further. */
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "too-large"; readonly chars: number }
  /** A call whose number is known, so that its caller can be told. */
  | { readonly kind: "bad-call"; readonly number: number; readonly reason: string };

/** A path and query as browsers write them; `//host` and `/\host` would leave the site. */
const SITE_URL = /^\/(?![/\\])[\x21-\x7e]*$/;

/** True for what a location frame can carry. */
export function isPageUrl(url: string): boolean {
  return url.length <= CLIENT_LIMITS.urlChars && SITE_URL.test(url);
}

/** Writes a frame of either side as the text that travels. Calls are written by `encodeCall`. */
export function encode(frame: LocationFrame | RestoreFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

/**
 * Reads what a browser sent. Bounds everything by {@link LIMITS}; never throws.
 *
 * @param text the text frame as received, of any length and content
 */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  if (text.length > CLIENT_LIMITS.clientFrameChars) return { kind: "too-large", chars: text.length };
  const value = parseJson(text);
  if (!Array.isArray(value)) return malformed("a frame is a JSON array");
  switch (value[0]) {
    case "l":
      return decodeLocation(value);
    case "s":
      return decodeRestore(value);
    default:
      return decodeCallFrame(value);
  }
}

/**
 * Reads what the server sent. The server is trusted for content, so only the envelope is checked: enough to
 * notice a proxy or a foreign server at the other end. Returns `undefined` for anything else; never throws.
 */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value)) return undefined;
  const [kind, ...items] = value;
  const isRefusal = kind === "e" && isCallNumber(items[0]) && typeof items[1] === "string";
  const isUpdates = (kind === "p" || isCallNumber(kind)) && items.every(Array.isArray);
  // The envelope is checked here, and what follows in it was written by this package's own encoder.
  return isRefusal || isUpdates ? (value as unknown as ServerFrame) : undefined;
}

function decodeCallFrame(value: readonly unknown[]): Decoded<ClientFrame> {
  const decoded = decodeCall(value);
  if (decoded === undefined) return malformed("a frame begins with its kind, or with the number of a call");
  return "call" in decoded ? frame({ kind: "call", ...decoded }) : { kind: "bad-call", ...decoded };
}

function decodeLocation(value: readonly unknown[]): Decoded<ClientFrame> {
  const [, url, state] = value;
  if (typeof url !== "string" || value.length > 3) return malformed('a location is ["l", url, state]');
  if (url.length > CLIENT_LIMITS.urlChars)
    return malformed(`a url has at most ${CLIENT_LIMITS.urlChars} characters`);
  if (!SITE_URL.test(url)) return malformed("a url is a path and a query of this site, percent-encoded");
  if (state === undefined) return frame({ kind: "location", url, state: undefined });
  if (state === "") return frame({ kind: "location", url, state: { digest: undefined, visit: "" } });
  // Two halves of a digest and the name of the visit, in base 36. Here, so that the client is not shipped it.
  const pattern = /^(?<digest>[0-9a-z]{1,7}-[0-9a-z]{1,7})-(?<visit>[0-9a-z]{1,7})$/;
  const groups = typeof state === "string" ? pattern.exec(state)?.groups : undefined;
  if (groups === undefined) return malformed("a state is what the page said of itself");
  const { digest = "", visit = "" } = groups;
  return frame({ kind: "location", url, state: { digest, visit } });
}

function decodeRestore(value: readonly unknown[]): Decoded<ClientFrame> {
  const [, address] = value;
  const isAddress = typeof address === "string" && address.length <= LIMITS.addressChars;
  if (!isAddress || value.length !== 2)
    return malformed(`a request to restore is ["s", address], of at most ${LIMITS.addressChars} characters`);
  return frame({ kind: "restore", address });
}

function frame(frame: ClientFrame): Decoded<ClientFrame> {
  return { kind: "frame", frame };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller sees `undefined`, which no frame is.
    return undefined;
  }
}

function malformed(reason: string): Decoded<never> {
  return { kind: "malformed", reason };
}
