import { CacheObject } from "../../durable-objects/cache-object.ts";
import { SessionObject } from "../../durable-objects/session-object.ts";
import type { LogEntry } from "../../durable-objects/session-runtime.ts";
import { StructuresObject } from "../../durable-objects/structures-object.ts";
import { TopicObject } from "../../durable-objects/topic-object.ts";
import type { TopicCable } from "../cable/topic-cable.ts";
import type { Cache } from "../cache/cache.ts";
import type { CacheFailure } from "../cache/shard-calls.ts";
import type { LogLevel } from "../reflex/call-logger.ts";
import { type ReflexClasses, ReflexRegistry } from "../reflex/registry.ts";
import { sessionMs, tabMs } from "../session/lifetime.ts";
import { KeyedStructures } from "../state/structures/keyed-structures.ts";
import { checkedKey } from "../state/structures/structure-name.ts";
import type { TimerTime } from "../state/timers.ts";
import type { PresenceList } from "../topics/presence-list.ts";
import type { TouchOptions } from "../topics/turn-topics.ts";
import { UPLOADS_BINDING } from "../uploads/bucket.ts";
import { type CacheOptions, CacheSource } from "./cache-source.ts";
import { Front } from "./front.ts";
import { setLater } from "./later.ts";
import { type ClassContext, namespaceOf, SESSION_CLASS, structuresAt } from "./object-classes.ts";
import { cableFrom, presenceFrom, touchFrom } from "./outside-topics.ts";
import { RegionSource, type Regions } from "./region-source.ts";
import { AppRuntime, type PagesApp } from "./session-runtime.ts";
import { topicSurroundings } from "./topic-surroundings.ts";

/** What an application consists of. */
export interface ReflexOptions<Env = Cloudflare.Env> {
  /** The pages: a hono application that uses `pages()`. */
  readonly app: PagesApp;
  /** The reflex classes by the name that pages call them: `{ Counter }`. */
  readonly reflexes: ReflexClasses;
  /**
   * What pages show that is the same for everyone, by kind: `{ life: (name) => html`…` }` renders the region `life:1`, once for all who
   * see it. Default: none.
   */
  readonly regions?: Regions<Env>;
  /** Further sites whose pages may open sockets, as `https://host`. The application's own always may. */
  readonly allowedOrigins?: readonly string[];
  /**
   * Whether mistakes that only cost something are errors: two items of a keyed list with one key. Default: true under
   * `wrangler dev`, false where the Worker is deployed.
   */
  readonly development?: boolean;
  /**
   * Gets every failure of a page or a reflex, what actions write by `this.logger`, and the lines of `logCalls`; `event` tells them apart.
   * Default: one line of JSON through `console`.
   */
  readonly log?: (entry: LogEntry) => void;
  /**
   * Whether each call gets a line in the log: its target, outcome, time and size, and the page's address with its query; none
   * of its arguments or fields. Default: as
   * `development`. A call that is declared with `data-reflex-suppress-logging` gets none.
   */
  readonly logCalls?: boolean;
  readonly session?: SessionOptions;
  readonly tab?: TabOptions;
  readonly cache?: CacheOptions;
  readonly uploads?: UploadOptions;
}

/** Where files go that visitors upload. */
export interface UploadOptions {
  /** The name of the binding to an R2 bucket. Default: `UPLOADS`. */
  readonly bucket?: string;
}

/** How sessions live. */
export interface SessionOptions {
  /**
   * How long a session lives after it was last seen, in milliseconds: to within a twentieth, and to within a day. Then
   * everything in it is deleted. Default: a year.
   */
  readonly expiresIn?: number;
}

/** How the states of tabs live. */
export interface TabOptions {
  /** How long the state of a tab is kept after the tab was last there, in milliseconds. Default: a day. */
  readonly expiresIn?: number;
}

/** Where code that is neither a reflex nor a page finds structures. */
export interface OutsideStructures {
  /** The structures of a key. Throws `StructureError` for a key that cannot be one. */
  for(key: string): KeyedStructures;
}

/** A Worker: what its entry file exports as default, and the Durable Object classes it exports by name. */
export interface ReflexWorker<Env> {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
  /**
   * Has a reflex of a session run later, or soon, from code outside it: a queue's consumer, a cron handler. Resolves with the
   * timer's name when it is stored.
   *
   * Rejects with `TimerError`: code `session-unknown` for a session that has nothing stored (it has expired, or never was),
   * and as `later` in a reflex throws it.
   *
   * @param ctx the handler's execution context
   * @param sessionId the session's `session.id`
   * @example
   * await reflex.later(ctx, message.body.sessionId, "Report#ready", { in: 0, id: "report:42" }, 42);
   */
  later(
    ctx: ClassContext,
    sessionId: string,
    target: string,
    time: TimerTime,
    ...args: readonly unknown[]
  ): Promise<string>;
  /** Must be exported under this name: `export const { SessionObject } = reflex;` */
  readonly SessionObject: new (
    ctx: DurableObjectState,
    env: Env,
  ) => SessionObject<Env>;
  /** Exported the same way by an application that uses the cache: `export const { SessionObject, CacheObject } = reflex;` */
  readonly CacheObject: new (
    ctx: DurableObjectState,
    env: Env,
  ) => CacheObject<Env>;
  /**
   * The cache for code that is neither a reflex nor a page: a queue's consumer, a scheduled event.
   *
   * @param ctx what the handler was given as its context
   */
  cache(ctx: ClassContext): Cache;
  /** Exported the same way by an application that uses structures of keys: `export const { SessionObject, StructuresObject } = reflex;` */
  readonly StructuresObject: new (
    ctx: DurableObjectState,
    env: Env,
  ) => StructuresObject<Env>;
  /**
   * Structures of keys for code that is neither a reflex nor a page: a queue's consumer, a scheduled event.
   *
   * @param ctx what the handler was given as its context
   */
  structures(ctx: ClassContext): OutsideStructures;
  /** Exported the same way by an application whose pages rest on topics: `export const { SessionObject, TopicObject } = reflex;` */
  readonly TopicObject: new (
    ctx: DurableObjectState,
    env: Env,
  ) => TopicObject<Env>;
  /**
   * Says that what a topic stands for has changed, from code that is neither a reflex nor a page. Resolves when the topic has stored it:
   * from then on every page that rests on it will be rendered again. Rejects with `TopicError`, and with what the platform says when
   * the topic cannot be reached: then it may be stored or not.
   *
   * @param ctx what the handler was given as its context
   */
  touch(ctx: ClassContext, topic: string, options?: TouchOptions): Promise<void>;
  /**
   * Begins operations for every page that rests on a topic, from code that is neither a reflex nor a page; `broadcast` resolves and
   * rejects as {@link touch} does. Throws `TopicError` for what is no topic.
   *
   * @param ctx what the handler was given as its context
   */
  cable(ctx: ClassContext, topic: string): TopicCable<Promise<void>>;
  /**
   * Who is present in a topic, for code that is neither a reflex nor a page. Rejects with `TopicError` for what is no topic, and with
   * what the platform says when the topic cannot be reached.
   *
   * @typeParam Meta what pages tell of their visitors in this topic
   * @param ctx what the handler was given as its context
   */
  presence<Meta = unknown>(ctx: ClassContext, topic: string): Promise<PresenceList<Meta>>;
}

/**
 * Ties a hono application and its reflex classes to a Worker and the session Durable Object behind it.
 *
 * Throws a `TypeError` for reflexes that cannot work, saying which and why.
 *
 * @example
 * const reflex = createReflex({ app, reflexes: { Counter } });
 * export const { SessionObject } = reflex;
 * export default reflex;
 */
export function createReflex<Env = Cloudflare.Env>(options: ReflexOptions<Env>): ReflexWorker<Env> {
  const log = quietly(options.log ?? logEntry);
  const caches = new CacheSource(options.cache ?? {}, (failure) => log(entryOf(failure)));
  const expiresInMs = sessionMs(options.session?.expiresIn);
  const bucket = options.uploads?.bucket ?? UPLOADS_BINDING;
  const development = options.development ?? isDevelopment();
  const runtime = new AppRuntime<Env>(options.app, new ReflexRegistry(options.reflexes), {
    log,
    logsCalls: options.logCalls ?? development,
    isDevelopment: development,
    expiresInMs,
    tabExpiresInMs: tabMs(options.tab?.expiresIn),
    caches,
    bucket,
  });
  const regions = new RegionSource<Env>(options.regions ?? {}, {
    cacheFor: (ctx) => caches.cacheFor(ctx),
    isDevelopment: development,
    failed: (target, cause) =>
      log({ event: "region-failed", id: crypto.randomUUID(), url: "", target, cause }),
  });
  const front = new Front(
    { allowedOrigins: options.allowedOrigins ?? [], expiresInMs, bucket },
    Date.now,
    (problem) => console.error(problem.message),
  );
  return {
    fetch: (request, env, ctx) =>
      front.answer(request, { env, sessions: () => namespaceOf(ctx, SESSION_CLASS) }),
    later: async (ctx, sessionId, ...[target, time, ...args]) =>
      await setLater(namespaceOf(ctx, SESSION_CLASS), { sessionId, target, time, args }),
    SessionObject: class extends SessionObject<Env> {
      constructor(ctx: DurableObjectState, env: Env) {
        super(ctx, env, runtime);
      }
    },
    CacheObject: class extends CacheObject<Env> {
      constructor(ctx: DurableObjectState, env: Env) {
        super(ctx, env, caches.capacityBytes);
      }
    },
    cache: (ctx) => caches.cacheFor(ctx),
    StructuresObject: class extends StructuresObject<Env> {
      constructor(ctx: DurableObjectState, env: Env) {
        super(ctx, env, runtime.now);
      }
    },
    structures: (ctx) => ({ for: (key) => new KeyedStructures(structuresAt(ctx, checkedKey(key))) }),
    TopicObject: class extends TopicObject<Env> {
      constructor(ctx: DurableObjectState, env: Env) {
        super(ctx, env, topicSurroundings(ctx, log), regions);
      }
    },
    touch: (ctx, topic, touched) => touchFrom(ctx, topic, touched),
    cable: (ctx, topic) => cableFrom(ctx, topic),
    // What pages tell of their visitors is the application's promise to itself.
    presence: async <Meta>(ctx: ClassContext, topic: string) =>
      (await presenceFrom(ctx, topic)) as PresenceList<Meta>,
  };
}

/** wrangler writes the value into the Worker as it builds it; other builds may leave the expression, and have no `process`. */
function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV === "development";
  } catch {
    return false;
  }
}

/** No browser was told of it: the page went on without. */
function entryOf({ operation, key, cause }: CacheFailure): LogEntry {
  return { event: "cache-failed", id: crypto.randomUUID(), url: "", target: operation, key, cause };
}

/** What the application did wrong is an error; what a browser asked for in vain is not. */
function logEntry({ cause, ...entry }: LogEntry): void {
  if (cause === undefined) return console[levelOf(entry)](JSON.stringify(entry));
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  console.error(JSON.stringify({ ...entry, cause: text }));
}

function levelOf({ event, level }: LogEntry): LogLevel {
  return level ?? (event === "reflex" ? "info" : "warn");
}

/** A log that fails must not take a visitor's turn with it. */
function quietly(log: (entry: LogEntry) => void): (entry: LogEntry) => void {
  return (entry) => {
    try {
      log(entry);
    } catch (cause) {
      console.error(`The log of ${entry.event} ${entry.id} failed`, cause);
    }
  };
}
