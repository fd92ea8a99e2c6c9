import { LIMITS } from "../protocol/limits.ts";
import type { Operation } from "../protocol/operations.ts";
import { Region, type RegionContent } from "../render/region.ts";
import type { Draft, SessionStore } from "../state/draft.ts";
import { changedNames } from "./changed-names.ts";
import { EMPTY_OUTBOX, OUTBOX_KEY, type Outbox, type Outgoing } from "./outbox.ts";
import { metaText } from "./presence-list.ts";
import { TopicError } from "./topic-error.ts";
import type { Published } from "./topic-messages.ts";
import { checkedTopic } from "./topic-name.ts";

/** What is said of a change. */
export interface TouchOptions {
  /**
   * What has changed, by names of the application's own: elements of `updatesFor` that are limited to other names leave it. Default:
   * nobody says, and everyone looks.
   */
  readonly changed?: readonly string[];
}

/** How a page rests on a topic. */
export interface Subscription {
  /**
   * Absent: whoever is present, the page does not show it. `meta`: what is told of the page's visitor, as JSON; without it the page only
   * looks on.
   */
  readonly presence?: { readonly meta?: string | undefined } | undefined;
  /** Where the region stands that the page shows of it; absent: it shows none. */
  readonly region?: string | undefined;
}

/**
 * The topics of one turn: those that its page rests on, and what it publishes, which is sent when the turn is committed, and not at all
 * when it fails.
 */
export class TurnTopics {
  readonly #draft: Draft;
  readonly #stored: Pick<SessionStore, "read">;
  readonly #regionOf: ((name: string) => Promise<RegionContent>) | undefined;
  readonly #subscribed = new Map<string, Subscription>();
  readonly #published: Omit<Outgoing, "number">[] = [];
  #chars = 0;

  /**
   * @param stored what waits already: the draft of a session that has just ended does not know it any more
   * @param regionOf what a region shows; absent where there are none
   */
  constructor(
    draft: Draft,
    stored: Pick<SessionStore, "read">,
    regionOf?: (name: string) => Promise<RegionContent>,
  ) {
    this.#draft = draft;
    this.#stored = stored;
    this.#regionOf = regionOf;
  }

  /**
   * Has the page rest on a topic. Throws {@link TopicError} for what is no topic, and for one too many.
   *
   * @param subscription over what was said of the topic before
   */
  subscribe(topic: string, subscription: Subscription = {}): void {
    const name = checkedTopic(topic);
    const before = this.#subscribed.get(name);
    if (before === undefined && this.#subscribed.size >= LIMITS.pageTopics) {
      throw new TopicError(
        "topic-many",
        `The page cannot subscribe to ${JSON.stringify(name)}: it has ${LIMITS.pageTopics} topics already; ` +
          "subscribe to one that stands for several",
      );
    }
    this.#subscribed.set(name, { ...before, ...subscription });
  }

  /**
   * Has the page rest on a topic and show who is present in it. Throws as {@link subscribe} does, and for what is no JSON or too large.
   *
   * @param meta what is told of the page's visitor; `undefined`: the page only looks on, unless it has said something before
   */
  present(topic: string, meta: unknown): void {
    const name = checkedTopic(topic);
    const before = this.#subscribed.get(name)?.presence;
    const presence = meta === undefined ? (before ?? {}) : { meta: metaText(name, meta) };
    this.subscribe(name, { presence });
  }

  /** A region for the page to show, which rests on its topic. Rejects with {@link TopicError}, also for one that cannot be rendered. */
  async region(topic: string): Promise<Region> {
    this.subscribe(topic);
    if (this.#regionOf === undefined)
      throw new Error("Regions are shown by pages of a session object, and this turn runs in none");
    return new Region(topic, await this.#regionOf(topic));
  }

  /**
   * The page shows these regions. Throws {@link TopicError} for one that it shows twice: a browser would find the first alone.
   *
   * @param isAsWritten false where browsers may build other elements than are written, in which nothing can be found: then regions are
   * parts of their page as all others, which is rendered when they change
   */
  shows(regions: readonly Region[], isAsWritten: boolean): void {
    const known = new Map<string, string>();
    for (const { name, address, place } of regions) {
      const other = known.get(address);
      if (other !== undefined) {
        const both = other === name ? "twice" : `beside ${JSON.stringify(other)}, whose address is the same`;
        throw new TopicError(
          "topic-region",
          `The page shows the region ${JSON.stringify(name)} ${both}; expected it once`,
        );
      }
      known.set(address, name);
      if (isAsWritten) this.subscribe(name, { region: place });
    }
  }

  /** What the page rests on. */
  get subscribed(): ReadonlyMap<string, Subscription> {
    return this.#subscribed;
  }

  /** Says that what a topic stands for has changed. Throws {@link TopicError}. */
  touch(topic: string, options: TouchOptions = {}): void {
    const changed = changedNames(checkedTopic(topic), options.changed);
    this.publish(topic, { kind: "touch", ...(changed === undefined ? {} : { changed }) });
  }

  /** Sends operations to every page that rests on a topic. Throws {@link TopicError}. */
  broadcast(topic: string, operations: readonly Operation[]): void {
    if (operations.length > 0) this.publish(topic, { kind: "operations", operations });
  }

  /** Publishes something. Throws {@link TopicError} for what is no topic, or more than a turn may publish. */
  publish(topic: string, published: Published): void {
    const name = checkedTopic(topic);
    // A second touch says no more than the first.
    const text = JSON.stringify(published);
    if (
      published.kind === "touch" &&
      this.#published.some((one) => one.topic === name && JSON.stringify(one.published) === text)
    )
      return;
    this.#chars += assertSize(name, text);
    if (this.#published.length >= LIMITS.turnPublications || this.#chars > LIMITS.outboxChars) {
      throw new TopicError(
        "topic-many",
        `${JSON.stringify(name)} is one topic too many to publish in: this turn has published ${this.#published.length} times, ` +
          `${this.#chars} characters; expected at most ${LIMITS.turnPublications} times and ${LIMITS.outboxChars} characters`,
      );
    }
    this.#published.push({ topic: name, published });
  }

  /**
   * Puts what was published into the draft, to be committed with it, and hands it over with its numbers. Called once, at the end of the
   * turn. Throws {@link TopicError} when too much of the session waits already.
   *
   * @param isStored false for a turn that commits nothing: what it published has no number then, and is sent once
   */
  take(isStored: boolean): readonly Outgoing[] {
    if (this.#published.length === 0) return [];
    if (!isStored) return this.#published.map((one) => ({ ...one, number: 0 }));
    // Only this method, and whoever sends what waits, write under this key.
    const before = (this.#stored.read(OUTBOX_KEY) as Outbox | undefined) ?? EMPTY_OUTBOX;
    const outgoing = this.#published.map((one, index) => ({ ...one, number: before.last + 1 + index }));
    const waiting = [...before.waiting, ...outgoing];
    if (waiting.length > LIMITS.outbox || JSON.stringify(waiting).length > LIMITS.outboxChars) {
      throw new TopicError(
        "topic-many",
        `The session has published more than its topics have taken: ${waiting.length} publications wait; expected at most ` +
          `${LIMITS.outbox} of ${LIMITS.outboxChars} characters together`,
      );
    }
    this.#draft.write(OUTBOX_KEY, { ...before, last: before.last + outgoing.length, waiting });
    return outgoing;
  }
}

/** How large a publication is. Throws {@link TopicError} for one that is too large. */
export function assertSize(topic: string, text: string): number {
  if (text.length <= LIMITS.publicationChars) return text.length;
  throw new TopicError(
    "topic-size",
    `What is published in ${JSON.stringify(topic)} takes ${text.length} characters; expected at most ${LIMITS.publicationChars}: ` +
      "touch the topic, so that each page fetches what it shows",
  );
}
