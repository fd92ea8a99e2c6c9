import type { Context, MiddlewareHandler } from "hono";
import type { Cache } from "../cache/cache.ts";
import { isAsWritten } from "../diff/as-written.ts";
import { Digest } from "../diff/digest.ts";
import { ATTRIBUTES } from "../protocol/names.ts";
import type { AssignsOf } from "../reflex/reflex-context.ts";
import { refuseDuplicateKeys } from "../render/duplicate-keys.ts";
import { regionsIn } from "../render/find-regions.ts";
import { renderPage as writePage } from "../render/render.ts";
import { html, type Part, type View } from "../render/view.ts";
import type { SignOptions } from "../security/signed-values.ts";
import type { Session } from "../session/session.ts";
import type { Cookies } from "../state/cookies.ts";
import type { Flash } from "../state/flash.ts";
import type { Structures } from "../state/structures/structures.ts";
import type { TabState } from "../state/tab-state.ts";
import type { Timers } from "../state/turn-timers.ts";
import type { Urls } from "../state/urls.ts";
import { TopicIdentifiers } from "../topics/topic-identifier.ts";
import type { PageCause } from "../turn/turn-end.ts";
import { clientTag, withElements } from "./client-files.ts";
import { PageExecution } from "./page-execution.ts";
import { type PageTopics, pageTopics } from "./page-topics.ts";
import { type TopicElements, topicElements } from "./topic-elements.ts";

/** What a page tells its layout, as the second argument of `c.render`. Extend it by declaration merging. */
export interface PageProps {
  title?: string;
}

/** What a layout gets: the page, what the page said of itself, and the tag that loads the client. */
export interface LayoutInput extends PageProps {
  readonly title: string;
  /** The page's view. */
  readonly content: Part;
  /** Belongs into `<head>`. */
  readonly client: View;
}

/** A function of a page to a whole document, from `<!doctype html>` on. */
export type Layout = (input: LayoutInput) => View;

/** What `c.var` holds in a page handler. */
export interface PageVariables<
  SessionValues extends object = Record<string, unknown>,
  Assigns extends object = Record<string, unknown>,
  TabValues extends object = Record<string, unknown>,
> extends PageTopics,
    TopicElements {
  /** The visitor's session; what a handler writes is committed when the page succeeds. */
  session: Session<SessionValues>;
  /** What the application keeps for the tab that shows this page; committed with the session. */
  tab: TabState<TabValues>;
  /** Typed structures: those of the session, committed with it, and those of keys, which all sessions share. */
  structures: Structures;
  /** Messages that are shown once: reading one is showing it. */
  flash: Flash;
  /** The cookies of the visitor's browser. */
  cookies: Cookies;
  /** Makes addresses of the site. */
  urls: Urls;
  /** What all sessions share. What is done to it is done at once, and stays done when the page fails. */
  cache: Cache;
  /** What the reflex that causes this render assigned; empty when a browser loads the page. Use `??=` for defaults. */
  assigns: AssignsOf<Assigns>;
  /**
   * The call that causes this render, or the tab's last one (nameless before the first) when none does; `undefined`
   * when a browser loads the page.
   */
  reflex: PageCause | undefined;
  /**
   * Signs a value for an attribute: everybody can read it, and nobody else can make one. `this.element.signed` gives it back in a
   * reflex. Rejects with a `TypeError` for what JSON cannot write, and for what is too large.
   */
  sign: (value: unknown, options?: SignOptions) => Promise<string>;
  /** Sets and cancels timers; committed when the page succeeds, if a browser loads it or a call renders it. */
  timers: Timers;
}

declare module "hono" {
  interface ContextRenderer {
    // biome-ignore lint/style/useShorthandFunctionType: an interface is what declaration merging needs
    (content: Part, props?: PageProps): Response;
  }
}

/**
 * The hono middleware of pages: gives handlers the session as `c.var.session`, the reflex's `c.var.assigns`, the
 * flag `c.var.reflex`, and `c.render(view, { title })`, which puts the view into the layout.
 *
 * @typeParam SessionValues the session's keys and the types of their values, as in `Reflex`
 * @typeParam Assigns what reflexes hand to pages, as in `Reflex`
 * @typeParam TabValues the keys of a tab's state and the types of their values, as in `Reflex`
 * @example
 * const app = new Hono().use(pages<{ count: number }>());
 * app.get("/", (c) => c.render(html`<h1>${c.var.session.get("count") ?? 0}</h1>`, { title: "Counter" }));
 */
export function pages<
  SessionValues extends object = Record<string, unknown>,
  Assigns extends object = Record<string, unknown>,
  TabValues extends object = Record<string, unknown>,
>(
  options: { readonly layout?: Layout } = {},
): MiddlewareHandler<{ Variables: PageVariables<SessionValues, Assigns, TabValues> }> {
  const layout = options.layout ?? plainLayout;
  return async (c, next) => {
    const page = pageOf(c);
    // The session and the assigns are what reflexes wrote; their types are the application's promise to itself.
    c.set("session", page.state.session as unknown as Session<SessionValues>);
    c.set("tab", page.state.tab as unknown as TabState<TabValues>);
    c.set("structures", page.state.structures);
    c.set("flash", page.state.flash);
    c.set("cookies", page.state.cookies);
    c.set("urls", page.state.urls);
    c.set("cache", page.state.cache);
    c.set("assigns", page.assigns as AssignsOf<Assigns>);
    c.set("reflex", page.cause);
    c.set("sign", (value, options) => page.state.signed.sign(value, options));
    c.set("timers", page.state.timersAt(c.req.url));
    const { state } = page;
    const { subscribe, region, touch, cable, presence } = pageTopics(state.topics, (topic) =>
      state.rosterOf(topic),
    );
    c.set("subscribe", subscribe);
    c.set("region", region);
    c.set("touch", touch);
    c.set("cable", cable);
    c.set("presence", presence);
    const { signTopic, streamFrom, updatesFor } = topicElements(
      () => new TopicIdentifiers(state.signed, state.session.id),
    );
    c.set("signTopic", signTopic);
    c.set("streamFrom", streamFrom);
    c.set("updatesFor", updatesFor);
    c.setRenderer((content, props) =>
      renderPage(c, page, layout({ title: "", ...props, content, client: clientTag() })),
    );
    await next();
    page.failure ??= c.error;
  };
}

function pageOf(c: Context): PageExecution {
  // hono types the execution context by its smallest part; the class says which one it really is.
  const execution: unknown = hasExecution(c) ? c.executionCtx : undefined;
  if (execution instanceof PageExecution) return execution;
  throw new Error(
    `pages() ran for ${c.req.path} outside a session object. ` +
      "Serve the application through createReflex({ app, … }), not through app.fetch or app.request",
  );
}

/** hono throws when a request came without an execution context. */
function hasExecution(c: Context): boolean {
  try {
    return c.executionCtx !== undefined;
  } catch {
    return false;
  }
}

function renderPage(c: Context, page: PageExecution, document: View): Response {
  if (page.isDevelopment) refuseDuplicateKeys(document);
  page.state.topics.shows(regionsIn(document), isAsWritten(document));
  if (!page.isVisit) {
    // What changed of the page goes into a frame, and nothing but its status is looked at here.
    page.document = document;
    return c.newResponse(null);
  }
  // Not even `no-cache` will do: browsers show the page as it was when the visitor goes back to it.
  c.header("Cache-Control", "private, no-store");
  c.header("Content-Type", "text/html; charset=UTF-8");
  return c.body(writeDocument(document, page.visit));
}

/** A page says of itself what it shows, so that the first update of a tab that has just come can be a patch. */
function writeDocument(document: View, visit: string): string {
  const { html, marks } = writePage(document);
  if (marks.bodyStart === undefined || !document.template.outline.hasBody) return html;
  const endOfTag = marks.bodyStart - 1;
  const state = ` ${ATTRIBUTES.state}="${Digest.of(document)}-${visit}"`;
  const rest = html.slice(endOfTag);
  return withElements(html.slice(0, endOfTag), rest) + state + rest;
}

function plainLayout({ title, content, client }: LayoutInput): View {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${client}
</head>
<body>${content}</body>
</html>`;
}
