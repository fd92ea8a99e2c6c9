import type { Update } from "../src/protocol/messages.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import type { ReflexCall } from "./reflex-call.ts";

/** How calls that ended otherwise than they should stand out. */
const COLOURS: Readonly<Partial<Record<string, string>>> = {
  halted: "#ffa500",
  forbidden: "#bf40bf",
  error: "#f00",
};

/** When calls were made, in milliseconds of the page's clock. */
const starts = new WeakMap<ReflexCall, number>();

/** Calls of which it was said that they are made. */
const begun = new WeakSet<ReflexCall>();

/** Writes every call of the page to the console, when it is made and when it has ended; as long as `<html>` asks for it. */
export function logCalls(): void {
  // The same functions, however often this is called: each listens once.
  document.addEventListener("reflex:before", time, true);
  document.addEventListener("reflex:delivered", logStart, true);
  document.addEventListener("reflex:queued", logWait, true);
  document.addEventListener("reflex:after", logEnd, true);
}

function time({ detail: call }: CustomEvent<ReflexCall>): void {
  starts.set(call, performance.now());
}

/** Not before the next stage: the listeners of the first one say whose the call is. */
function logStart({ detail: call }: CustomEvent<ReflexCall>): void {
  if (begun.has(call)) return;
  begun.add(call);
  const { id, args, element, controllerElement, event } = call;
  write(call, `↑ reflex ↑ ${call.target}`, "", { id, args, element, controllerElement, event });
}

function logWait(told: CustomEvent<ReflexCall>): void {
  logStart(told);
  write(told.detail, `… reflex … ${told.detail.target} waits`, "", { id: told.detail.id });
}

function logEnd(told: CustomEvent<ReflexCall>): void {
  logStart(told);
  const call = told.detail;
  const start = starts.get(call);
  const { id, target, payload, error, updates = [] } = call;
  const end = error === undefined ? (call.outcome ?? "done") : "error";
  const word = end === "done" ? `→ ${summaryOf(updates)}` : end.toUpperCase();
  const time = start === undefined ? "" : ` in ${Math.round(performance.now() - start)} ms`;
  write(call, `↓ reflex ↓ ${target} ${word}${time}`, COLOURS[end] ?? "", { id, payload, error });
}

function write(call: ReflexCall, line: string, colour: string, details: object): void {
  if (call.isQuiet || !document.documentElement.hasAttribute(ATTRIBUTES.debug)) return;
  console.log(`%c${line}`, colour && `color: ${colour}`, details);
}

/** What the answer changes: the page, selectors, operations by their names, and how many fragments; ∞ for nothing. */
function summaryOf(updates: readonly Update[]): string {
  const named = updates.flatMap((update) => {
    if (update[0] === "page" || update[0] === "title") return [update[0]];
    return update[0] === "inner" || update[0] === "op" ? [update[1]] : [];
  });
  const fragments = updates.filter(([kind]) => !/^[a-z]/.test(kind)).length;
  const counted = fragments === 0 ? [] : [`${fragments} ${fragments === 1 ? "fragment" : "fragments"}`];
  return [...named, ...counted].join(", ") || "∞";
}
