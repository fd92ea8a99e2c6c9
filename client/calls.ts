import { ATTRIBUTES } from "../src/protocol/names.ts";
import type { CallOptions } from "./call-arguments.ts";
import { detailOf } from "./call-detail.ts";
import type { Consumer, ConsumerPorts } from "./consumer.ts";
import { ReflexError } from "./errors.ts";
import type { LazyPage } from "./lazy-page.ts";
import { offlinePolicy } from "./offline.ts";
import type { CallWatcher } from "./pending-calls.ts";
import { enter, type ReflexCall, Reflexes, type ReflexPromise, type ReflexResult } from "./reflex-call.ts";
import type { ConsumerResult, Outcome } from "./reflex-result.ts";

/** What is known of a call when it is made. */
type MadeCall = Pick<ReflexCall, "target" | "element" | "args" | "event">;

/** Makes the calls of one page, and tells of every stage of each. */
export class Calls {
  readonly reflexes = new Reflexes();
  readonly #consumer: Consumer;
  readonly #page: LazyPage;
  readonly #later: ConsumerPorts["later"];

  constructor(consumer: Consumer, page: LazyPage, later: ConsumerPorts["later"]) {
    this.#consumer = consumer;
    this.#page = page;
    this.#later = later;
  }

  /**
   * Makes a call: all that it carries is read before this returns.
   *
   * @param submitter the button that submitted the form, when one did
   */
  call(made: MadeCall, options: CallOptions, submitter?: Element | null): ReflexPromise {
    const number = this.#consumer.reserve();
    const id = `${this.#consumer.tab}:${number}`;
    const isQuiet = options.suppressLogging === true;
    const params = new URLSearchParams();
    const call: ReflexCall = { ...made, id, isQuiet, params, stage: "created", stages: [] };
    this.reflexes.set(id, call);
    const sent = this.#send(call, number, options, submitter);
    call.promise = Object.assign(this.#end(call, sent, options), { id, reflex: call });
    return call.promise;
  }

  async #send(
    call: ReflexCall,
    number: number,
    options: CallOptions,
    submitter: Element | null | undefined,
  ): Promise<Pick<ConsumerResult, "outcome" | "payload">> {
    const { target, element } = call;
    if (!enter(call, "before")) return { outcome: "cancelled" };
    if (element && this.#refuses(element)) throw new ReflexError(target, "offline");
    const detail = this.#page.without(() => detailOf(call, options, submitter));
    const latestOf = element?.hasAttribute(ATTRIBUTES.latest) ? element : undefined;
    const answered = element && this.#page.pend(element);
    const watcher: CallWatcher = {
      number,
      enter: (stage, reply) => enter(Object.assign(call, reply), stage),
    };
    return await this.#consumer.call(target, detail, latestOf, watcher).finally(answered);
  }

  /** True when the element's calls are to fail rather than wait for the connection. */
  #refuses(element: Element): boolean {
    const { state } = this.#consumer;
    const isOffline = state === "offline" || state === "refused";
    return isOffline && /^(refuse|disable)$/.test(offlinePolicy(element));
  }

  async #end(
    call: ReflexCall,
    sent: Promise<Pick<ConsumerResult, "outcome" | "payload">>,
    { resolveLate }: CallOptions,
  ): Promise<ReflexResult> {
    const { id, target, element, event } = call;
    try {
      Object.assign(call, await sent);
    } catch (error) {
      // The consumer and the offline policy reject with no other errors.
      call.error = Object.assign(error as ReflexError, { id });
      call.payload = call.error.payload;
    }
    const { error, outcome = "done", payload } = call;
    // Of a call that the next page makes there is nothing to tell.
    if (error?.code !== "page-closed") {
      tellEnd(call, outcome);
      if (resolveLate) await this.#painted();
      call.updates = undefined;
      enter(call, "finalize");
      this.reflexes.prune();
    }
    if (error !== undefined) throw error;
    return { id, target, element, event, outcome, payload };
  }

  /** Resolves when the browser has painted; after a second in a page that is hidden, which paints nothing. */
  #painted(): Promise<void> {
    return new Promise((resolve) => {
      this.#later(1000, resolve);
      requestAnimationFrame(() => this.#later(0, resolve));
    });
  }
}

function tellEnd(call: ReflexCall, outcome: Outcome): void {
  const { error, event } = call;
  if (error === undefined) {
    if (outcome === "done" || outcome === "nothing") enter(call, "success");
    if (outcome !== "done") enter(call, outcome);
    // Nobody holds the promise of a declared reflex.
  } else if (enter(call, "error") && event !== undefined) console.error(error);
  enter(call, "after");
}
