import type { CallRefusalCode } from "../src/protocol/refusals.ts";
import type { PlacedCall } from "./placed-call.ts";
import type { LogEntry } from "./session-runtime.ts";

/** Writes into the application's log what became of calls. */
export class CallLog {
  readonly #log: (entry: LogEntry) => void;

  /** @param log never throws */
  constructor(log: (entry: LogEntry) => void) {
    this.#log = log;
  }

  /** A call was refused. `cause` is for the log alone. */
  refused(
    { callId, target, url }: PlacedCall,
    { code, cause }: { readonly code: CallRefusalCode; readonly cause?: unknown },
  ): void {
    this.#log({ event: code, id: callId, target, url: url.pathname + url.search, cause });
  }
}
