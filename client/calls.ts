import { ATTRIBUTES } from "../src/protocol/names.ts";
import type { CallOptions } from "./call-arguments.ts";
import { detailOf } from "./call-detail.ts";
import type { Consumer } from "./consumer.ts";
import type { ConsumerPorts } from "./consumer-ports.ts";
import { ReflexError } from "./errors.ts";
import { fieldsOf, filesOf } from "./forms.ts";
import type { LazyExtras } from "./lazy-extras.ts";
import type { LoadFile } from "./lazy-files.ts";
import type { LazyPage } from "./lazy-page.ts";
import { offlinePolicy } from "./offline.ts";
import type { CallWatcher } from "./pending-calls.ts";
import { enter, type ReflexCall, Reflexes, type ReflexPromise, type ReflexResult } from "./reflex-call.ts";
import type { ConsumerResult, Outcome } from "./reflex-result.ts";
import type { UploadingCall } from "./upload.ts";

/** What is known of a call when it is made. */
type MadeCall = Pick<ReflexCall, "target" | "element" | "args" | "event">;

/** What varies between a browser and a test. */
interface CallPorts extends Pick<ConsumerPorts, "later"> {
  /** Loads what few pages need. */
  readonly load: LoadFile;
}

/** Makes the calls of one page, and tells of every stage of each. */
export class Calls {
  readonly reflexes = new Reflexes();
  readonly extras: LazyExtras;
  readonly #consumer: Consumer;
  readonly #page: LazyPage;
  readonly #ports: CallPorts;
  /** How many calls were made. */
  #made = 0;

  constructor(consumer: Consumer, page: LazyPage, extras: LazyExtras, ports: CallPorts) {
    this.extras = extras;
    this.#consumer = consumer;
    this.#page = page;
    this.#ports = ports;
  }

  /**
   * Makes a call: all that it carries is read before this returns, but for what few elements ask for, while that is loaded.
   *
   * @param submitter the button that submitted the form, when one did
   */
  call(made: MadeCall, options: CallOptions, submitter?: Element | null): ReflexPromise {
    this.#made += 1;
    const id = `${this.#consumer.tab}:${this.#made}`;
    const params = new URLSearchParams();
    const call: ReflexCall = { ...made, id, isQuiet: false, params, stage: "created", stages: [] };
    this.reflexes.set(id, call);
    const sent = this.#send(call, options, submitter);
    call.promise = Object.assign(this.#end(call, sent, options), { id, reflex: call });
    return call.promise;
  }

  async #send(
    call: ReflexCall,
    options: CallOptions,
    submitter: Element | null | undefined,
  ): Promise<Pick<ConsumerResult, "outcome" | "payload">> {
    const { target, element } = call;
    const place = { caller: element, focused: document.activeElement, at: performance.now() };
    const isAsking = this.extras.isAskedBy(element, options);
    const ready = this.extras.ready(isAsking);
    if (ready) await ready;
    const extras = isAsking && this.extras.extras;
    // Without a network there is no file to load either.
    if (extras === undefined) throw new ReflexError(target, "offline");
    const wanted = extras ? extras.optionsOf(call, options) : options;
    // A number field that holds no number would say that it is empty.
    const { validity }: Partial<HTMLInputElement> = element ?? {};
    if (!enter(call, "before") || validity?.badInput) return { outcome: "cancelled" };
    if (element && this.#refuses(element)) throw new ReflexError(target, "offline");
    const detail = this.#page.without(() => {
      const detail = detailOf(call, submitter);
      return extras ? extras.complete(detail, call, wanted, (form) => fieldsOf(form, submitter)) : detail;
    });
    const latestOf = element?.hasAttribute(ATTRIBUTES.latest) ? element : undefined;
    const answered = element && this.#page.pend(element);
    const watcher = {
      place,
      enter: (...[stage, reply]: Parameters<CallWatcher["enter"]>) =>
        enter(Object.assign(call, reply), stage),
    };
    const make = (form = detail.form) => this.#consumer.call(target, { ...detail, form }, latestOf, watcher);
    const chosen = element && filesOf(element);
    if (chosen === undefined || detail.form === undefined) return await make().finally(answered);
    const fail: UploadingCall["fail"] = (...why) => new ReflexError(target, ...why);
    const uploading = { target, chosen, fields: detail.form, send: make, fail };
    return await this.#upload(uploading).finally(answered);
  }

  /** Makes a call when the files of its form are up. */
  async #upload(call: UploadingCall): Promise<ConsumerResult> {
    // Without a network there is no file to load either.
    const { callWithUploads } = await this.#ports.load("upload").catch(() => {
      throw new ReflexError(call.target, "offline");
    });
    return await callWithUploads(call);
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
      const finalized = this.#finalize(call, resolveLate);
      if (resolveLate) await finalized;
    }
    if (error !== undefined) throw error;
    return { id, target, element, event, outcome, payload };
  }

  /** At once where nothing is under way: then no promise of a call settles before it. */
  async #finalize(call: ReflexCall, isPaintedFirst: boolean | undefined): Promise<void> {
    const { working } = this.#page;
    if (working !== undefined) await working;
    // An option, so that what options need is there.
    if (isPaintedFirst) await this.extras.extras?.painted(this.#ports.later);
    call.updates = undefined;
    enter(call, "finalize");
    this.reflexes.prune();
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
