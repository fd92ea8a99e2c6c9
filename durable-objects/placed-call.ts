import type { SendNow } from "../src/cable/cable.ts";
import type { Call, RefusedFrame, Update } from "../src/protocol/messages.ts";
import { CALL_REFUSALS, type CallRefusalCode } from "../src/protocol/refusals.ts";
import type { ActionMode } from "../src/reflex/registry.ts";
import type { TurnWrites } from "../src/state/turn-state.ts";
import type { TurnInput } from "../src/turn/call-context.ts";
import { DeadlineError } from "../src/turn/deadline.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import { type Conclusion, isLasting, keptOf, recordAfter } from "./call-record.ts";
import { lastAfter } from "./last-turn.ts";
import { headItems } from "./reply-head.ts";
import type { StoredCall } from "./session-store.ts";
import type { Tab } from "./tab.ts";
import { isAt } from "./tab-place.ts";
import type { TabRecord } from "./tab-record.ts";
import { isBesidePage, isOperation } from "./update-kinds.ts";

/** A call, with where it was made and by whom. */
export interface PlacedCall extends Omit<Call, "url"> {
  /** When it came, in milliseconds since 1970. */
  readonly at: number;
  readonly callId: string;
  readonly url: URL;
  readonly mode: ActionMode;
  /** The page load that numbered it; absent for clients that do not say, whose calls are not stored. */
  readonly origin: string | undefined;
  /** Over which it came. */
  readonly socket: WebSocket;
}

/**
 * What is stored of a call and its end: nothing of one that may run again.
 *
 * @param before what was stored of its page load
 */
export function storedCall(
  before: TabRecord | undefined,
  tab: Tab,
  call: PlacedCall,
  end: TurnEnd,
): StoredCall | undefined {
  const { origin, mode } = call;
  if (origin === undefined || mode !== "stored") return undefined;
  const known = origin === tab.id ? tab : { low: 0, unsaved: new Map() };
  return { tab: origin, record: recordAfter(before, conclusionOf(tab, call, end), known) };
}

/**
 * The end of a turn as its tab is told it, with the errand that it has for the browser: to fetch what was set, or just its session's
 * cookie with a new date. It comes first, since the browser leaves for another page only after it.
 */
export function toldEnd(
  tab: Tab,
  end: TurnEnd,
  { ticket, next }: TurnWrites,
  isRenewalDue: boolean,
): TurnEnd {
  const told = understoodBy(tab, end);
  if (told.kind !== "done" || !tab.runsErrands || (ticket === undefined && !isRenewalDue)) return told;
  const errand: Update = next === undefined ? ["errand", ticket ?? ""] : ["errand", ticket ?? "", 1];
  return { ...told, updates: [errand, ...told.updates] };
}

/** What a turn came to, as the client of a tab can be told it: to an older one, operations mean nothing. */
export function understoodBy<End extends TurnEnd>(tab: Tab, end: End): End {
  if (end.kind !== "done" || tab.takesPayloads) return end;
  return { ...end, updates: end.updates.filter((update) => !isOperation(update)) };
}

/** The end of a turn that has thrown, or has taken too long. */
export function refusalOf(cause: unknown): TurnEnd {
  return { kind: "refused", code: cause instanceof DeadlineError ? "turn-timeout" : "reflex-failed", cause };
}

/** What the turn of a call is told. */
export function inputOf(
  tab: Tab,
  { callId, target, detail, url, origin, number }: PlacedCall,
  { state, ...rest }: Pick<TurnInput, "env" | "log" | "state">,
): TurnInput {
  const idempotencyKey = origin === undefined ? callId : `${state.session.id}:${origin}:${number}`;
  const requestFor = (page: URL) => tab.requestFor(page);
  const sendNow: SendNow = (operations) => {
    // A tab that has moved on shows another page than the one that they are for.
    if (isAt(tab, url)) tab.sendNow(operations);
  };
  return { callId, idempotencyKey, target, detail, url, state, tabId: origin, requestFor, sendNow, ...rest };
}

/**
 * Answers a call with what its turn came to.
 *
 * @returns the reply as it was sent
 */
export function reply(tab: Tab, call: PlacedCall, end: TurnEnd): string {
  const { number, callId, target, url } = call;
  switch (end.kind) {
    case "refused":
      return tab.send(refusedFrame(call, end.code, tab.takesPayloads ? end.payload : undefined));
    case "stopped":
      return tab.send([number, ...headItems(end, tab.takesPayloads)]);
    case "done":
      // A tab that has moved on meanwhile shows another page than the one that was rendered for it.
      return isAt(tab, url) ? tab.answer(number, end, { callId, target }) : tab.leave(number, end);
  }
}

/** The answer to a call that was refused. */
export function refusedFrame(
  { number, callId }: PlacedCall,
  code: CallRefusalCode,
  payload?: unknown,
): RefusedFrame {
  const frame = ["e", number, code, CALL_REFUSALS[code], callId] as const;
  return payload === undefined ? frame : [...frame, payload];
}

function conclusionOf(tab: Tab, call: PlacedCall, end: TurnEnd): Conclusion {
  const { number, url, origin, callId, target } = call;
  // An earlier page load has seen nothing of this tab's page.
  const isOwn = origin === tab.id;
  const [sent, digest, last] = isOwn ? [tab.sent, tab.digest ?? "", tab.last] : [0, "", undefined];
  const before = { number, sent, digest, last, isOver: false };
  if (end.kind === "refused")
    return { ...before, kept: JSON.stringify(refusedFrame(call, end.code, end.payload)) };
  if (end.kind === "stopped") return { ...before, kept: JSON.stringify([number, ...headItems(end, true)]) };
  const kept = keptOf(number, end);
  if (!isOwn) return { ...before, kept };
  const { updates, shown } = end;
  // A tab that has moved on is told to go elsewhere, and nothing more.
  const isHere = isAt(tab, url);
  const isCounted = updates.some((update) => isHere || isBesidePage(update));
  return {
    number,
    sent: sent + (isCounted ? 1 : 0),
    digest: isHere ? (shown?.digest.toString() ?? "") : digest,
    last: isHere ? lastAfter(end, { callId, target }, last) : last,
    kept,
    isOver: !isHere || !updates.every(isLasting),
  };
}
