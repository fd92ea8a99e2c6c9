import type { Cable } from "../cable/cable.ts";
import type { Cache } from "../cache/cache.ts";
import { renderToString } from "../render/render.ts";
import type { Part } from "../render/view.ts";
import type { SignOptions } from "../security/signed-values.ts";
import type { Session } from "../session/session.ts";
import type { Cookies } from "../state/cookies.ts";
import type { Flash } from "../state/flash.ts";
import type { Structures } from "../state/structures/structures.ts";
import type { TabState } from "../state/tab-state.ts";
import type { TimerTime } from "../state/timers.ts";
import type { Timers } from "../state/turn-timers.ts";
import type { Urls } from "../state/urls.ts";
import type { PresenceList } from "../topics/presence-list.ts";
import type { TouchOptions } from "../topics/turn-topics.ts";
import type { UploadRules } from "../uploads/upload-rules.ts";
import type { CallLogger } from "./call-logger.ts";
import type { Callback } from "./callbacks.ts";
import type { ReflexElement } from "./element.ts";
import type { PageMorphOptions } from "./morph-plan.ts";
import type { Params } from "./params.ts";
import type { AssignsOf, ReflexContext } from "./reflex-context.ts";
import type { Rescue } from "./rescues.ts";

/** Ends an action from within. The action is stopped also when its own code catches this. */
class StopSignal extends Error {
  override readonly name = "StopSignal";

  constructor(outcome: "halted" | "forbidden") {
    super(`The action was ${outcome}`);
  }
}

/**
 * The base of an application's reflex classes. Its public methods are *actions*: what a browser may call by
 * `Class#method`. An instance lives for one call; the session is what lasts.
 *
 * Every method that the class declares is an action, with these exceptions: `#private` methods, names that
 * begin with `_`, accessors, and, where the class has a static `actions`, whatever that list leaves out.
 * TypeScript's `private` keyword is gone at run time and protects nothing here.
 *
 * @typeParam SessionValues the session's keys and the types of their values
 * @typeParam Assigns what actions hand to the page they render next
 * @typeParam Env the Worker's bindings
 * @typeParam TabValues the keys of a tab's state and the types of their values
 * @example
 * class Counter extends Reflex<{ count: number }> {
 *   increment() {
 *     const step = Number(this.element.dataset.step ?? 1);
 *     this.session.set("count", (this.session.get("count") ?? 0) + step);
 *   }
 * }
 */
export abstract class Reflex<
  SessionValues extends object = Record<string, unknown>,
  Assigns extends object = Record<string, unknown>,
  Env = Cloudflare.Env,
  TabValues extends object = Record<string, unknown>,
> {
  /** The names of the methods that are actions; when absent, every declared method is one. */
  static readonly actions?: readonly string[];

  /**
   * The names of the actions that only read, `true` for all: their calls write no row, and may run again when the
   * connection is lost before their answer has come. Writing the session throws.
   */
  static readonly ephemeral?: readonly string[] | true;
  /**
   * The names of the actions that only read and need not wait for those before them, `true` for all: ephemeral ones that
   * also give up their place in the order.
   */
  static readonly concurrent?: readonly string[] | true;

  /**
   * How many times a timer that fails is run again, with longer and longer waits between: for methods of this class that
   * `later` runs. From 0 to 24; default 12, which takes some hours.
   */
  static readonly retries?: number;

  /**
   * The fields in which the class takes files, by their names: an input with `data-reflex-upload` has them uploaded to the bucket
   * `UPLOADS` before its form's call is made, and `this.params.file("avatar")` is what came.
   *
   * @example
   * static override readonly uploads = { avatar: { maxBytes: 5_000_000, types: ["image/*"] } };
   */
  static readonly uploads?: UploadRules;

  /**
   * What runs before, around and after actions: made by `before`, `around`, `after`, `prepend` and `skip`. A class has those of the
   * classes above it too, which come first. The methods that it names are no actions.
   */
  static readonly callbacks?: readonly Callback[];

  /**
   * What becomes of errors: made by `rescueFrom`. Those of the nearest class are asked first, and of one class the last one first. The
   * methods that it names are no actions.
   */
  static readonly rescues?: readonly Rescue[];

  readonly #context: ReflexContext<Assigns, Env>;
  #url: URL | undefined;

  constructor(context: ReflexContext<Assigns, Env>) {
    this.#context = context;
  }

  /** The element that triggered the call. */
  get element(): ReflexElement {
    return this.#context.element;
  }

  /**
   * The element of the Stimulus controller that made the call; absent for other calls. As {@link element}, it is the visitor's
   * claim.
   */
  get controllerElement(): ReflexElement | undefined {
    return this.#context.controllerElement;
  }

  /** The fields of the form around the element, over the query of the page's address. */
  get params(): Params {
    return this.#context.params;
  }

  /** The visitor's session. What is written here is committed when the action and its page have succeeded. */
  get session(): Session<SessionValues> {
    // What was stored is what was written; its types are the application's promise to itself.
    return this.#context.state.session as unknown as Session<SessionValues>;
  }

  /** What all sessions share. What is done to it is done at once, and stays done when the action fails. */
  get cache(): Cache {
    return this.#context.state.cache;
  }

  /**
   * What the application keeps for this tab: for one open page, its reloads, and the pages that it goes on to. Committed with
   * the session.
   */
  get tab(): TabState<TabValues> {
    return this.#context.state.tab as unknown as TabState<TabValues>;
  }

  /**
   * Typed structures: counters, lists, sets and the like. Those of the session are committed with it; those of a key,
   * `structures.for("user:42")`, are shared by all sessions, and changed at once, whatever becomes of the action.
   */
  get structures(): Structures {
    return this.#context.state.structures;
  }

  /** Messages that are shown once: by the page that this call renders, or the one that it sends the visitor to. */
  get flash(): Flash {
    return this.#context.state.flash;
  }

  /** The cookies of the visitor's browser. What is set is fetched by it over HTTP, so that it may be `HttpOnly`. */
  get cookies(): Cookies {
    return this.#context.state.cookies;
  }

  /** Makes addresses of the site. */
  get urls(): Urls {
    return this.#context.state.urls;
  }

  /**
   * Handed to the page that this call renders, as `c.var.assigns`, and to later renders of the tab until its next call. Kept with
   * the tab, not in the session.
   */
  get assigns(): AssignsOf<Assigns> {
    return this.#context.assigns;
  }

  /**
   * Handed to who made the call, however it ends: `(await stimulate(…)).payload`, or the `payload` of its error. JSON of at most
   * 8,000 characters: for other values the call is refused.
   */
  get payload(): Record<string, unknown> {
    return this.#context.payload.values;
  }

  set payload(values: Record<string, unknown>) {
    this.#context.payload.values = values;
  }

  /** The arguments of the call, which the action gets as its parameters too. */
  get args(): readonly unknown[] {
    return this.#context.args;
  }

  /** The address of the page that the visitor looks at: a copy, the same one each time. */
  get url(): URL {
    this.#url ??= new URL(this.#context.url);
    return this.#url;
  }

  /** What the browser would ask for the page with, its cookies and language included: a copy. */
  get request(): Request {
    return this.#context.browser.request;
  }

  /**
   * The headers with which the page is rendered behind this action: those of {@link request}, until they are changed here. What is
   * changed stays so for later renders of the tab until its next call, as {@link assigns} does.
   */
  get headers(): Headers {
    return this.#context.browser.headers;
  }

  /** What was called, `Class#action`, as the browser wrote it. */
  get target(): string {
    return this.#context.target;
  }

  /** The name of the action. */
  get action(): string {
    return this.#context.action;
  }

  /** Names the page load that made the call; absent for a timer, and for clients before version 2 of the protocol. */
  get tabId(): string | undefined {
    return this.#context.tabId;
  }

  /**
   * Signs a value that is handed to the visitor in what this action morphs, as `c.var.sign` does in a page: what comes back in an
   * attribute, `this.element.signed` gives.
   *
   * Rejects with a `TypeError` for what JSON cannot write, and for what is too large.
   */
  async sign(value: unknown, options?: SignOptions): Promise<string> {
    return await this.#context.state.signed.sign(value, options);
  }

  /** Writes lines into the application's log, with the id and the target of this call. */
  get logger(): CallLogger {
    return this.#context.logger;
  }

  /** The Worker's bindings: databases, secrets, other objects. */
  get env(): Env {
    return this.#context.env;
  }

  /** As {@link callId}. */
  get id(): string {
    return this.#context.callId;
  }

  /** Names this run of the call in the server's log. */
  get callId(): string {
    return this.#context.callId;
  }

  /**
   * Names this call, and is the same each time that it runs: after a crash before its commit it runs again. What it does to
   * other systems is done once when they are told this key, or keep it beside what they were told to do.
   */
  get idempotencyKey(): string {
    return this.#context.idempotencyKey;
  }

  /**
   * Has a method of a reflex class run later, once, whether a page is open or not. Set when this call is committed: one that
   * fails sets none. There is no element then and there are no params; `url` is this page's.
   *
   * Throws `TimerError`, saying which limit, for what cannot be a timer and for one too many.
   *
   * @returns the timer's name, for `timers.cancel`
   * @example
   * this.later("Reminder#show", { in: 60_000 }, "Tea is ready");
   */
  later(target: string, time: TimerTime, ...args: readonly unknown[]): string {
    return this.timers.later(target, time, ...args);
  }

  /** Sets and cancels timers, as `c.var.timers` does in a page. */
  get timers(): Timers {
    return this.#context.state.timersAt(this.#context.url.href);
  }

  /**
   * Says that what a topic stands for has changed: every page that rests on it is rendered again, for its own visitor. Sent when this
   * call is committed; one that fails says nothing.
   *
   * Throws `TopicError` for what is no topic's name, and for more than a turn may publish.
   *
   * @example
   * this.touch("todos:42");
   */
  touch(topic: string, options?: TouchOptions): void {
    this.#context.state.topics.touch(topic, options);
  }

  /**
   * Who is present in a topic. Looks only: it is a page that makes its visitor present, by `c.var.presence`.
   *
   * Rejects with `TopicError` for what is no topic's name, and with what the platform says when the topic cannot be reached.
   *
   * @typeParam Meta what pages tell of their visitors in this topic
   * @example
   * const others = (await this.presence("chat:7")).filter(({ isSelf }) => !isSelf);
   */
  async presence<Meta = unknown>(topic: string): Promise<PresenceList<Meta>> {
    // What pages tell of their visitors is the application's promise to itself.
    return (await this.#context.state.rosterOf(topic)) as PresenceList<Meta>;
  }

  /** Explicit instructions to the page, carried out in order: behind its update, before it, or at once. */
  get cable(): Cable {
    return this.#context.cable;
  }

  /** Ends the action here: nothing of it is kept and no page is rendered. The caller's promise resolves as `halted`. */
  halt(): never {
    throw this.#stop("halted");
  }

  /** As {@link halt}, for what the visitor may not do: the caller's promise resolves as `forbidden`. */
  forbid(): never {
    throw this.#stop("forbidden");
  }

  #stop(outcome: "halted" | "forbidden"): StopSignal {
    this.#context.plan.stopped = outcome;
    return new StopSignal(outcome);
  }

  /** A view, or text, as HTML: for what is handed on elsewhere. {@link morph} takes views as they are. */
  render(content: Part): string {
    return renderToString(content);
  }

  /**
   * Renders the page again and brings the browser to it: what happens when an action says nothing.
   *
   * @param options `url`: the page of another address of the site is rendered instead, and stays in the tab until its next call; the tab
   *   keeps its own address
   */
  morph(mode: "page", options?: PageMorphOptions): void;
  /** Leaves the page alone; it is not even rendered. */
  morph(mode: "nothing"): void;
  /**
   * Brings the content of the elements that match `selector` to `content`, and renders no page. When `content`
   * itself holds a match, that match's content is taken; `null` is no content. May be called for several selectors; they apply in
   * order. Text is escaped; pass `html`, or `unsafeHtml` for markup of your own making.
   */
  morph(selector: string, content: Part): void;
  /** The same for several selectors, in the order of the record. */
  morph(contents: Readonly<Record<string, Part>>): void;
  /** Throws a `TypeError` for what contradicts an earlier order: it says what may follow on what. */
  morph(...order: readonly unknown[]): void {
    this.#context.plan.order(order, this.#context.url);
  }
}
