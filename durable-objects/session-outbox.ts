import { LIMITS } from "../src/protocol/limits.ts";
import type { SessionChanges } from "../src/state/draft.ts";
import type { TurnWrites } from "../src/state/turn-state.ts";
import type { Timer } from "../src/time/timer.ts";
import { EMPTY_OUTBOX, OUTBOX_KEY, type Outbox, type Outgoing } from "../src/topics/outbox.ts";
import type { TopicNode } from "../src/topics/topic-messages.ts";
import type { AlarmDuty, Ring } from "./session-alarm.ts";
import { TopicSender } from "./topic-sender.ts";

/** Longest time between two tries, in milliseconds: an hour. */
const LONGEST_MS = 3_600_000;

/** What the outbox of a session acts on. */
export interface OutboxPorts {
  readonly store: {
    read(key: string): unknown;
    commit(changes: SessionChanges, options: { readonly isSeen: false }): void;
  };
  /** The session, by its name. */
  readonly session: () => string;
  /** The root of a topic. Throws where the Worker has no objects for topics. */
  readonly at: (topic: string) => TopicNode;
  readonly timer: Timer;
  readonly now: () => number;
  readonly newLife: () => string;
  /** Work that goes on behind what is answered. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly log: (topic: string, cause: unknown) => void;
}

/**
 * What a session has published and its topics may not have stored: committed with the turn, sent at once, and again by the
 * session's alarm until the topics have it. What they have is taken out of the session's row with whatever is written next, so that
 * a publication costs no row of its own.
 */
export class SessionOutbox implements AlarmDuty {
  readonly #ports: OutboxPorts;
  readonly #senders = new Map<string, TopicSender>();
  /** The numbers of those that are in the row, though their topics have them. */
  readonly #done = new Set<number>();
  /** How often in a row the alarm has found some that their topics do not have. */
  #rings = 0;

  constructor(ports: OutboxPorts) {
    this.#ports = ports;
  }

  /** Sends what an earlier life of the object has left. Called once, when this one begins. */
  resume(): void {
    const { waiting } = this.#stored;
    if (waiting.length === 0) return;
    const sent = this.#sendAll(waiting).then(() => {
      // A life that does nothing else would find it again.
      if (this.#done.size > 0) this.#ports.store.commit(this.leaves(), { isSeen: false });
    });
    this.#ports.waitUntil(sent);
  }

  /** What waits, without what the topics have: of the row, which may hold those too. */
  read(key: string): unknown {
    const { waiting, ...rest } = this.#stored;
    if (key !== OUTBOX_KEY || rest.last === 0) return undefined;
    return { ...rest, waiting: this.#without(waiting) };
  }

  /**
   * What a turn wants written, as it is to be written: without what the topics have.
   *
   * @param author what names the tab that shows already what it has touched; absent: none does
   */
  prepared(writes: TurnWrites, author: string | undefined): Pick<TurnWrites, "changes" | "outgoing"> {
    const { changes } = writes;
    const outgoing = writes.outgoing.map((one) => withAuthor(one, author));
    const written = changes.get(OUTBOX_KEY) as Outbox | undefined;
    // Of a session that ends there stays what is written.
    const others = writes.next === undefined ? this.#left : this.#kept;
    if (written === undefined)
      return { changes: changes.size === 0 ? changes : new Map([...changes, ...others]), outgoing };
    const news = new Map(outgoing.map((one) => [one.number, one]));
    // What was taken out of the row since the turn has read it stays out.
    const stored = new Set(this.#stored.waiting.map(({ number }) => number));
    const waiting = this.#without(written.waiting)
      .filter(({ number }) => news.has(number) || stored.has(number))
      .map((one) => news.get(one.number) ?? one);
    const life = written.life ?? this.#ports.newLife();
    return { changes: new Map([...changes, [OUTBOX_KEY, { ...written, life, waiting }]]), outgoing };
  }

  /** When the alarm has to look after what is written: in milliseconds since 1970; `undefined` when nothing is published. */
  dueFor(changes: SessionChanges): number | undefined {
    const written = changes.get(OUTBOX_KEY) as Outbox | undefined;
    return written?.waiting.length ? this.#ports.now() + LIMITS.outboxMs : undefined;
  }

  /** Called behind the commit, without an await between them. */
  committed({ changes, outgoing }: Pick<TurnWrites, "changes" | "outgoing">): void {
    if (changes.has(OUTBOX_KEY)) this.#done.clear();
    if (outgoing.length > 0) this.#ports.waitUntil(this.#sendAll(outgoing));
  }

  /** Takes those out of the row that the topics have: what is written as the alarm has rung. */
  leaves(): SessionChanges {
    const left = this.#left;
    this.#done.clear();
    return left;
  }

  /** The session has ended, and what waited with it: sent later, it would stand for what its next life publishes. */
  ended(): void {
    for (const sender of this.#senders.values()) sender.drop();
    this.#senders.clear();
    this.#done.clear();
  }

  /** Sends what waits, and says when to try again. */
  async ring({ now }: Ring): Promise<number | undefined> {
    await Promise.all([...this.#senders.values()].map((sender) => sender.send()));
    if (this.#without(this.#stored.waiting).length === 0) {
      this.#rings = 0;
      return undefined;
    }
    this.#rings += 1;
    return now + Math.min(LIMITS.outboxMs * 2 ** this.#rings, LONGEST_MS);
  }

  /** Empty when there is nothing to take out. */
  get #left(): SessionChanges {
    return this.#done.size === 0 ? new Map() : this.#kept;
  }

  get #kept(): SessionChanges {
    const { waiting, ...rest } = this.#stored;
    return rest.last === 0
      ? new Map()
      : new Map([[OUTBOX_KEY, { ...rest, waiting: this.#without(waiting) }]]);
  }

  get #stored(): Outbox {
    // Only this file and src/topics/turn-topics.ts write under this key.
    return (this.#ports.store.read(OUTBOX_KEY) as Outbox | undefined) ?? EMPTY_OUTBOX;
  }

  #without(waiting: readonly Outgoing[]): readonly Outgoing[] {
    return waiting.filter(({ number }) => !this.#done.has(number));
  }

  async #sendAll(outgoing: readonly Outgoing[]): Promise<void> {
    const senders = new Set<TopicSender>();
    for (const one of outgoing) {
      const sender = this.#sender(one.topic);
      sender.add(one);
      senders.add(sender);
    }
    await Promise.all([...senders].map((sender) => sender.send()));
  }

  #sender(topic: string): TopicSender {
    const known = this.#senders.get(topic);
    if (known !== undefined) return known;
    const { at, session, timer, log } = this.#ports;
    const sender: TopicSender = new TopicSender({
      root: () => at(topic),
      publisher: () => `${session()}.${this.#stored.life ?? ""}`,
      timer,
      stored: (published) => {
        for (const { number } of published) if (number > 0) this.#done.add(number);
        if (sender.isEmpty) this.#senders.delete(topic);
      },
      log: (cause) => log(topic, cause),
    });
    this.#senders.set(topic, sender);
    return sender;
  }
}

function withAuthor(outgoing: Outgoing, author: string | undefined): Outgoing {
  const { published } = outgoing;
  if (author === undefined || published.kind !== "touch") return outgoing;
  return { ...outgoing, published: { ...published, author } };
}
