import { takeUpdates } from "../cable/cable.ts";
import type { Update } from "../protocol/messages.ts";
import type { SelectorMorph } from "../reflex/morph-plan.ts";
import type { Resolver } from "../reflex/registry.ts";
import { contentFor, contentsOf } from "../render/document.ts";
import { regionsIn } from "../render/find-regions.ts";
import { renderToString } from "../render/render.ts";
import { withShown } from "../state/flash.ts";
import type { TurnState } from "../state/turn-state.ts";
import { type Acted, act, rescue, withPayload } from "./act.ts";
import type { TurnInput } from "./call-context.ts";
import { bringPage, showingOf, wholePage } from "./showing.ts";
import type { PageRequest, PageResult, Shown, TurnDone, TurnEnd } from "./turn-end.ts";

/** What the turn cannot do by itself. */
export interface TurnPorts {
  readonly registry: Resolver;
  /** Renders the page as a GET would. May reject: that counts as a failed page. */
  renderPage(request: PageRequest): Promise<PageResult>;
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
  const action = ports.registry.resolve(input.target);
  return action.kind === "refused" ? action : await act(action, input);
}

/** Both parts, one after the other. */
export async function runTurn(input: TurnInput, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  return await showTurn(await actTurn(input, ports), page, ports);
}

/**
 * The second part: renders what the action morphs. A page that fails may be rescued, and is rendered once more then. Never
 * rejects.
 */
export async function showTurn(acted: Acted | TurnEnd, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  if (acted.kind !== "acted") return acted;
  const { state, shown } = page;
  // What was rescued was written to another state than what failed.
  const end = await morph(acted, { state: state.current, shown }, ports);
  // What the shell has given up meanwhile is nobody's any more, its rescue least of all.
  if (end.kind !== "refused" || state.current.isClosed) return withPayload(end, acted.context);
  const again = await rescue(acted, end.cause, end.code === "page-failed" ? end.code : "reflex-failed");
  if (again.kind !== "acted") return again;
  const isOwn = state.current === again.input.state;
  const next = { state: isOwn ? state.current : state.restart(), shown };
  return withPayload(await morph(again, next, ports), again.context);
}

/** Renders a tab's page without a call, because what it rests on may have changed. May reject. */
export async function renderAgain(
  request: PageRequest,
  shown: Shown | undefined,
  ports: TurnPorts,
): Promise<TurnEnd> {
  const page = await ports.renderPage(request);
  return withTopics(bringPage(page, shown), page, request.state);
}

/**
 * The same for a tab of which only a digest is known: where the page comes out as that says, the tab shows it already. May reject.
 */
export async function renderKnown(request: PageRequest, digest: string, ports: TurnPorts): Promise<TurnEnd> {
  const page = await ports.renderPage(request);
  const shown = showingOf(page);
  const isShown = shown?.digest.toString() === digest;
  const end: TurnEnd = isShown
    ? { kind: "done", updates: [], templates: [], shown }
    : bringPage(page, undefined);
  return withTopics(end, page, request.state);
}

/** What the page rests on, where one was rendered. */
function withTopics(end: TurnEnd, { kind }: PageResult, { topics }: TurnState): TurnEnd {
  const isPage = kind === "view" || kind === "html";
  return end.kind === "done" && isPage ? { ...end, subscribed: topics.subscribed } : end;
}

/** What an action that no tab called says to all of them. */
export interface UpdatesForAll {
  /** The page of each tab is to be brought up to date between these. */
  readonly isPage: boolean;
  readonly before: readonly Update[];
  readonly after: readonly Update[];
}

/**
 * What an action that no tab called says to all of them. Throws what a view throws that cannot be rendered, and a `TypeError` for the
 * page of another address: each tab has a page of its own.
 */
export function updatesForAll({ context }: Acted): UpdatesForAll {
  const { morphs } = context.plan;
  if (morphs.kind === "page" && morphs.url !== undefined)
    throw new TypeError(`morph("page") got a url in a timer, behind which no tab waits; expected none`);
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

/** What the action has queued, around what it has the page show. */
function withOperations(end: TurnEnd, { context }: Acted): TurnEnd {
  if (end.kind !== "done") return end;
  const { before, after } = takeUpdates(context.cable);
  return { ...end, updates: [...before, ...end.updates, ...after] };
}

/** Never rejects. */
async function morph(acted: Acted, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  try {
    return withOperations(await morphed(acted, page, ports), acted);
  } catch (cause) {
    return { kind: "refused", code: "page-failed", cause };
  }
}

async function morphed({ input, context }: Acted, page: TurnPage, ports: TurnPorts): Promise<TurnEnd> {
  const { morphs } = context.plan;
  switch (morphs.kind) {
    case "nothing":
      return { kind: "done", outcome: "nothing", updates: [], templates: [], shown: page.shown };
    case "selectors":
      // What the tab shows then is no render of its page, so the next one is sent whole.
      return { kind: "done", updates: morphs.morphs.map(toUpdate), templates: [], shown: undefined };
    case "page":
      return await morphPage({ input, context, url: morphs.url }, page, ports);
  }
}

async function morphPage(
  { input, context, url }: Pick<Acted, "input" | "context"> & { readonly url: URL | undefined },
  { state, shown }: TurnPage,
  ports: TurnPorts,
): Promise<TurnEnd> {
  const { assigns, browser } = context;
  const { changes: headers } = browser;
  const page = await ports.renderPage({
    url: url ?? input.url,
    state,
    // What the page makes of them is not what the action assigned: the next render must make it anew.
    assigns: { ...assigns },
    cause: { callId: input.callId, target: input.target },
    ...(headers === undefined ? {} : { headers }),
  });
  const { root } = input.detail;
  const end = withTopics(
    (root === undefined ? undefined : bringRoots(page, root)) ?? bringPage(page, shown),
    page,
    state,
  );
  if (end.kind !== "done") return end;
  const place = url && url.pathname + url.search;
  return {
    ...end,
    assigns: withShown(assigns, state.flash),
    ...(place === undefined && headers === undefined ? {} : { asked: { url: place, headers } }),
  };
}

/** `undefined` when no selector finds anything in the page: then all of it is brought. */
function bringRoots(page: PageResult, root: string): TurnDone | undefined {
  const html = wholePage(page);
  if (html === undefined) return undefined;
  const selectors = root.split(",").map((selector) => selector.trim());
  const found = contentsOf(html, selectors);
  const updates = found.map(({ selector, content }): Update => ["inner", selector, content, 1]);
  if (updates.length === 0) return undefined;
  const all = page.kind === "view" ? regionsIn(page.view) : [];
  const regions = all.filter(({ address }) => found.some(({ content }) => content.includes(address)));
  // The rest of the tab is left as it is, so what it shows is no render of the page.
  return { kind: "done", updates, templates: [], regions, shown: undefined };
}

function toUpdate({ selector, content }: SelectorMorph): Update {
  return ["inner", selector, contentFor(selector, renderToString(content))];
}
