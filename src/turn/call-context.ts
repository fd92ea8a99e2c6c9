import { newCable, type SendNow } from "../cable/cable.ts";
import type { CallDetail } from "../protocol/messages.ts";
import { BrowserRequest } from "../reflex/browser-request.ts";
import { CallLogger, type LogLine } from "../reflex/call-logger.ts";
import { ReflexElement } from "../reflex/element.ts";
import { Files } from "../reflex/files.ts";
import { MorphPlan } from "../reflex/morph-plan.ts";
import { fieldsOf, Params } from "../reflex/params.ts";
import { Payload } from "../reflex/payload.ts";
import type { ReflexContext } from "../reflex/reflex-context.ts";
import type { Resolution } from "../reflex/registry.ts";
import type { TurnState } from "../state/turn-state.ts";

/** One call, decoded, with the state it runs on. */
export interface TurnInput {
  /** Names this run of the call in logs. */
  readonly callId: string;
  /** Names the call, however often it runs. */
  readonly idempotencyKey: string;
  /** `Class#action`, as the browser wrote it. */
  readonly target: string;
  readonly detail: CallDetail;
  /** The address of the page that the tab shows. */
  readonly url: URL;
  /** What the action reads and writes. */
  readonly state: TurnState;
  readonly env: unknown;
  /** Names the page load; absent where there is none, or it has no name. */
  readonly tabId?: string | undefined;
  /** What the tab's browser would ask for a page with; absent where there is no browser. Not to be changed. */
  readonly requestFor?: (url: URL) => Request;
  /** Sends updates to whom the call is for while its action runs; absent: nobody is there. */
  readonly sendNow?: SendNow;
  /** Takes what the action writes into the log; never throws. Absent: nobody reads it. */
  readonly log?: (line: LogLine) => void;
}

/** A context, whatever types the class declares for it. */
export type AnyContext = ReflexContext<Record<string, unknown>, unknown>;

/** A target that resolved to an action. */
export type FoundAction = Extract<Resolution, { kind: "action" }>;

/** What a call gives to its reflex: made anew for a second attempt at it. */
export function contextOf(input: TurnInput, { name, method, reflexClass }: FoundAction): AnyContext {
  const { state, url, env, callId, idempotencyKey, target, tabId, log = () => {} } = input;
  const { element, form, args, more } = input.detail;
  // A timer's page was somebody's once, and its address says nothing of what the timer is for.
  const query = input.requestFor && url.searchParams;
  const { requestFor = plainRequest } = input;
  const verify = (text: string, options: { readonly purpose?: string }) => state.signed.verify(text, options);
  const files = new Files(form, { reflex: name, rules: reflexClass.uploads, uploads: () => state.uploads });
  return {
    element: new ReflexElement(element, more, verify),
    controllerElement: more?.controller && new ReflexElement(more.controller, {}, verify),
    params: new Params(fieldsOf({ form, added: more?.params, query }), files),
    state,
    assigns: {},
    args: args ?? [],
    url,
    env,
    callId,
    idempotencyKey,
    target,
    action: method,
    tabId,
    plan: new MorphPlan(),
    payload: new Payload(),
    browser: new BrowserRequest(() => requestFor(url)),
    cable: newCable(input.sendNow ?? (() => {}), (topic, operations) =>
      state.topics.broadcast(topic, operations),
    ),
    logger: new CallLogger(log),
  };
}

function plainRequest({ href }: URL): Request {
  return new Request(href, { headers: { Accept: "text/html" } });
}
