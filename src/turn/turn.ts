import { diffPages } from "../diff/diff.ts";
import type { CallDetail, Update } from "../protocol/messages.ts";
import type { CallRefusalCode } from "../protocol/refusals.ts";
import { ReflexElement } from "../reflex/element.ts";
import { MorphPlan, type SelectorMorph } from "../reflex/morph-plan.ts";
import { Params } from "../reflex/params.ts";
import type { ReflexContext } from "../reflex/reflex.ts";
import type { ReflexClass, ReflexRegistry } from "../reflex/registry.ts";
import { contentFor, partsOfDocument } from "../render/document.ts";
import { renderPage, renderTitle, renderToString } from "../render/render.ts";
import type { View } from "../render/view.ts";
import type { Session } from "../session/session.ts";

/** One call, decoded, with the state it runs on. */
export interface TurnInput {
  /** Names the call in logs. */
  readonly callId: string;
  /** `Class#action`, as the browser wrote it. */
  readonly target: string;
  readonly detail: CallDetail;
  /** The address of the page that the tab shows. */
  readonly url: URL;
  /** The draft that action and page share. The shell commits or drops it. */
  readonly session: Session;
  readonly env: unknown;
  /** The page that the tab shows, as it was last rendered; absent when that is not known. */
  readonly shown: View | undefined;
}

/** What a page is told of the turn that renders it. */
export interface PageCause {
  readonly callId: string;
  readonly target: string;
}

/** What the turn asks of the page behind `url`. */
export interface PageRequest {
  readonly url: URL;
  readonly session: Session;
  readonly assigns: Record<string, unknown>;
  readonly cause: PageCause;
}

/** What a page came to. `title` is HTML text. */
export type PageResult =
  | { readonly kind: "view"; readonly view: View }
  | { readonly kind: "html"; readonly body: string; readonly title?: string }
  | { readonly kind: "redirect"; readonly url: string }
  | { readonly kind: "failed"; readonly cause: unknown };

/** What the turn cannot do by itself. */
export interface TurnPorts {
  readonly registry: ReflexRegistry;
  /** Renders the page as a GET would. May reject: that counts as a failed page. */
  renderPage(request: PageRequest): Promise<PageResult>;
}

/** How a turn ended. Only after `done` may the session's changes be committed. */
export type TurnEnd =
  | {
      readonly kind: "done";
      readonly updates: readonly Update[];
      /** The page that the tab shows once it has applied the updates; absent when that is not known. */
      readonly shown: View | undefined;
    }
  | { readonly kind: "refused"; readonly code: CallRefusalCode; readonly cause?: unknown };

/**
 * Runs one reflex turn: finds the action, runs it, renders what it morphs. Pure but for the application's own
 * code: no socket, no storage, no clock. Never rejects: whatever fails is told in the end.
 */
export async function runTurn(input: TurnInput, ports: TurnPorts): Promise<TurnEnd> {
  const resolution = ports.registry.resolve(input.target);
  if (resolution.kind === "refused") return resolution;
  const context = contextOf(input);
  try {
    await runAction(resolution.reflexClass, resolution.method, context);
  } catch (cause) {
    return { kind: "refused", code: "reflex-failed", cause };
  }
  // The shell gave the turn up while the action ran: whatever it would render is nobody's page any more.
  if (input.session.isClosed) return { kind: "refused", code: "turn-timeout" };
  try {
    return await morph(input, context, ports);
  } catch (cause) {
    return { kind: "refused", code: "page-failed", cause };
  }
}

/** Renders a tab's page without a call, for a tab whose page is not known any more. May reject. */
export async function refreshPage(request: PageRequest, ports: TurnPorts): Promise<TurnEnd> {
  return pageEnd(await ports.renderPage(request), undefined);
}

type AnyContext = ReflexContext<Record<string, unknown>, Record<string, unknown>, unknown>;

function contextOf(input: TurnInput): AnyContext {
  const { element, form, args } = input.detail;
  return {
    element: new ReflexElement(element),
    params: new Params(form),
    session: input.session,
    assigns: {},
    args: args ?? [],
    url: input.url,
    env: input.env,
    callId: input.callId,
    plan: new MorphPlan(),
  };
}

async function runAction(reflexClass: ReflexClass, method: string, context: AnyContext): Promise<void> {
  // The types that the class declares for its context are the application's promise to itself (see ReflexClass).
  const reflex = new reflexClass(context as never);
  const action: unknown = Reflect.get(reflex, method);
  if (typeof action !== "function") throw new TypeError(`${method} is no longer a method of its reflex`);
  await action.apply(reflex, context.args);
}

async function morph(input: TurnInput, context: AnyContext, ports: TurnPorts): Promise<TurnEnd> {
  const { morphs } = context.plan;
  switch (morphs.kind) {
    case "nothing":
      return { kind: "done", updates: [], shown: input.shown };
    case "selectors":
      // What the tab shows then is no render of its page, so the next one is sent whole.
      return { kind: "done", updates: morphs.morphs.map(toUpdate), shown: undefined };
    case "page":
      return await morphPage(input, context, ports);
  }
}

async function morphPage(input: TurnInput, context: AnyContext, ports: TurnPorts): Promise<TurnEnd> {
  const page = await ports.renderPage({
    url: input.url,
    session: input.session,
    assigns: context.assigns,
    cause: { callId: input.callId, target: input.target },
  });
  return pageEnd(page, input.shown);
}

/** What a tab that shows one page has to do to show another. */
function pageEnd(page: PageResult, shown: View | undefined): TurnEnd {
  switch (page.kind) {
    case "view":
      return { kind: "done", updates: pageUpdates(page.view, shown), shown: page.view };
    case "html": {
      const update: Update = page.title === undefined ? ["page", page.body] : ["page", page.body, page.title];
      return { kind: "done", updates: [update], shown: undefined };
    }
    case "redirect":
      return { kind: "done", updates: [["visit", page.url]], shown };
    case "failed":
      return { kind: "refused", code: "page-failed", cause: page.cause };
  }
}

/**
 * A patch where the tab's page is known and of the same layout, else the page. Nothing, when it shows it already.
 * A layout that leaves `<body>` to another template, or to the parser, says nothing of where to count from.
 */
function pageUpdates(view: View, shown: View | undefined): readonly Update[] {
  const isCountable = shown !== undefined && view.template.outline.hasBody;
  const patch = isCountable ? diffPages(shown, view) : undefined;
  const title = renderTitle(view);
  if (patch === undefined)
    return [title === undefined ? ["page", bodyOf(view)] : ["page", bodyOf(view), title]];
  const patches: Update[] = patch.length === 0 ? [] : [["patch", patch]];
  const isNews = title !== undefined && (shown === undefined || renderTitle(shown) !== title);
  return isNews ? [...patches, ["title", title]] : patches;
}

/** The body by its marks, without a parse, unless the layout's template leaves it to another. */
function bodyOf(view: View): string {
  const { html, marks } = renderPage(view);
  if (marks.bodyStart === undefined) return partsOfDocument(html).body;
  return html.slice(marks.bodyStart, marks.bodyEnd ?? html.length);
}

function toUpdate({ selector, content }: SelectorMorph): Update {
  return ["inner", selector, contentFor(selector, renderToString(content))];
}
