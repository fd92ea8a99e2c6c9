import { newCable, type SendNow, takeUpdates } from "../cable/cable.ts";
import type { CallDetail, Update } from "../protocol/messages.ts";
import { ReflexElement } from "../reflex/element.ts";
import { Files } from "../reflex/files.ts";
import { MorphPlan, type SelectorMorph } from "../reflex/morph-plan.ts";
import { Params } from "../reflex/params.ts";
import { Payload } from "../reflex/payload.ts";
import type { ReflexContext } from "../reflex/reflex.ts";
import type { ReflexClass, Resolution, Resolver } from "../reflex/registry.ts";
import { contentFor, contentsOf } from "../render/document.ts";
import { renderToString } from "../render/render.ts";
import { withShown } from "../state/flash.ts";
import type { TurnState } from "../state/turn-state.ts";
import { bringPage, showingOf, wholePage } from "./showing.ts";
import type { PageRequest, PageResult, Shown, TurnDone, TurnEnd } from "./turn-end.ts";

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
  /** Sends updates to whom the call is for while its action runs; absent: nobody is there. */
  readonly sendNow?: SendNow;
}

/** What the turn cannot do by itself. */
export interface TurnPorts {
  readonly registry: Resolver;
  /** Renders the page as a GET would. May reject: that counts as a failed page. */
  renderPage(request: PageRequest): Promise<PageResult>;
}

/** An action that has run, and what its page is rendered from. */
export interface Acted {
  readonly kind: "acted";
  readonly input: TurnInput;
  readonly context: AnyContext;
}

/** What {@link showTurn} goes on from. */
export interface TurnPage {
  /** What the page reads and writes: the action's state, where what was written is committed. */
  readonly state: TurnState;
  /** What the tab shows; absent when that is not known. */
  readonly shown: Shown | undefined;
}

/**
 * The first part of a turn: finds the action and runs it. Pure but for the application's own code: no socket, no
 * storage, no clock. Never rejects: whatever fails is told in the end.
 */
export async function actTurn(
  input: TurnInput,
  ports: Pick<TurnPorts, "registry">,
): Promise<Acted | TurnEnd> {
  const resolution = ports.registry.resolve(input.target);
  if (resolution.kind === "refused") return resolution;
  const context = contextOf(input, resolution);
  try {
    await runAction(resolution.reflexClass, resolution.method, context);
  } catch (cause) {
    const { stopped } = context.plan;
    const end = { kind: "refused", code: "reflex-failed", cause } as const;
    return withPayload(stopped === undefined ? end : stop(stopped), context);
  }
  // The shell gave the turn up while the action ran: whatever it would render is nobody's page any more.
  if (input.state.isClosed) return { kind: "refused", code: "turn-timeout" };
  const { stopped } = context.plan;
  return stopped === undefined ? { kind: "acted", input, context } : withPayload(stop(stopped), context);
}

function stop(outcome: "halted" | "forbidden"): TurnEnd {
  return { kind: "stopped", outcome };
}

/** An end with what the action hands to its caller. What cannot be sent is the action's failure, unless it has failed before. */
function withPayload(end: TurnEnd, { payload }: AnyContext): TurnEnd {
  try {
    const sent = payload.toJson();
    return sent === undefined ? end : { ...end, payload: sent };
  } catch (cause) {
    return end.kind === "refused" ? end : { kind: "refused", code: "reflex-failed", cause };
  }
}

/** Both parts, one after the other. */
export async function runTurn(input: TurnInput, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  return await showTurn(await actTurn(input, ports), page, ports);
}

/** The second part: renders what the action morphs. Never rejects. */
export async function showTurn(acted: Acted | TurnEnd, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  if (acted.kind !== "acted") return acted;
  try {
    return withPayload(withOperations(await morph(acted, page, ports), acted), acted.context);
  } catch (cause) {
    return withPayload({ kind: "refused", code: "page-failed", cause }, acted.context);
  }
}

/** Renders a tab's page without a call, because what it rests on may have changed. May reject. */
export async function renderAgain(
  request: PageRequest,
  shown: Shown | undefined,
  ports: TurnPorts,
): Promise<TurnEnd> {
  return bringPage(await ports.renderPage(request), shown);
}

/** What an action that no tab called says to all of them. */
export interface UpdatesForAll {
  /** The page of each tab is to be brought up to date between these. */
  readonly isPage: boolean;
  readonly before: readonly Update[];
  readonly after: readonly Update[];
}

/** What an action that no tab called says to all of them. Throws what a view throws that cannot be rendered. */
export function updatesForAll({ context }: Acted): UpdatesForAll {
  const { morphs } = context.plan;
  const updates = morphs.kind === "selectors" ? morphs.morphs.map(toUpdate) : [];
  const { before, after } = takeUpdates(context.cable);
  return { isPage: morphs.kind === "page", before: [...before, ...updates], after };
}

/**
 * Finds out what a tab shows that is known by its digest only: the object has slept, or the tab is new. Renders the
 * page as it was, and compares. May reject.
 *
 * @returns `undefined` when the page does not come out as it was
 */
export async function recallPage(
  request: PageRequest,
  digest: string,
  ports: TurnPorts,
): Promise<Shown | undefined> {
  const shown = showingOf(await ports.renderPage(request));
  return shown?.digest.toString() === digest ? shown : undefined;
}

type AnyContext = ReflexContext<Record<string, unknown>, unknown>;

function contextOf(input: TurnInput, called: Extract<Resolution, { kind: "action" }>): AnyContext {
  const { element, form, args } = input.detail;
  const { uploads: rules } = called.reflexClass;
  const files = new Files(form, { reflex: called.name, rules, uploads: () => input.state.uploads });
  return {
    element: new ReflexElement(element),
    params: new Params(form, files),
    state: input.state,
    assigns: {},
    args: args ?? [],
    url: input.url,
    env: input.env,
    callId: input.callId,
    idempotencyKey: input.idempotencyKey,
    plan: new MorphPlan(),
    payload: new Payload(),
    cable: newCable(input.sendNow ?? (() => {})),
  };
}

/** What the action has queued, around what it has the page show. */
function withOperations(end: TurnEnd, { context }: Acted): TurnEnd {
  if (end.kind !== "done") return end;
  const { before, after } = takeUpdates(context.cable);
  return { ...end, updates: [...before, ...end.updates, ...after] };
}

async function runAction(reflexClass: ReflexClass, method: string, context: AnyContext): Promise<void> {
  // The types that the class declares for its context are the application's promise to itself (see ReflexClass).
  const reflex = new reflexClass(context as never);
  const action: unknown = Reflect.get(reflex, method);
  if (typeof action !== "function") throw new TypeError(`${method} is no longer a method of its reflex`);
  await action.apply(reflex, context.args);
}

async function morph({ input, context }: Acted, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  const { morphs } = context.plan;
  switch (morphs.kind) {
    case "nothing":
      return { kind: "done", outcome: "nothing", updates: [], templates: [], shown: page.shown };
    case "selectors":
      // What the tab shows then is no render of its page, so the next one is sent whole.
      return { kind: "done", updates: morphs.morphs.map(toUpdate), templates: [], shown: undefined };
    case "page":
      return await morphPage(input, context, page, ports);
  }
}

async function morphPage(
  input: TurnInput,
  context: AnyContext,
  { state, shown }: TurnPage,
  ports: TurnPorts,
): Promise<TurnEnd> {
  const { assigns } = context;
  const page = await ports.renderPage({
    url: input.url,
    state,
    // What the page makes of them is not what the action assigned: the next render must make it anew.
    assigns: { ...assigns },
    cause: { callId: input.callId, target: input.target },
  });
  const { root } = input.detail;
  const end = (root === undefined ? undefined : bringRoots(page, root)) ?? bringPage(page, shown);
  return end.kind === "done" ? { ...end, assigns: withShown(assigns, state.flash) } : end;
}

/** `undefined` when no selector finds anything in the page: then all of it is brought. */
function bringRoots(page: PageResult, root: string): TurnDone | undefined {
  const html = wholePage(page);
  if (html === undefined) return undefined;
  const selectors = root.split(",").map((selector) => selector.trim());
  const updates = contentsOf(html, selectors).map(
    ({ selector, content }): Update => ["inner", selector, content, 1],
  );
  // The rest of the tab is left as it is, so what it shows is no render of the page.
  return updates.length === 0 ? undefined : { kind: "done", updates, templates: [], shown: undefined };
}

function toUpdate({ selector, content }: SelectorMorph): Update {
  return ["inner", selector, contentFor(selector, renderToString(content))];
}
