import type { LogLine } from "../src/reflex/call-logger.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import type { PlacedCall } from "./placed-call.ts";
import type { SessionRuntime } from "./session-runtime.ts";

/** The part of the runtime that the log needs. */
type LogRuntime = Pick<SessionRuntime<unknown>, "log" | "logsCalls" | "now">;

/** Writes into the application's log what became of calls, and what their actions have to say. */
export class CallLog {
  readonly #runtime: LogRuntime;

  constructor(runtime: LogRuntime) {
    this.#runtime = runtime;
  }

  /** A call was answered. `frame`: its reply, as it was sent. */
  answered(call: PlacedCall, end: TurnEnd, frame: string): void {
    const { log, logsCalls, now } = this.#runtime;
    if (end.kind === "refused") log({ event: end.code, ...placeOf(call), cause: end.cause });
    if (!logsCalls || call.detail.more?.quiet === 1) return;
    const outcome = end.kind === "refused" ? end.code : (end.outcome ?? "done");
    const updates = end.kind === "done" ? end.updates.length : 0;
    const bytes = new TextEncoder().encode(frame).length;
    log({ event: "reflex", ...placeOf(call), outcome, ms: now() - call.at, bytes, updates });
  }

  /** An action writes into the log. */
  said(call: PlacedCall, { level, message, details }: LogLine): void {
    this.#runtime.log({ event: "log", ...placeOf(call), level, message, details });
  }
}

function placeOf({ callId, target, url }: PlacedCall) {
  return { id: callId, target, url: url.pathname + url.search };
}
