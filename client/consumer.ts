import { callFromElsewhere, isPageUrl } from "../src/protocol/call-codec.ts";
import { encode } from "../src/protocol/codec.ts";
import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { CallDetail, PushFrame, ServerFrame, Update, WelcomeFrame } from "../src/protocol/messages.ts";
import { type ConnectionState, PROTOCOL_VERSION, SAME_PAGE } from "../src/protocol/names.ts";
import { RESTORE_EDIT } from "../src/protocol/patch.ts";
import { PAGE_LEFT, PROTOCOL_UNKNOWN } from "../src/protocol/refusals.ts";
import { Arrivals } from "./arrivals.ts";
import { textOf } from "./call-text.ts";
import type { ConsumerListener, ConsumerPorts } from "./consumer-ports.ts";
import { ReflexError } from "./errors.ts";
import { type HeldFrame, HeldFrames, numberOf } from "./held-frames.ts";
import { type CallWatcher, type PendingCall, PendingCalls, type Told } from "./pending-calls.ts";
import type { ConsumerResult, Outcome } from "./reflex-result.ts";
import { readReply } from "./replies.ts";
import { ReconnectingSocket, type SocketListener } from "./socket.ts";

/** Where a call was made whose page is not to be shown here. */
const ELSEWHERE: Told = { url: "", said: "" };

/**
 * The one connection of a page, shared by everything on it: sends calls, matches replies to them, settles every
 * promise. A call is kept until it is answered and sent again on each new socket; the server runs it once.
 */
export class Consumer implements SocketListener {
  readonly #socket: ReconnectingSocket;
  readonly #listener: ConsumerListener;
  readonly #ports: ConsumerPorts;
  readonly #calls: PendingCalls;
  /** Names this load of the page. */
  readonly tab: string;
  /** The session of calls that an earlier page left, and this one's, once it is known. */
  readonly #heirOf: string;
  #session = "";
  /** How many frames with updates were applied. */
  #seen = 0;
  /** What the last push said the page is, while nothing else has changed it. */
  #digest = "";
  /** Where the server takes this page to be; absent until it was told on this socket, and again when something was dropped. */
  #told: Told | undefined;
  readonly #held: HeldFrames;
  readonly #arrivals: Arrivals;
  /** Fragments that were asked for and have not come. */
  #asked = 0;
  #wasOpen = false;
  /** The server has answered this socket's hello. */
  #isWelcome = false;
  /** Calls of this page have been in storage. */
  #hasKept = false;
  /** The page is gone for good, as far as the browser says. */
  #isLeft = false;
  /** What the server has not heard to have come: one for each frame, and for each 1,000 characters. */
  #unacknowledged = 0;

  constructor(listener: ConsumerListener, ports: ConsumerPorts) {
    this.#listener = listener;
    this.#ports = ports;
    // 11 letters and digits: two pages of one visitor have the same by a chance of one in 10^16.
    this.tab = ports.random().toString(36).slice(2, 13).padEnd(11, "0");
    this.#calls = new PendingCalls((count) => listener.pendingChanged(count));
    this.#held = new HeldFrames(this.#calls);
    this.#arrivals = new Arrivals({
      prepare: (updates) => listener.prepare(updates),
      take: (frame) => this.#take(frame),
      later: ports.later,
      lost: () => listener.outdated(),
    });
    this.#heirOf = this.#calls.restore(ports.storage);
    this.#socket = new ReconnectingSocket(this, ports);
  }

  get state(): ConnectionState {
    return this.#socket.state;
  }

  /** The server has heard of this page. */
  get isMet(): boolean {
    return this.#session !== "";
  }

  get isWaiting(): boolean {
    return this.#calls.size > 0;
  }

  /** Opens the socket; when it waits to, tries at once; when it is open, finds out whether it lives. */
  connect(): void {
    this.#isLeft = false;
    this.#socket.connect();
  }

  /** The network is another one: what was opened on the last is of no use. */
  reconnect(): void {
    this.#socket.reconnect();
  }

  /** Leaves what is unanswered to the next page of this browser tab, should this one not come back. */
  save(): void {
    // What was left is not to be written over by what is found hidden a moment later.
    if (this.#isLeft) return;
    const hasLeft = this.#calls.save(this.#ports.storage, this.tab, this.#session || this.#heirOf);
    this.#hasKept ||= hasLeft;
  }

  /**
   * The page is left.
   *
   * @param isForGood false when it may come back as it is
   */
  leave(isForGood: boolean): void {
    this.save();
    this.#isLeft = isForGood;
    // A duplicated tab may have a copy of what was ever kept, and make those calls again.
    this.#socket.suspend(this.isWaiting || this.#hasKept ? 1000 : PAGE_LEFT);
    if (isForGood) this.#calls.failAll("page-closed");
  }

  /**
   * Calls an action. Rejects with {@link ReflexError}; settles in every case.
   *
   * @param latestOf of the calls of this target for this element, only the last is to be shown
   * @param watcher told of its way
   */
  call(
    target: string,
    detail: CallDetail,
    latestOf?: object,
    watcher?: CallWatcher,
  ): Promise<ConsumerResult> {
    return new Promise((resolve, reject) => {
      const fail: PendingCall["fail"] = (...why) => reject(new ReflexError(target, ...why));
      const url = this.#here;
      const text = textOf(target, detail);
      if (text === undefined) return fail("call-not-json");
      // With room for the number, and for what is said of a call of another page.
      const { clientFrameChars, urlChars } = CLIENT_LIMITS;
      if (text.length > clientFrameChars - urlChars - 100) return fail("call-too-large");
      if (!isPageUrl(url)) return fail("address-unsendable");
      if (this.#isLeft) return fail("page-closed");
      if (this.state === "refused") return fail("connection-refused");
      if (!this.#calls.hasRoom(text.length)) return fail("too-many-waiting");
      // The server and this class know no other outcomes.
      const settle: PendingCall["settle"] = (outcome, payload) =>
        resolve({ target, outcome: outcome as Outcome, ...(payload !== undefined && { payload }) });
      const call: PendingCall = { target, text, url, at: this.#ports.now(), latestOf, watcher, settle, fail };
      this.#calls.add(call);
      this.#flush();
      if (!call.wasSent) watcher?.enter("queued");
    });
  }

  /** Asks for a fragment of the page as it should be; by the empty address for the page. */
  restore(address: string): void {
    this.#asked += 1;
    if (this.state === "online") this.#socket.send(encode(["s", address]));
  }

  /** Another page is shown here, without a load: what was rendered for the last one is not for this. */
  moved(): void {
    this.#told = undefined;
    this.#digest = "";
    this.#tell(this.#here);
    // A copy of a page that had been changed, or one that could not be told, may be behind what it should show.
    if (this.#told === undefined || this.#listener.state() === "") this.restore("");
  }

  // SocketListener

  opened(): void {
    const url = isPageUrl(this.#here) ? this.#here : "/";
    this.#told = { url, said: url };
    // A page that says nothing of itself is as it came on its first socket only.
    const state = this.#listener.state() ?? (this.#wasOpen ? "" : undefined);
    const hello = ["h", PROTOCOL_VERSION, this.tab, this.#seen, this.#calls.low, url] as const;
    // On its first socket a page has not been told of any place in a topic.
    const told = [state || this.#digest, this.#listener.positions()] as const;
    this.#socket.send(encode(state === undefined ? hello : [...hello, ...told]));
    this.#wasOpen = true;
    // Their answers may be among what was missed.
    for (const [, call] of this.#calls.all())
      call.from = call.tab === undefined && call.url === url ? this.#told : ELSEWHERE;
    if (this.#asked > 0) {
      this.#asked = 0;
      this.restore("");
    }
    this.#flush();
  }

  received(text: string): void {
    this.#arrivals.add(text);
  }

  #take(frame: ServerFrame): void {
    if (frame[0] === "w") return this.#welcomed(frame);
    // A server says this to clients that have not said hello; this one has.
    for (const due of this.#held.add(frame as HeldFrame)) {
      this.#apply(due);
      this.#acknowledge(due);
    }
    this.#flush();
  }

  dropped(code?: number): void {
    this.#held.drop();
    this.#arrivals.drop();
    this.#isWelcome = false;
    this.#told = undefined;
    for (const [, call] of this.#calls.all()) call.isSent = false;
    if (this.state !== "refused") return;
    const isOutdated = code === PROTOCOL_UNKNOWN;
    this.#calls.failAll(isOutdated ? "protocol-mismatch" : "connection-refused");
    if (isOutdated) this.#listener.outdated();
  }

  stateChanged(state: ConnectionState): void {
    this.#listener.stateChanged(state);
  }

  get #here(): string {
    const { pathname, search } = new URL(this.#ports.pageUrl());
    return pathname + search;
  }

  #welcomed([, , session, build]: WelcomeFrame): void {
    for (const [number, { tab }] of this.#calls.all()) {
      const made = tab === undefined ? this.#session : this.#heirOf;
      if (made !== "" && made !== session) this.#calls.take(number)?.fail("session-changed");
    }
    this.#session = session;
    this.#isWelcome = true;
    this.#listener.welcomed(build);
    this.#flush();
  }

  /** Sends what is not sent, in order, as far as the server should have it at a time. */
  #flush(): void {
    if (this.state !== "online") return;
    let room: number = CLIENT_LIMITS.clientSentCalls;
    for (const [number, call] of this.#calls.all()) {
      // What was made in a session waits until it is known that this is the same, and what was missed; the others behind it.
      const isOfSession = call.tab !== undefined || call.wasSent || this.#session !== "";
      if (!call.isSent && isOfSession && !this.#isWelcome) return;
      // The server is done with what is held.
      if (!this.#held.has(number)) room -= 1;
      if (room < 0) return;
      if (!call.isSent) this.#sendCall(number, call);
    }
  }

  #sendCall(number: number, call: PendingCall): void {
    if (this.#ports.now() - call.at > CLIENT_LIMITS.callAgeMs) {
      this.#calls.take(number)?.fail("call-expired");
      return;
    }
    const { text, tab = 0, url } = call;
    const isOfHere = tab === 0 && url === this.#here;
    if (isOfHere) this.#tell(url);
    call.from = isOfHere ? this.#told : ELSEWHERE;
    const isFirst = !call.wasSent;
    call.isSent = true;
    call.wasSent = true;
    this.#socket.send(`[${number},${isOfHere ? text : callFromElsewhere(text, tab, url)}]`);
    if (isFirst) call.watcher?.enter("delivered");
  }

  /** The page may have changed its address by the history API. */
  #tell(url: string): void {
    if (url === this.#told?.said || this.state !== "online" || !isPageUrl(url)) return;
    const isSame = url === this.#told?.url;
    this.#told = Object.assign((isSame && this.#told) || { url }, { said: url });
    const state = isSame ? SAME_PAGE : this.#listener.state();
    this.#socket.send(encode(state === undefined ? ["l", url] : ["l", url, state]));
  }

  #apply(frame: HeldFrame): void {
    if (frame[0] === "p") return this.#applyPush(frame);
    // Nothing is waiting for an answer that comes for the second time.
    const call = this.#calls.take(numberOf(frame));
    if (call === undefined) return;
    if (frame[0] === "e") return call.fail(frame[2], frame[3], frame[4], frame[5]);
    const { outcome, payload, updates } = readReply(frame);
    if (updates.length > 0) {
      call.watcher?.enter("before-morph", { outcome, payload, updates });
      this.#seen += 1;
      this.#digest = "";
      this.#update(updates, call.from, call);
    }
    // The action ran, whatever became of the page: its caller must hear so.
    call.settle(call.by === undefined ? (outcome ?? "done") : "superseded", payload);
  }

  #applyPush([, seen, digest, ...updates]: PushFrame): void {
    if (seen <= this.#seen) return;
    this.#seen = seen;
    const isWhole = ([kind, edit]: Update) => kind === "page" || edit?.[0] === RESTORE_EDIT;
    if (updates.some(isWhole)) this.#asked = Math.max(0, this.#asked - 1);
    this.#digest = this.#update(updates, this.#told, this.#calls.get(this.#calls.low)) ? digest : "";
  }

  /** Lets the server forget what it keeps, and know what has been read, now and then. */
  #acknowledge(frame: HeldFrame): void {
    this.#unacknowledged += 1 + JSON.stringify(frame).length / 1000;
    if (this.#unacknowledged < CLIENT_LIMITS.unacknowledged) return;
    this.#unacknowledged = 0;
    this.#socket.send(encode(["a", this.#calls.low, this.#seen]));
  }

  /**
   * @param from where the page was that the updates were rendered for
   * @param call what they answer, or may be part of the answer to
   */
  #update(updates: readonly Update[], from: Told | undefined, call: PendingCall | undefined): boolean {
    const here = this.#here;
    const isHere = from === this.#told && from?.url === here;
    try {
      // Script may have moved on meanwhile: the page at another address is not to be painted over with this one.
      const due = updates.filter(([kind]) => isHere || /^(visit|errand|template)$/.test(kind));
      this.#listener.update(due, call?.watcher?.place);
    } catch (error) {
      // Frames behind this one are to be applied all the same.
      console.error(error);
    }
    if (isHere) {
      this.#calls.moved(from, this.#here);
      return true;
    }
    // The server takes what is left out for shown, until it is told a location, or asked for the page on another socket.
    if (from === this.#told) this.#told = undefined;
    this.#asked += 1;
    this.#tell(here);
    return false;
  }
}
