import type { Cable } from "../cable/cable.ts";
import type { TurnState } from "../state/turn-state.ts";
import type { BrowserRequest } from "./browser-request.ts";
import type { CallLogger } from "./call-logger.ts";
import type { ReflexElement } from "./element.ts";
import type { MorphPlan } from "./morph-plan.ts";
import type { Params } from "./params.ts";
import type { Payload } from "./payload.ts";

/** What is assigned may be any part of what is declared, and may be taken back. */
export type AssignsOf<Assigns extends object> = { [Name in keyof Assigns]?: Assigns[Name] | undefined };

/** Everything that one call gives to the reflex that answers it. Made by the turn, once for each call. */
export interface ReflexContext<Assigns extends object, Env> {
  readonly element: ReflexElement;
  /** The element of the Stimulus controller that made the call. */
  readonly controllerElement: ReflexElement | undefined;
  readonly params: Params;
  readonly state: TurnState;
  readonly assigns: AssignsOf<Assigns>;
  readonly args: readonly unknown[];
  readonly url: URL;
  readonly env: Env;
  readonly callId: string;
  readonly idempotencyKey: string;
  /** As the browser wrote it. */
  readonly target: string;
  /** The name of the method. */
  readonly action: string;
  readonly tabId: string | undefined;
  readonly plan: MorphPlan;
  readonly payload: Payload;
  readonly cable: Cable;
  readonly browser: BrowserRequest;
  readonly logger: CallLogger;
}
