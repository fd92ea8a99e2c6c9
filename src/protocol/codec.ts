import { decodeCall, isCallNumber, isPageUrl, isTabId } from "./call-codec.ts";
import { isRecord } from "./is-record.ts";
import { CLIENT_LIMITS, LIMITS } from "./limits.ts";
import type {
  AckFrame,
  ClientFrame,
  HelloFrame,
  LocationFrame,
  PageState,
  RestoreFrame,
  ServerFrame,
} from "./messages.ts";
import { SAME_PAGE } from "./names.ts";

/** A frame that was understood, or why it was not. */
export type Decoded<Frame> =
  | { readonly kind: "frame"; readonly frame: Frame }
  /** Not a frame of this protocol: the socket that sent it cannot be trusted further. */
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "too-large"; readonly chars: number }
  /** A call whose number is known, so that its caller can be told. */
  | { readonly kind: "bad-call"; readonly number: number; readonly reason: string };

/** Writes a frame of either side as the text that travels. Calls are written by `encodeCall`. */
export function encode(frame: HelloFrame | AckFrame | LocationFrame | RestoreFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

/**
 * Reads what a browser sent. Bounds everything by {@link LIMITS}; never throws. Items behind those that are known are a
 * later version's, and mean nothing here.
 *
 * @param text the text frame as received, of any length and content
 */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  if (text.length > CLIENT_LIMITS.clientFrameChars) return { kind: "too-large", chars: text.length };
  const value = parseJson(text);
  if (!Array.isArray(value)) return malformed("a frame is a JSON array");
  switch (value[0]) {
    case "h":
      return decodeHello(value);
    case "a":
      return decodeAck(value);
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
  const isPush = kind === "p" && isCallNumber(items[0]);
  const isRefusal = kind === "e" && isCallNumber(items[0]) && typeof items[1] === "string";
  const isWelcome = kind === "w" && typeof items[1] === "string";
  const [head] = items;
  const hasHead =
    typeof head === "string" || (typeof head === "object" && head !== null && !Array.isArray(head));
  // Behind the number and the digest of a push, or what a reply says to its caller.
  const updates = items.slice(isPush ? 2 : Number(hasHead));
  const isUpdates = (isPush || isCallNumber(kind)) && updates.every(Array.isArray);
  // The envelope is checked here, and what follows in it was written by this package's own encoder.
  return isRefusal || isWelcome || isUpdates ? (value as unknown as ServerFrame) : undefined;
}

function decodeCallFrame(value: readonly unknown[]): Decoded<ClientFrame> {
  const decoded = decodeCall(value);
  if (decoded === undefined) return malformed("a frame begins with its kind, or with the number of a call");
  return "call" in decoded ? frame({ kind: "call", ...decoded }) : { kind: "bad-call", ...decoded };
}

function decodeHello(value: readonly unknown[]): Decoded<ClientFrame> {
  const [, version, tab, seen, low, url, state, given] = value;
  if (!isCount(version) || !isTabId(tab) || !isCount(seen) || !isCount(low))
    return malformed('a hello is ["h", version, tab, seen, low, url, state, positions]');
  const place = decodePlace(url, state);
  const positions = decodePositions(given);
  if (positions === undefined) return malformed("positions are texts by the keys of topics");
  return "reason" in place ? place : frame({ kind: "hello", version, tab, seen, low, ...place, positions });
}

/** `undefined` for what is none: of a client that is older, there are none. */
function decodePositions(given: unknown): ReadonlyMap<string, string> | undefined {
  if (given === undefined) return new Map();
  if (!isRecord(given)) return undefined;
  const positions = Object.entries(given);
  const isShort = (text: unknown) => typeof text === "string" && text.length <= LIMITS.positionChars;
  const isRight = ([key, text]: readonly [string, unknown]) => isShort(key) && isShort(text);
  if (positions.length > CLIENT_LIMITS.keptPositions || !positions.every(isRight)) return undefined;
  return new Map(positions as readonly (readonly [string, string])[]);
}

function decodeAck([, low, seen]: readonly unknown[]): Decoded<ClientFrame> {
  if (!isCount(low) || !(seen === undefined || isCount(seen)))
    return malformed('an acknowledgement is ["a", number, seen]');
  return frame({ kind: "ack", low, seen });
}

function decodeLocation([, url, state]: readonly unknown[]): Decoded<ClientFrame> {
  const place = decodePlace(url, state);
  return "reason" in place ? place : frame({ kind: "location", ...place });
}

type Place = { readonly url: string; readonly state: PageState | undefined };

function decodePlace(url: unknown, state: unknown): Place | Extract<Decoded<never>, { kind: "malformed" }> {
  if (typeof url !== "string" || !isPageUrl(url)) {
    const limit = CLIENT_LIMITS.urlChars;
    return malformed(
      `a url is a path and a query of this site, percent-encoded, of at most ${limit} characters`,
    );
  }
  if (state === undefined) return { url, state: undefined };
  if (state === "") return { url, state: { digest: undefined, visit: "" } };
  if (state === SAME_PAGE) return { url, state: { digest: undefined, visit: "", isSame: true } };
  // Two halves of a digest and the name of the visit, in base 36. Here, so that the client is not shipped it.
  const pattern = /^(?<digest>[0-9a-z]{1,7}-[0-9a-z]{1,7})(?:-(?<visit>[0-9a-z]{1,7}))?$/;
  const groups = typeof state === "string" ? pattern.exec(state)?.groups : undefined;
  if (groups === undefined) return malformed("a state is what the page said of itself");
  const { digest, visit = "" } = groups;
  return { url, state: { digest, visit } };
}

function decodeRestore(value: readonly unknown[]): Decoded<ClientFrame> {
  const [, address] = value;
  const isAddress = typeof address === "string" && address.length <= LIMITS.addressChars;
  if (!isAddress)
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

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function malformed(reason: string): Extract<Decoded<never>, { kind: "malformed" }> {
  return { kind: "malformed", reason };
}
