import type { Digest } from "../diff/digest.ts";
import type { SpecialOutcome, Update } from "../protocol/messages.ts";
import type { CallRefusalCode } from "../protocol/refusals.ts";
import type { HeaderChanges } from "../reflex/browser-request.ts";
import type { RegionPlace } from "../render/region.ts";
import type { View } from "../render/view.ts";
import type { TemplateNews } from "../render/wire.ts";
import type { TurnState } from "../state/turn-state.ts";
import type { Subscription } from "../topics/turn-topics.ts";

/** What a page is told of the turn that renders it: the tab's last call; both empty before its first. */
export interface PageCause {
  readonly callId: string;
  readonly target: string;
}

/** What the turn asks of the page behind `url`. */
export interface PageRequest {
  readonly url: URL;
  readonly state: TurnState;
  readonly assigns: Record<string, unknown>;
  readonly cause: PageCause;
  /** What is other than in the request of the tab's browser. */
  readonly headers?: HeaderChanges | undefined;
}

/** What a page is asked for with, where that is other than the tab's own page as its browser would ask for it. */
export interface PageAsked {
  /** Path and query. */
  readonly url?: string | undefined;
  readonly headers?: HeaderChanges | undefined;
}

/** What a page came to. `title` is HTML text. */
export type PageResult =
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "html"; readonly body: string; readonly title?: string }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "failed"; readonly cause: unknown };

/** What a tab shows: a render of templates, or a document that was made elsewhere. `title` is HTML text. */
export type Shown =
  | {
      readonly kind: "view";
      readonly view: View;
      readonly digest: Digest;
      /** False when elements of the page cannot be counted. */
      readonly isAsWritten: boolean;
    }
  | {
      readonly kind: "html";
      readonly body: string;
      readonly title: string | undefined;
      readonly digest: Digest;
    };

/** What a tab is to be told, once what it rests on is committed. */
export interface TurnDone {
  readonly kind: "done";
  /** Absent: the page was rendered. */
  readonly outcome?: SpecialOutcome;
  readonly updates: readonly Update[];
  /** What the updates name; the tab has to know it first. */
  readonly templates: readonly TemplateNews[];
  /** The regions that the updates hold whole. Absent: none. */
  readonly regions?: readonly RegionPlace[];
  /** What the tab shows once it has applied the updates; absent when that is not known. */
  readonly shown: Shown | undefined;
  /** What the action handed to the page, for later renders of this tab that no call causes. Absent: as it was. */
  readonly assigns?: Record<string, unknown>;
  /** How the action asked for the page, for the same renders. Absent: for the tab's own, as its browser would. */
  readonly asked?: PageAsked;
  /** What the action hands to its caller: JSON. Absent: nothing. */
  readonly payload?: unknown;
  /** The topics that the page rests on which was rendered. Absent: none was. */
  readonly subscribed?: ReadonlyMap<string, Subscription>;
}

/** What a tab is sent of what a turn came to. */
export type TurnNews = Pick<TurnDone, "updates" | "templates" | "regions">;

/** How a turn ended. Only after `done` may the session's changes be committed. */
export type TurnEnd =
  | TurnDone
  /** The action stopped itself. */
  | { readonly kind: "stopped"; readonly outcome: "halted" | "forbidden"; readonly payload?: unknown }
  | {
      readonly kind: "refused";
      readonly code: CallRefusalCode;
      readonly cause?: unknown;
      readonly payload?: unknown;
    };
