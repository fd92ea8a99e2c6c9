import type { Hono } from "hono";
import type {
  LogEntry,
  PageVisit,
  SessionPeer,
  SessionRuntime,
  TabSurroundings,
} from "../../durable-objects/session-runtime.ts";
import type { Cache } from "../cache/cache.ts";
import { withHeaders } from "../reflex/browser-request.ts";
import type { ActionMode, ReflexRegistry, Resolver } from "../reflex/registry.ts";
import { partsOfDocument } from "../render/document.ts";
import type { StructuresPort } from "../state/structures/structure-call.ts";
import { startTimer } from "../time/start-timer.ts";
import type { PresenceNode } from "../topics/presence-messages.ts";
import type { RegionNode } from "../topics/region-messages.ts";
import type { TopicNode } from "../topics/topic-messages.ts";
import type { TurnPorts } from "../turn/turn.ts";
import type { PageRequest, PageResult } from "../turn/turn-end.ts";
import { bucketOf } from "../uploads/bucket.ts";
import type { UploadRule } from "../uploads/upload-rules.ts";
import type { CacheSource } from "./cache-source.ts";
import { CLIENT_VERSION } from "./client-files.generated.ts";
import { namespaceOf, presenceAt, regionAt, SESSION_CLASS, structuresAt, topicAt } from "./object-classes.ts";
import { PageExecution } from "./page-execution.ts";

/** The part of a hono application that the runtime uses, whatever environment its handlers are typed with. */
// biome-ignore lint/suspicious/noExplicitAny: Hono is invariant in its environment; the runtime passes it through
export type PagesApp = Pick<Hono<any>, "fetch">;

/** How an application is run. */
export interface AppOptions {
  readonly log: (entry: LogEntry) => void;
  readonly isDevelopment: boolean;
  readonly logsCalls: boolean;
  /** How long a session lives after it was last seen, in milliseconds. */
  readonly expiresInMs: number;
  /** How long the state of a tab is kept after the tab was last there, in milliseconds. */
  readonly tabExpiresInMs: number;
  readonly caches: CacheSource;
  /** The name of the binding to the bucket of uploads. */
  readonly bucket: string;
}

/** Runs one application's pages and reflexes for its session objects. */
export class AppRuntime<Env> implements SessionRuntime<Env> {
  readonly #app: PagesApp;
  readonly #registry: ReflexRegistry;
  readonly #isDevelopment: boolean;
  readonly #caches: CacheSource;
  readonly #bucket: string;
  readonly log: (entry: LogEntry) => void;
  readonly logsCalls: boolean;
  readonly build = CLIENT_VERSION;
  readonly now = () => Date.now();
  readonly random = Math.random;
  readonly timer = startTimer;
  readonly expiresInMs: number;
  readonly tabExpiresInMs: number;

  constructor(
    app: PagesApp,
    registry: ReflexRegistry,
    { log, logsCalls, isDevelopment, expiresInMs, tabExpiresInMs, caches, bucket }: AppOptions,
  ) {
    this.#app = app;
    this.#registry = registry;
    this.#isDevelopment = isDevelopment;
    this.log = log;
    this.logsCalls = logsCalls;
    this.#caches = caches;
    this.#bucket = bucket;
    this.expiresInMs = expiresInMs;
    this.tabExpiresInMs = tabExpiresInMs;
  }

  sessionAt(ctx: DurableObjectState, name: string): SessionPeer {
    // Names in this namespace are objects of the class, whose methods the platform offers as they are.
    return namespaceOf(ctx, SESSION_CLASS).getByName(name) as unknown as SessionPeer;
  }

  topicAt(ctx: DurableObjectState, node: string, region?: string): TopicNode {
    return topicAt(ctx, node, region);
  }

  regionAt(ctx: DurableObjectState, topic: string): RegionNode {
    return regionAt(ctx, topic);
  }

  presenceAt(ctx: DurableObjectState, topic: string): PresenceNode {
    return presenceAt(ctx, topic);
  }

  structuresAt(ctx: DurableObjectState, key: string): StructuresPort {
    return structuresAt(ctx, key);
  }

  async servePage(visit: PageVisit<Env>): Promise<{ response: Response; failure?: unknown }> {
    const isDevelopment = this.#isDevelopment;
    const page = new PageExecution(visit.ctx, visit.state, { visit: visit.visit, isDevelopment });
    const response = await this.#app.fetch(visit.request, visit.env, page);
    if (page.failure !== undefined) return { response, failure: page.failure };
    return response.status >= 500 ? { response, failure: `answered ${response.status}` } : { response };
  }

  modeOf(target: string): ActionMode {
    const resolution = this.#registry.resolve(target);
    return resolution.kind === "action" ? resolution.mode : "stored";
  }

  uploadRule(target: string, field: string): { reflex: string; rule: UploadRule } | undefined {
    const resolution = this.#registry.resolve(target);
    if (resolution.kind !== "action") return undefined;
    const { uploads = {} } = resolution.reflexClass;
    const rule = Object.hasOwn(uploads, field) ? uploads[field] : undefined;
    return rule && { reflex: resolution.name, rule };
  }

  bucket(env: Env): R2Bucket {
    return bucketOf(env, this.#bucket);
  }

  get ownTargets(): Resolver {
    return this.#registry.own;
  }

  cacheFor(ctx: DurableObjectState): Cache {
    return this.#caches.cacheFor(ctx);
  }

  turnPorts(tab: TabSurroundings<Env>): TurnPorts {
    return { registry: this.#registry, renderPage: (request) => this.#renderPage(request, tab) };
  }

  async #renderPage(request: PageRequest, tab: TabSurroundings<Env>): Promise<PageResult> {
    const page = new PageExecution(tab.ctx, request.state, {
      turn: request,
      isDevelopment: this.#isDevelopment,
    });
    const asked = withHeaders(tab.requestFor(request.url), request.headers);
    const response = await this.#app.fetch(asked, tab.env, page);
    if (page.failure !== undefined) return { kind: "failed", cause: page.failure };
    if (response.status === 200 && page.document !== undefined) return { kind: "view", view: page.document };
    const location = response.headers.get("Location");
    if (location !== null && response.status >= 300 && response.status < 400)
      return redirect(location, request.url);
    if (response.status >= 500) return failed(request.url, `answered ${response.status}`);
    if (page.document !== undefined) return { kind: "view", view: page.document };
    const type = response.headers.get("Content-Type") ?? "no content type";
    if (!type.startsWith("text/html")) return failed(request.url, `answered ${type}, not text/html`);
    return { kind: "html", ...partsOfDocument(await response.text()) };
  }
}

/** Leaving the site is the page's own decision and is passed on whole; inside it, a path is enough. */
function redirect(location: string, from: URL): PageResult {
  const target = new URL(location, from);
  // Assigning a javascript: address would run it, which following a redirect of HTTP never does.
  if (target.protocol !== "https:" && target.protocol !== "http:") {
    return failed(from, `redirects to ${JSON.stringify(location.slice(0, 100))}`);
  }
  // A path that begins with two slashes would be read as another site's address.
  const isOwn = target.origin === from.origin && !target.pathname.startsWith("//");
  return { kind: "redirect", url: isOwn ? target.pathname + target.search + target.hash : target.href };
}

function failed(url: URL, what: string): PageResult {
  return { kind: "failed", cause: new Error(`The page ${url.pathname} ${what}; expected HTML to morph`) };
}
