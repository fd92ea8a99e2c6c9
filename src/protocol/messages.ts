import type { FragmentPatch } from "./patch.ts";
import type { CallRefusalCode } from "./refusals.ts";
import type { TemplatePiece } from "./wire-view.ts";

/**
 * The frames of `reflex.v1`: JSON arrays. Positional, since every byte of a small update is an envelope byte; kinds are
 * one letter, and calls and their replies, the most frequent frames, begin with the call's number.
 */

/** What the browser tells of the element that triggered a call. */
export type ElementSnapshot = readonly [
  /** Lower-case tag name. */
  tag: string,
  /** Every attribute, as written, but for `data-reflex` and addresses, which say what the server knows. */
  attributes: Readonly<Record<string, string>>,
  /** The live value of a form control; absent for other elements, and for buttons, whose value is their attribute. */
  value?: string,
  /** Whether a checkbox or radio button is checked; or the selected values of a `<select multiple>`, in document order. */
  state?: boolean | readonly string[],
];

/** What a call carries beside its number and target. Absent members mean: none. */
export interface CallDetail {
  readonly element?: ElementSnapshot | undefined;
  /** The fields of the element's form in document order, names repeated as they occur. */
  readonly form?: readonly FormField[] | undefined;
  /** JSON values, passed to the action in order. */
  readonly args?: readonly unknown[] | undefined;
  /** Selectors, separated by commas: what a page morph is limited to. */
  readonly root?: string | undefined;
  /** What few calls carry. */
  readonly more?: CallMore | undefined;
}

/** What a call carries beyond its element, form and arguments, because the page asks for it. */
export interface CallMore {
  /** The `data-` attributes that `data-reflex-dataset` collects, by their full names; the element's own come first. */
  readonly dataset?: Readonly<Record<string, string>>;
  /** The same of `data-reflex-dataset-all`: every value that an attribute has, in the order of the tokens. */
  readonly datasetAll?: Readonly<Record<string, readonly string[]>>;
  /** The values of all checked boxes of the element's name and form, in document order, when there are several of that name. */
  readonly values?: readonly string[];
  /** The element's inner HTML. */
  readonly html?: string;
  /** The element's text content. */
  readonly text?: string;
  /** Fields that a listener of `reflex:before` has added to those of the form. */
  readonly params?: readonly FormField[];
  /** The element of the Stimulus controller that made the call. */
  readonly controller?: ElementSnapshot;
  /** 1: neither side is to log the call. */
  readonly quiet?: 1;
}

/** A field of a form. `upload`: of a file, the ticket under which it was uploaded; `value` is then its name. */
export type FormField = readonly [name: string, value: string, upload?: string];

/**
 * Browser → server, the first frame of a socket. `version`: of the protocol. `tab` names the page load. `seen` counts the
 * frames with updates that it has applied. Every call below `low` has its answer. `url` and `state` as in a location; of a
 * page that has changed, `state` is the digest that the last push told, or empty. `positions`: the last that it was told of
 * each topic.
 */
export type HelloFrame = readonly [
  "h",
  version: number,
  tab: string,
  seen: number,
  low: number,
  url: string,
  state?: string,
  positions?: Positions,
];

/** Places in topics, by the keys of the topics. */
export type Positions = Readonly<Record<string, string>>;

/**
 * Browser → server: the address (path and query) of the page it shows now. First frame of the sockets of older clients.
 * `state`: what the page said of itself, when it is still as it came; empty when updates have changed it since.
 */
export type LocationFrame = readonly ["l", url: string, state?: string];

/** Browser → server: every call below this number has its answer. `seen`: as in a hello. */
export type AckFrame = readonly ["a", low: number, seen?: number];

/** What a page says of itself. */
export interface PageState {
  /** Stands for what it shows; absent when that is not known to it. */
  readonly digest: string | undefined;
  /** Names the visit in which it was loaded; empty for a page that updates have changed. */
  readonly visit: string;
  /** The page is the one that it was at the address before: an operation has changed that. */
  readonly isSame?: true;
}

/** Browser → server: run an action. */
export interface Call {
  /** Counts the page's calls from 1, and goes on from what an earlier page load left unanswered. */
  readonly number: number;
  /** The page load that made the call, when it was an earlier one of the same browser tab. */
  readonly tab?: string | undefined;
  /** Where the page was when it made the call, when it is somewhere else now. */
  readonly url?: string | undefined;
  /** `Class#action`. */
  readonly target: string;
  readonly detail: CallDetail;
}

/** Browser → server: a patch did not fit the fragment of this address; send it whole. Empty: the page. */
export type RestoreFrame = readonly ["s", address: string];

/** A hello, decoded. */
export interface Hello {
  readonly version: number;
  readonly tab: string;
  readonly seen: number;
  readonly low: number;
  readonly url: string;
  readonly state: PageState | undefined;
  /** By the keys of topics; of older clients empty. */
  readonly positions: ReadonlyMap<string, string>;
}

/** Every frame that a browser sends, decoded. */
export type ClientFrame =
  | ({ readonly kind: "hello" } & Hello)
  | { readonly kind: "ack"; readonly low: number; readonly seen: number | undefined }
  | { readonly kind: "location"; readonly url: string; readonly state: PageState | undefined }
  | { readonly kind: "call"; readonly call: Call }
  | { readonly kind: "restore"; readonly address: string };

/** One thing the page has to do. Updates of a frame apply in order. What begins with no word is a patch. */
export type Update = NamedUpdate | FragmentPatch;

/** Updates that begin with their name. No address begins with a letter. */
export type NamedUpdate =
  /** Bring the content of `<body>` to this HTML; the title is HTML text, absent when the page has none. */
  | readonly ["page", html: string, title?: string]
  /** Set the title to this HTML text. */
  | readonly ["title", html: string]
  /** Bring the content of every element that matches the selector to this HTML; of the first one alone, if so said. */
  | readonly ["inner", selector: string, html: string, isFirstOnly?: 1]
  /** Leave for another address, by http or https. */
  | readonly ["visit", url: string]
  /**
   * Fetch what a socket cannot carry: cookies that the call has set, by a ticket; without one, the session's own with a new
   * date. `isMoved`: the session is another one from then on.
   */
  | readonly ["errand", ticket: string, isMoved?: 1]
  /** Remember how far the page has been told of a topic: its key, and a place in it. Sent to clients of version 5 and later. */
  | readonly ["at", topic: string, position: string]
  /** Learn a template that later views of this connection name. */
  | readonly ["template", name: string, ...pieces: TemplatePiece[]]
  /** Carry out an operation: one explicit instruction, by its name in camel case, and its options. */
  | readonly ["op", operation: string, options: Readonly<Record<string, unknown>>];

/** How a call ended that is no failure and yet not just done: as the first item behind its number. */
export type SpecialOutcome = "nothing" | "halted" | "forbidden";

/** Server → browser: the action ran, or stopped itself; no updates when the page shows it all already. */
export type DoneFrame =
  | readonly [number: number, ...updates: Update[]]
  | readonly [number: number, outcome: SpecialOutcome | ReplyHead, ...updates: Update[]];

/** What a reply says to its caller besides the updates. Sent to clients of version 4 and later. */
export interface ReplyHead {
  /** Absent: done. */
  readonly outcome?: SpecialOutcome | undefined;
  /** What the action hands to its caller: JSON. */
  readonly payload: unknown;
}

/**
 * Server → browser: the action did not run, or failed and left nothing behind. `id` names the call in the server's log;
 * `payload` is what the action handed to its caller before it failed.
 */
export type RefusedFrame = readonly [
  "e",
  number: number,
  code: CallRefusalCode,
  message: string,
  id: string,
  payload?: unknown,
];

/**
 * Server → browser: updates that no call of this tab asked for. `seen`: the number of this frame among those with updates,
 * as the client counts them. `digest` stands for what the page shows then; empty when that is not known.
 */
export type PushFrame = readonly ["p", seen: number, digest: string, ...updates: Update[]];

/** The same to clients of the version before. */
export type OldPushFrame = readonly ["p", ...updates: Update[]];

/** Server → browser, after a hello. `session` names the session, and is no secret; `build` names the client's newest files. */
export type WelcomeFrame = readonly ["w", version: number, session: string, build: string];

/** Every frame that the server sends. */
export type ServerFrame = DoneFrame | RefusedFrame | PushFrame | OldPushFrame | WelcomeFrame;
