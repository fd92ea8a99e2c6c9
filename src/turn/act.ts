import { call, runChain } from "../reflex/callback-chain.ts";
import { findRescue } from "../reflex/rescues.ts";
import { type AnyContext, contextOf, type FoundAction, type TurnInput } from "./call-context.ts";
import type { TurnEnd } from "./turn-end.ts";

/** An action that has run, and what its page is rendered from. */
export interface Acted {
  readonly kind: "acted";
  readonly input: TurnInput;
  readonly action: FoundAction;
  readonly context: AnyContext;
}

/** Runs an action with its callbacks, or, when that fails, what rescues it. Never rejects. */
export async function act(action: FoundAction, input: TurnInput): Promise<Acted | TurnEnd> {
  const acted: Acted = { kind: "acted", input, action, context: contextOf(input, action) };
  try {
    await runAction(acted);
  } catch (cause) {
    if (acted.context.plan.stopped !== undefined) return endOf(acted);
    // The shell gave the turn up while the action ran: nothing of it is wanted any more, its rescue least of all.
    if (input.state.isClosed) return { kind: "refused", code: "turn-timeout", cause };
    return await rescue(acted, cause, "reflex-failed");
  }
  // Whatever it would render is nobody's page any more.
  return input.state.isClosed ? { kind: "refused", code: "turn-timeout" } : endOf(acted);
}

/**
 * Has an error rescued as the class says: on a fresh state, since a reflex commits whole or not at all, and in a fresh reflex, so that
 * what still runs of the failed one can write nowhere. Never rejects.
 *
 * @param code what the call is refused with when nothing rescues it
 */
export async function rescue(
  failed: Acted,
  cause: unknown,
  code: "reflex-failed" | "page-failed",
): Promise<Acted | TurnEnd> {
  const found = findRescue(failed.action.plan.rescues, cause);
  if (found === undefined) return withPayload({ kind: "refused", code, cause }, failed.context);
  const input = { ...failed.input, state: failed.input.state.restart() };
  const acted: Acted = { ...failed, input, context: contextOf(input, failed.action) };
  try {
    await call(found.rescue.run, reflexOf(acted), found.error);
  } catch (again) {
    if (acted.context.plan.stopped === undefined)
      return withPayload({ kind: "refused", code, cause: again }, acted.context);
  }
  return endOf(acted);
}

/** An end with what the action hands to its caller. What cannot be sent is the action's failure, unless it has failed before. */
export function withPayload(end: TurnEnd, { payload }: AnyContext): TurnEnd {
  try {
    const sent = payload.toJson();
    return sent === undefined ? end : { ...end, payload: sent };
  } catch (cause) {
    return end.kind === "refused" ? end : { kind: "refused", code: "reflex-failed", cause };
  }
}

/** It goes on to its page, unless it has stopped itself. */
function endOf(acted: Acted): Acted | TurnEnd {
  const { stopped } = acted.context.plan;
  return stopped === undefined ? acted : withPayload({ kind: "stopped", outcome: stopped }, acted.context);
}

async function runAction(acted: Acted): Promise<void> {
  const { action, context } = acted;
  const { plan } = context;
  const reflex = reflexOf(acted);
  await runChain(action.plan.callbacks, {
    reflex,
    method: action.method,
    isStopped: () => plan.stopped !== undefined,
    halt: () => {
      plan.stopped ??= "halted";
    },
    action: async () => {
      await call(action.method, reflex, ...context.args);
    },
  });
}

function reflexOf({ action, context }: Acted): object {
  // The types that the class declares for its context are the application's promise to itself (see ReflexClass).
  return new action.reflexClass(context as never);
}
