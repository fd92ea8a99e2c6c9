import { encode } from "../src/protocol/codec.ts";
import type { ServerFrame, Update } from "../src/protocol/messages.ts";
import type { PageCause, Shown, TurnDone, TurnNews } from "../src/turn/turn-end.ts";
import { AnsweredCalls } from "./answered-calls.ts";
import { KnownTemplates } from "./known-templates.ts";
import { lastAfter } from "./last-turn.ts";
import { headItems, splitKept } from "./reply-head.ts";
import { SentFrames } from "./sent-frames.ts";
import type { RegionNews } from "./session-regions.ts";
import {
  fitsSocket,
  type LastTurn,
  readAttachment,
  type TabAttachment,
  writeAttachment,
} from "./tab-attachment.ts";
import { TabClient } from "./tab-client.ts";
import { TabRequests } from "./tab-requests.ts";
import { TabTopics } from "./tab-topics.ts";
import { regionBrought, type TopicTab } from "./topic-tab.ts";
import { isBesidePage, isForBrowser } from "./update-kinds.ts";

/**
 * One open page of the session: its socket, and what is known of what it shows. The socket remembers what is needed
 * to find the rest again; the render itself is kept in memory alone. While the object is awake, a page whose socket
 * dropped is kept too, and goes on with its next socket.
 */
export class Tab extends TabClient implements TopicTab {
  /** What the tab shows, as far as it is at hand. */
  shown: Shown | undefined;
  /** True when something was committed that the tab was not brought up to date with, since it was away. */
  hasMissed = false;
  /** True when what its last turn assigned may not be what the page was told of last. */
  isLastDoubtful = false;
  /** True for a page that its browser tab has come back to from a later one. */
  isBack = false;
  /** True while it waits to be found up to date. */
  isToBeChecked = false;
  /** The addresses that the tab waits to have restored. */
  readonly restoring = new Set<string>();
  /** The calls of the tab that wait or run: by their number, and by the page load when it was an earlier one. */
  readonly waiting = new Set<string>();
  /** Answers to calls that were refused without a turn, until they are stored with a later one: texts by number. */
  readonly unsaved = new Map<number, string>();
  /** What it rests on, and how far it was told of that. */
  readonly topics: TabTopics;
  /** The calls that were answered, and need no second answer. */
  #answered: AnsweredCalls;
  #socket: WebSocket;
  #kept: TabAttachment;
  #last: LastTurn | undefined;
  #sent: SentFrames;
  #templates: KnownTemplates;
  #url: URL | undefined;
  readonly #requests = new TabRequests();

  constructor(socket: WebSocket, kept: TabAttachment) {
    super();
    this.#socket = socket;
    this.#kept = kept;
    this.#last = kept.last;
    this.#sent = new SentFrames(kept.sent);
    this.#templates = new KnownTemplates(kept.templates);
    this.#answered = new AnsweredCalls(kept.answered);
    this.topics = new TabTopics(kept.topics);
    this.hasMissed = kept.hasMissed === true;
  }

  /** `undefined` for a socket that remembers nothing: of a version of this code that is not understood any more. */
  static of(socket: WebSocket): Tab | undefined {
    const kept = readAttachment(socket);
    return kept && new Tab(socket, kept);
  }

  get socket(): WebSocket {
    return this.#socket;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  /** Every call below this number has its answer. */
  get low(): number {
    return this.#kept.low ?? 0;
  }

  /** The tab has acknowledged every answer to calls below this number. */
  acknowledge(low: number): void {
    if (low > this.low) this.#keep({ ...this.#kept, low });
  }

  /** The tab has read every frame with updates up to this number. */
  read(seen: number): void {
    this.#sent.unread.read(seen);
  }

  /** True for a tab that says what it reads, and has not read what it was sent: until it has, it is sent answers and nothing else. */
  get isBehind(): boolean {
    return this.takesPlaces && this.#sent.unread.areTooMany;
  }

  /** Remembers {@link doubtedAt}. */
  doubt(doubtedAt: number | undefined): void {
    this.#keep({ ...this.#kept, doubtedAt });
  }

  /** Names the page load; absent for clients of the version before. */
  get id(): string | undefined {
    return this.#kept.tab;
  }

  protected override get remembered(): TabAttachment {
    return this.#kept;
  }

  /** The browser has other cookies: pages are rendered with them. */
  setCookies(header: string): void {
    const others = this.#kept.headers.filter(([name]) => name !== "Cookie");
    const headers = [...others, ["Cookie", header] as const];
    if (!fitsSocket(headers)) return;
    this.#keep({ ...this.#kept, headers });
  }

  /** How many frames with updates the page load was sent. */
  get sent(): number {
    return this.#sent.count;
  }

  /** A request for a page as the tab's browser would make it. */
  requestFor({ href }: URL): Request {
    return this.#requests.for(href, this.#kept.headers);
  }

  /** What its browser would send as `Cookie`; empty for nothing. */
  get cookieHeader(): string {
    return this.#kept.headers.find(([name]) => name === "Cookie")?.[1] ?? "";
  }

  /** The address of the page that the tab shows; absent until it has said. */
  get url(): URL | undefined {
    const { url, origin } = this.#kept;
    if (url !== undefined) this.#url ??= new URL(url, origin);
    return this.#url;
  }

  /** Path and query of the same. */
  get path(): string | undefined {
    return this.#kept.url;
  }

  /** Stands for what the tab shows, when the render is not at hand. */
  get digest(): string | undefined {
    return this.#kept.digest;
  }

  /** What the page is told when no call of this tab causes its render. */
  get last(): LastTurn | undefined {
    return this.#last;
  }

  /** Goes on with another socket, which remembers nothing but its headers yet. */
  move(socket: WebSocket, { origin, headers, before, region }: TabAttachment): void {
    this.#socket = socket;
    this.restoring.clear();
    this.#answered.moved();
    this.isBack = before !== undefined;
    const news = { ...(before === undefined ? {} : { before }), ...(region === undefined ? {} : { region }) };
    this.#keep({ ...this.#kept, origin, headers, ...news });
  }

  /**
   * A page load says how it is called, and how much it has seen of what it was sent: of this object's earlier life, or
   * nothing yet. Templates that it was told of then may have been in what it missed.
   */
  begin(tab: string, seen: number, protocol: number): void {
    this.#sent = new SentFrames(seen);
    this.#answered = new AnsweredCalls();
    this.#templates = new KnownTemplates("");
    this.#keep({ ...this.#kept, tab, protocol, sent: seen, templates: "", answered: [] });
  }

  /** Sends again what the tab has missed. False when that is not at hand any more. */
  replay(seen: number): boolean {
    const missed = this.#sent.after(seen);
    for (const text of missed ?? []) this.#sendText(text);
    return missed !== undefined;
  }

  /**
   * The tab has said where it is.
   *
   * @param digest what stands for what it shows, when that is known
   * @param last what its last turn handed to this page
   */
  locate(path: string, digest: string | undefined, last?: LastTurn): void {
    const { digest: _, last: __, ...kept } = this.#kept;
    this.shown = undefined;
    this.hasMissed = false;
    this.#last = last;
    this.#url = undefined;
    this.#keep({
      ...kept,
      url: path,
      ...(digest === undefined ? {} : { digest }),
      ...(last === undefined ? {} : { last }),
    });
  }

  /** The page that the tab shows is at another address from now on. */
  readdress(path: string): void {
    this.#url = undefined;
    this.#keep({ ...this.#kept, url: path });
  }

  /** Nothing is known of what its last turn handed to its page. */
  forgetLast(): void {
    const { last: _, ...kept } = this.#kept;
    this.#last = undefined;
    this.isLastDoubtful = false;
    this.#keep(kept);
  }

  /**
   * Answers a call with what its turn came to, and remembers what the tab shows from then on.
   *
   * @returns the frame as it was sent
   */
  answer(number: number, end: TurnDone, cause: PageCause): string {
    const { updates } = end;
    const head = headItems(end, this.takesPayloads);
    const text = this.#sendUpdates([number, ...head, ...this.#tell(end)], updates.length > 0);
    this.#answered.add(number, updates.length > 0);
    this.#last = lastAfter(end, cause, this.#last);
    this.show(end.shown);
    return text;
  }

  /** Brings a tab up to date that did not ask. */
  push(end: TurnDone): void {
    const told = this.#tell(end);
    if (end.updates.length > 0) this.#sendUpdates(this.#pushFrame(told, end.shown?.digest.toString()), true);
    this.show(end.shown);
  }

  /** Sends operations at once, behind no call's answer. What the tab is known to show is not touched by them. */
  sendNow(operations: readonly Update[]): void {
    if (!this.takesPayloads || operations.length === 0) return;
    this.#sendUpdates(this.#pushFrame(operations, this.digest), true);
    this.#keep({ ...this.#kept, sent: this.#sent.count });
  }

  /** Sends what changes a region, which its page takes no part in. Not kept by the socket before {@link keepTopics}. */
  tellRegion(news: RegionNews): void {
    const told = this.#tell(news);
    if (news.updates.length === 0) return;
    this.#sendUpdates(this.#pushFrame(told, this.digest), true);
    this.#kept = { ...this.#kept, sent: this.#sent.count, templates: this.#templates.kept };
  }

  /**
   * Answers a call that ended before, by the text of what its answer said. The tab may have it already: then it takes no
   * notice, and counts nothing; so what is to be counted is pushed, with its number.
   *
   * @param isHere false for a call that was made elsewhere: of what it did to its page, only where that went is told
   */
  answerAgain(number: number, kept: string | undefined, isHere: boolean): void {
    const [kind, ...items]: unknown[] = kept === undefined ? [number] : JSON.parse(kept);
    if (kind === "e") return this.#sendText(kept ?? "");
    const { said, updates: all } = splitKept(items);
    const updates = all.filter((update) => isHere || isForBrowser(update));
    if (updates.length > 0) {
      this.#sendUpdates(this.#pushFrame(updates), true);
      this.show(updates.every(isBesidePage) ? this.shown : undefined);
    }
    this.send([number, ...headItems(said, this.takesPayloads)]);
  }

  /** Answers a call of a tab that has moved on: of all that was rendered for it, it is only told to go elsewhere. As {@link answer}. */
  leave(number: number, end: TurnDone): string {
    const visits = end.updates.filter(isBesidePage);
    const head = headItems(end, this.takesPayloads);
    this.#answered.add(number, visits.length > 0);
    const text = this.#sendUpdates([number, ...head, ...visits], visits.length > 0);
    this.#keep({ ...this.#kept, sent: this.#sent.count, answered: this.#answered.kept });
    return text;
  }

  /**
   * True when the tab has been sent the answer to this call over the socket that it has, or has been sent it again as it came back; or
   * has said so. It counts no second answer, since nothing waits for one any more; so there must be no updates in one.
   */
  hasAnswered(number: number): boolean {
    return number < this.low || this.#answered.has(number);
  }

  /** Remembers what the tab shows, without a word to it. */
  show(shown: Shown | undefined): void {
    this.shown = shown;
    const { digest: _, last: __, ...kept } = this.#kept;
    this.#keep({
      ...kept,
      sent: this.#sent.count,
      answered: this.#answered.kept,
      templates: this.#templates.kept,
      ...(shown === undefined ? {} : { digest: shown.digest.toString() }),
      ...(this.#last === undefined ? {} : { last: this.#last }),
    });
  }

  /** A frame that says nothing of the page. As {@link answer}. */
  send(frame: ServerFrame): string {
    const text = encode(frame);
    if (frame[0] === "e") this.#answered.add(Number(frame[1]), false);
    this.#sendText(text);
    return text;
  }

  /** Has its socket remember its topics. */
  keepTopics(): void {
    this.#keep(this.#kept);
  }

  #pushFrame(updates: readonly Update[], digest = ""): ServerFrame {
    if (this.id === undefined) return ["p", ...updates];
    return ["p", this.#sent.count + 1, digest, ...updates];
  }

  /** The updates, behind the templates in them that the tab does not know, and where the regions stand that are in them. */
  #tell({ updates, templates, regions = [] }: TurnNews): readonly Update[] {
    const places = regions.flatMap((region) => regionBrought(this, region));
    return [...this.#templates.tell(templates), ...updates, ...places];
  }

  #sendUpdates(frame: ServerFrame, isCounted: boolean): string {
    const text = encode(frame);
    if (isCounted && this.id !== undefined) this.#sent.add(text);
    this.#sendText(text);
    return text;
  }

  #sendText(text: string): void {
    // A tab that left while its call ran gets no answer; the call itself stands.
    if (this.isOpen) this.#socket.send(text);
  }

  #keep(kept: TabAttachment): void {
    this.#kept = kept;
    if (!this.isOpen) return;
    const { topics: _, hasMissed: __, ...rest } = kept;
    const { kept: topics } = this.topics;
    const news = {
      ...(topics === undefined ? {} : { topics }),
      ...(this.hasMissed ? { hasMissed: true } : {}),
    };
    writeAttachment(this.#socket, { ...rest, ...news });
  }
}
