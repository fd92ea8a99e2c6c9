import { type FlashMessages, takeShown } from "../src/state/flash.ts";
import type { PageCause, PageRequest, TurnDone } from "../src/turn/turn-end.ts";
import type { LastTurn } from "./tab-attachment.ts";

/** What renders are told that no browser waits for, in a tab that has called nothing yet. */
export const NO_CALL: PageCause = { callId: "", target: "" };

/** What is remembered of a turn for the renders behind it; `before` where the turn rendered no page. */
export function lastAfter(
  { assigns, asked }: TurnDone,
  cause: PageCause,
  before: LastTurn | undefined,
): LastTurn | undefined {
  if (assigns === undefined) return before;
  return asked === undefined ? { assigns, cause } : { assigns, cause, asked };
}

/** How a tab's page is asked for when no call of it causes the render, with the messages that it shows: as by its last call. */
export function askedAgain(
  last: LastTurn | undefined,
  url: URL,
): Omit<PageRequest, "state"> & { readonly shown: FlashMessages | undefined } {
  const { assigns, shown } = takeShown(copyOf(last?.assigns));
  const { url: path, headers } = last?.asked ?? {};
  const at = path === undefined ? url : new URL(path, url);
  return { url: at, assigns, cause: last?.cause ?? NO_CALL, headers, shown };
}

/** The page may change what it is handed, and the next render must get what the action assigned. */
function copyOf(assigns: Record<string, unknown> = {}): Record<string, unknown> {
  try {
    return structuredClone(assigns);
  } catch {
    // A view or a function among them, say: then what is inside is shared.
    return { ...assigns };
  }
}
