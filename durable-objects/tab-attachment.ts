import { LIMITS } from "../src/protocol/limits.ts";

/** Headers of the upgrade that page renders over this socket see again, as a GET of the same browser would have them. */
const KEPT_HEADERS = ["Accept-Language", "Cookie", "User-Agent"] as const;

/** What a socket remembers while its object sleeps. Read and written as a whole; at most 16,384 bytes. */
export interface TabAttachment {
  readonly version: 1;
  /** Scheme and host of the site, from the upgrade. */
  readonly origin: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Path and query of the page that the tab shows; absent until the tab has said. */
  readonly url?: string;
}

/** What is to be remembered of an upgrade, or `undefined` when its headers are larger than a socket can keep. */
export function attachmentFor(request: Request): TabAttachment | undefined {
  const headers = KEPT_HEADERS.map((name) => [name, request.headers.get(name) ?? ""] as const);
  const sent = headers.filter(([, value]) => value !== "");
  const bytes = sent.reduce((sum, [name, value]) => sum + name.length + clonedBytes(value), 0);
  if (bytes > LIMITS.socketHeaderBytes) return undefined;
  return { version: 1, origin: new URL(request.url).origin, headers: sent };
}

/** Structured clone writes a text beyond Latin-1 with two bytes a character. */
function clonedBytes(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of Latin-1
  return /^[\u0000-\u00ff]*$/.test(text) ? text.length : 2 * text.length;
}

/** What this socket remembers. A format that this code does not know counts as nothing remembered. */
export function readAttachment(socket: WebSocket): TabAttachment | undefined {
  const value: unknown = socket.deserializeAttachment();
  const isKnown = typeof value === "object" && value !== null && "version" in value && value.version === 1;
  // Only writeAttachment writes attachments, and version 1 has this shape.
  return isKnown ? (value as TabAttachment) : undefined;
}

export function writeAttachment(socket: WebSocket, attachment: TabAttachment): void {
  socket.serializeAttachment(attachment);
}
