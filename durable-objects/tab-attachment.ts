import { LIMITS } from "../src/protocol/limits.ts";
import { BEFORE_PARAM } from "../src/protocol/names.ts";
import { regionOf } from "../src/topics/region.ts";
import type { PageAsked, PageCause } from "../src/turn/turn-end.ts";
import { FORGOTTEN, type KeptTopic } from "./tab-topics.ts";

/** Headers of the upgrade that page renders over this socket see again, as a GET of the same browser would have them. */
const KEPT_HEADERS = ["Accept-Language", "Cookie", "User-Agent"] as const;

/** What a socket remembers while its object sleeps. Read and written as a whole; at most 16,384 bytes. */
export interface TabAttachment {
  readonly version: 3;
  /** Names the page load; absent for clients that have no name for it. */
  readonly tab?: string;
  /** The version of the protocol that its client speaks, where that is 3 or later. */
  readonly protocol?: number;
  /** The page load that the tab showed before this one. */
  readonly before?: string;
  /** The cookie of the upgrade was of no use: the browser was being given another. */
  readonly hasOldCookie?: boolean;
  /** True once the socket was closed since the session is another's. */
  readonly isShutOut?: boolean;
  /** The calls that were answered last: a second copy of one that writes nothing is not to be run. */
  readonly answered?: readonly number[];
  /** How many frames with updates the page load was sent. */
  readonly sent: number;
  /** Every call below this number has its answer; absent: none is known to have. */
  readonly low?: number;
  /** Scheme and host of the site, from the upgrade. */
  readonly origin: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Path and query of the page that the tab shows; absent until the tab has said. */
  readonly url?: string;
  /** Stands for what the tab shows; absent when that is not known. */
  readonly digest?: string;
  /** The templates that the tab was told of, joined by commas: the latest ones, as many as are kept. */
  readonly templates: string;
  /** What the tab's last turn handed to its page; absent before the first, and when it cannot be kept. */
  readonly last?: LastTurn;
  /** Where the visitor is, as a location hint of the platform; absent: nobody knows. */
  readonly region?: string;
  /** When the tab was found silent, in milliseconds since 1970, and nobody knew for how long; absent: a frame has come since. */
  readonly doubtedAt?: number | undefined;
  /** True for an open tab that was not brought up to date, since it did not read what it was sent. */
  readonly hasMissed?: boolean;
  /** The topics that the tab rests on; absent: none. */
  readonly topics?: readonly KeptTopic[] | typeof FORGOTTEN | undefined;
}

/** What later renders of a tab that no call of it causes are told. */
export interface LastTurn {
  readonly assigns: Record<string, unknown>;
  readonly cause: PageCause;
  /** How its action asked for the page; absent: for the tab's own, as its browser would. */
  readonly asked?: PageAsked;
}

/** What is kept of a turn whose assigns cannot be: which page it rendered, if not the tab's own, and how it asked for it. */
export function leastOf(last: LastTurn | undefined): LastTurn | undefined {
  return last?.asked === undefined ? undefined : { ...last, assigns: {} };
}

/** What is to be remembered of an upgrade, or `undefined` when its headers are larger than a socket can keep. */
export function attachmentFor(request: Request): TabAttachment | undefined {
  const headers = KEPT_HEADERS.map((name) => [name, request.headers.get(name) ?? ""] as const);
  const sent = headers.filter(([, value]) => value !== "");
  if (!fitsSocket(sent)) return undefined;
  const { origin, searchParams } = new URL(request.url);
  const before = searchParams.get(BEFORE_PARAM);
  const isName = before !== null && /^[0-9a-z]{1,32}$/.test(before);
  const region = regionOf(request.cf);
  return {
    version: 3,
    sent: 0,
    origin,
    headers: sent,
    templates: "",
    ...(isName ? { before } : {}),
    ...(region === undefined ? {} : { region }),
  };
}

/** True for headers that a socket can keep. */
export function fitsSocket(headers: TabAttachment["headers"]): boolean {
  const bytes = headers.reduce((sum, [name, value]) => sum + name.length + clonedBytes(value), 0);
  return bytes <= LIMITS.socketHeaderBytes;
}

/** Structured clone writes a text beyond Latin-1 with two bytes a character. */
function clonedBytes(text: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of Latin-1
  return /^[\u0000-\u00ff]*$/.test(text) ? text.length : 2 * text.length;
}

/** What this socket remembers. A format that this code does not know counts as nothing remembered. */
export function readAttachment(socket: WebSocket): TabAttachment | undefined {
  const value: unknown = socket.deserializeAttachment();
  if (typeof value !== "object" || value === null || !("version" in value)) return undefined;
  // Only writeAttachment writes attachments. Those of version 1 lack the templates; none before this one counted.
  if (value.version === 1) return { ...(value as TabAttachment), version: 3, sent: 0, templates: "" };
  if (value.version === 2) return { ...(value as TabAttachment), version: 3, sent: 0 };
  return value.version === 3 ? (value as TabAttachment) : undefined;
}

/**
 * Keeps everything, or all but what there is no room for: the topics, which a render of the page tells again, then what the
 * application's last turn handed to its page, which may be of any size and kind.
 */
export function writeAttachment(socket: WebSocket, attachment: TabAttachment): void {
  const { last, ...rest } = attachment;
  for (const way of new Set([last, leastOf(last), undefined])) {
    const kept = way === undefined ? rest : { ...rest, last: way };
    if (tryWrite(socket, kept)) return;
    if (kept.topics !== undefined && tryWrite(socket, { ...kept, topics: FORGOTTEN })) return;
  }
  const { topics: _, ...bare } = rest;
  socket.serializeAttachment(bare);
}

function tryWrite(socket: WebSocket, attachment: TabAttachment): boolean {
  try {
    socket.serializeAttachment(attachment);
    return true;
  } catch {
    // Too large, or nothing that can be copied.
    return false;
  }
}
