import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";

import type { ReflexError } from "./errors.ts";
import type { ConsumerResult, Outcome } from "./reflex-result.ts";
import type { Stage } from "./stages.ts";

/** One call of an action, from when it is made. What its events carry as `detail`. */
export interface ReflexCall {
  /** Names the call: the page load, and its number in it. */
  readonly id: string;
  /** `Class#action`. */
  readonly target: string;
  readonly args: readonly unknown[];
  /** What the reflex sees as its element. */
  readonly element: Element | undefined;
  /** What has triggered the call, when the element declares it. */
  readonly event: Event | undefined;
  /** Neither side logs it. */
  isQuiet: boolean;
  /** The element of the controller that the call belongs to. Whoever knows says so while the stage is `before`. */
  controllerElement?: Element | undefined;
  /** Fields that go to the server over those of the form; read when `before` has been told. */
  readonly params: URLSearchParams;
  stage: Stage;
  /** The stages that it has been through, in order. */
  readonly stages: Stage[];
  /** How it ended; absent while it has not, and when it failed. */
  outcome?: Outcome;
  /** What the action has handed to its caller. */
  payload?: unknown;
  /** Why it failed. */
  error?: ReflexError;
  /** What its answer does to the page, in the words of the protocol; for logs, and gone when the call is over. */
  updates?: readonly Update[] | undefined;
  /** What its caller holds; there as soon as `stimulate` returns. */
  promise?: ReflexPromise;
}

/** What every `reflex:<stage>` event is. */
export type ReflexEvent = CustomEvent<ReflexCall>;

/** A reflex that did not fail. */
export interface ReflexResult extends ConsumerResult {
  /** Names the call, as in `reflexes`. */
  readonly id: string;
  readonly element: Element | undefined;
  /** What has triggered it, when an element declares it. */
  readonly event: Event | undefined;
}

/** What `stimulate` returns. */
export type ReflexPromise = Promise<ReflexResult> & { readonly id: string; readonly reflex: ReflexCall };

/** The calls of a page that have not ended, and the last that have, by their ids, in the order in which they were made. */
export class Reflexes extends Map<string, ReflexCall> {
  get all(): readonly ReflexCall[] {
    return [...this.values()];
  }

  get last(): ReflexCall | undefined {
    return this.all.at(-1);
  }

  /** Those that are at this stage. */
  at(stage: Stage): readonly ReflexCall[] {
    return this.all.filter((call) => call.stage === stage);
  }

  /** Lets go of what ended longest ago. Called whenever a call has. */
  prune(): void {
    const ended = this.at("finalize");
    for (const { id } of ended.slice(0, -CLIENT_LIMITS.endedCalls)) this.delete(id);
  }
}

/**
 * Brings a call to its next stage and tells it: to its element while that is in the page, else to the document.
 *
 * @returns false when a listener has called off what would follow
 */
export function enter(call: ReflexCall, stage: Stage): boolean {
  call.stage = stage;
  call.stages.push(stage);
  return tell(stage, call, call.element?.isConnected ? call.element : document);
}

/**
 * Tells of something by an event `reflex:<name>`.
 *
 * @returns false when a listener has called off what would follow
 */
export function tell(name: string, detail?: object, target: EventTarget = document): boolean {
  const init = { bubbles: true, cancelable: true, detail };
  return target.dispatchEvent(new CustomEvent(`reflex:${name}`, init));
}
