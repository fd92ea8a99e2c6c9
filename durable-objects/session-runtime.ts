import type { Cache } from "../src/cache/cache.ts";
import type { LogLevel } from "../src/reflex/call-logger.ts";
import type { ActionMode, Resolver } from "../src/reflex/registry.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import type { StructuresPort } from "../src/state/structures/structure-call.ts";
import type { TurnState } from "../src/state/turn-state.ts";
import type { Timer } from "../src/time/timer.ts";
import type { PresenceNode } from "../src/topics/presence-messages.ts";
import type { RegionNode } from "../src/topics/region-messages.ts";
import type { TopicNode } from "../src/topics/topic-messages.ts";
import type { TurnPorts } from "../src/turn/turn.ts";
import type { UploadRule } from "../src/uploads/upload-rules.ts";
import type { StoredCall } from "./session-store.ts";

/** One page request as the session object hands it to the application. */
export interface PageVisit<Env> {
  readonly request: Request;
  /** What the visit reads and writes; the object commits it when the page succeeds. */
  readonly state: TurnState;
  /** Names the visit; letters and digits, to be put into the page. */
  readonly visit: string;
  readonly env: Env;
  readonly ctx: DurableObjectState;
}

/** One tab's surroundings for the page renders of a turn. */
export interface TabSurroundings<Env> {
  /** What the tab's browser would send for a page of that address. The same one each time: it is not to be changed. */
  requestFor(url: URL): Request;
  readonly env: Env;
  readonly ctx: DurableObjectState;
}

/** One thing worth a line in the log. `cause` is for the log alone: nothing of it reaches a browser. */
export interface LogEntry {
  /** `reflex` for a call that was answered, `log` for what an action writes, else what failed. */
  readonly event: string;
  /** The id that the browser was told, or one for the log alone. */
  readonly id: string;
  /** The page's; empty for what happens behind no page in particular. */
  readonly url: string;
  readonly target?: string;
  /** The key of a cache entry, or of an object in the bucket. */
  readonly key?: string;
  readonly cause?: unknown;
  /** Of what an action writes. */
  readonly level?: LogLevel;
  readonly message?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Of a call: how it ended, or the code of its refusal. */
  readonly outcome?: string;
  /** Of a call: how long it took from its frame to its reply, what it waited for included, in milliseconds. */
  readonly ms?: number;
  /** Of a call: how long its reply is. */
  readonly bytes?: number;
  /** Of a call: how many updates its reply has. */
  readonly updates?: number;
}

/** What a session object asks of another. */
export interface SessionPeer {
  /** Takes over what was written for a session before it began, and the page load that goes on in it. */
  adopt(seed: SessionChanges, origin: string, heir?: StoredCall): Promise<void>;
}

/** What a session object asks of the application it runs. Implemented by `createReflex`. */
export interface SessionRuntime<Env> {
  readonly timer: Timer;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** How long a session lives after it was last seen, in milliseconds. */
  readonly expiresInMs: number;
  /** How long the state of a tab is kept after the tab was last there, in milliseconds. */
  readonly tabExpiresInMs: number;
  /** The object of another session, by its name. */
  sessionAt(ctx: DurableObjectState, name: string): SessionPeer;
  /**
   * A node of a topic, by its name: for the root the topic's own. Throws where the Worker has no objects for topics.
   *
   * @param region where it is to be made if it is not there yet: a location hint of the platform
   */
  topicAt(ctx: DurableObjectState, node: string, region?: string): TopicNode;
  /** The root of a topic that is a region. Throws where the Worker has no objects for topics. */
  regionAt(ctx: DurableObjectState, topic: string): RegionNode;
  /** The root of a topic, which knows who is present. Throws where the Worker has no objects for topics. */
  presenceAt(ctx: DurableObjectState, topic: string): PresenceNode;
  /** The structures that are bound to a key. Throws where the Worker has no object for them. */
  structuresAt(ctx: DurableObjectState, key: string): StructuresPort;
  /**
   * Answers a request with the application's page. `failure`: what it threw, or what is wrong with its answer; then
   * nothing is committed.
   */
  servePage(visit: PageVisit<Env>): Promise<{ readonly response: Response; readonly failure?: unknown }>;
  /** The application's cache, for the object that was handed this context. */
  cacheFor(ctx: DurableObjectState): Cache;
  turnPorts(tab: TabSurroundings<Env>): TurnPorts;
  /** What the action behind a target gives up; `stored` for a target that there is not. */
  modeOf(target: string): ActionMode;
  /** Which class takes files in a field, for a call of that target, and what it takes; `undefined` for none. */
  uploadRule(
    target: string,
    field: string,
  ): { readonly reflex: string; readonly rule: UploadRule } | undefined;
  /** Where uploads go. Throws an `Error` that says what to configure when there is none. */
  bucket(env: Env): R2Bucket;
  /** Finds the methods that timers may run, by targets that the application itself names. */
  readonly ownTargets: Resolver;
  /** From 0 to below 1. */
  readonly random: () => number;
  /** Whether each call gets a line in the log. */
  readonly logsCalls: boolean;
  /** Names the newest files of the client. */
  readonly build: string;
  /** Never throws. */
  log(entry: LogEntry): void;
}
