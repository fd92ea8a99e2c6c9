import type { Patch } from "./patch.ts";
import type { CallRefusalCode } from "./refusals.ts";

/**
 * The frames of `reflex.v1`: JSON arrays whose first item names the kind. Positional, since every byte of a
 * small update is an envelope byte; one letter, since the kind is in every frame.
 */

/** What the browser tells of the element that triggered a call. */
export interface ElementSnapshot {
  /** Lower-case tag name. */
  readonly tag: string;
  /** Every attribute, as written. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The live value of a form control; absent for other elements. */
  readonly value?: string;
  /** The live state of a checkbox or radio button; absent for other elements. */
  readonly checked?: boolean;
  /** The selected values of a `<select multiple>`, in document order; absent for other elements. */
  readonly values?: readonly string[];
}

/** What a call carries beside its number and target. Absent members mean: none. */
export interface CallDetail {
  readonly element?: ElementSnapshot;
  /** The fields of the element's form in document order, names repeated as they occur. */
  readonly form?: readonly (readonly [name: string, value: string])[];
  /** JSON values, passed to the action in order. */
  readonly args?: readonly unknown[];
}

/** Browser → server: the address (path and query) of the page it shows. First frame of a socket, and again on change. */
export type LocationFrame = readonly ["l", url: string];

/** Browser → server: run an action. `number` counts the page's calls from 1. */
export type CallFrame = readonly ["c", number: number, target: string, detail: CallDetail];

/** Browser → server: the page is not what a patch was made for; send it whole. */
export type RefreshFrame = readonly ["s"];

/** Every frame that a browser sends. */
export type ClientFrame = LocationFrame | CallFrame | RefreshFrame;

/** One thing the page has to do. Updates of a frame apply in order. */
export type Update =
  /** Bring the content of `<body>` to this HTML; the title is HTML text, absent when the page has none. */
  | readonly ["page", html: string, title?: string]
  /** Change what differs from the page that the tab shows. */
  | readonly ["patch", patch: Patch]
  /** Set the title to this HTML text. */
  | readonly ["title", html: string]
  /** Bring the content of every element that matches the selector to this HTML. */
  | readonly ["inner", selector: string, html: string]
  /** Leave for another address, by http or https. */
  | readonly ["visit", url: string];

/** Server → browser: the action ran; `updates` is empty when the page shows it all already. */
export type DoneFrame = readonly ["r", number: number, outcome: "done", updates: readonly Update[]];

/** Server → browser: the action did not run, or failed and left nothing behind. `id` names the call in the server's log. */
export type RefusedFrame = readonly [
  "r",
  number: number,
  outcome: "refused",
  code: CallRefusalCode,
  message: string,
  id: string,
];

/** Server → browser: updates that no call of this tab asked for. */
export type PushFrame = readonly ["p", updates: readonly Update[]];

/** Every frame that the server sends. */
export type ServerFrame = DoneFrame | RefusedFrame | PushFrame;
