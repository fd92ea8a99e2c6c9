import { encodeCall } from "../src/protocol/call-codec.ts";
import type { CallDetail } from "../src/protocol/messages.ts";

/** A call as it travels, without its number; `undefined` when an argument is nothing that JSON can write. */
export function textOf(target: string, detail: CallDetail): string | undefined {
  try {
    return encodeCall(target, detail);
  } catch {
    // Said to the caller as an error of its own, with what was expected.
    return undefined;
  }
}
