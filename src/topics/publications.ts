import { LIMITS } from "../protocol/limits.ts";
import type { NodeState } from "./node-state.ts";
import type { NodeSurroundings } from "./node-surroundings.ts";
import { PublicationRate } from "./publication-rate.ts";
import { Publishers } from "./publishers.ts";
import type { Publication } from "./topic-messages.ts";
import { assertSize } from "./turn-topics.ts";

/** What becomes of publications: how many milliseconds to wait with them, or how many of them were stored. */
export type Taken =
  | { readonly kind: "stored"; readonly count: number }
  | { readonly kind: "refused"; readonly waitMs: number };

/** What is published in a topic, at its root: counted, and stored before anybody is told. */
export class Publications {
  readonly #state: NodeState;
  readonly #publishers: Publishers;
  readonly #rate: PublicationRate;

  constructor(state: NodeState, on: NodeSurroundings) {
    this.#state = state;
    this.#publishers = new Publishers(state.store, () => on.now());
    this.#rate = new PublicationRate(() => on.now());
  }

  /**
   * Takes what is stored, once, before anything else.
   *
   * @returns the last publication that everybody had been told when the last was stored
   */
  load(): number {
    const stored = this.#state.store.publications();
    const [first, last] = [stored[0], stored.at(-1)];
    if (first === undefined || last === undefined) return 0;
    for (const publication of stored) this.#publishers.keep(publication);
    this.#state.restart(first.seq - 1);
    const items = stored.map(({ seq, published }) => ({ seq, published }));
    this.#state.extend(last.seq, items);
    return last.settled;
  }

  /**
   * Counts and stores those that are no copies of earlier ones: all or, when they are too many, none. One row each.
   *
   * @param settled what everybody was told
   *
   * Throws a `TopicError` for one that is too large.
   */
  take(publications: readonly Publication[], settled: number): Taken {
    const fresh = this.#publishers.withoutCopies(publications);
    // As its publisher has measured it, before it was said who that is: what is refused here is refused for ever.
    for (const { published } of fresh)
      assertSize(this.#state.topic, JSON.stringify({ ...published, author: undefined }));
    const waitMs = this.#rate.take(fresh.filter(({ published }) => published.kind !== "touch").length);
    if (waitMs > 0) return { kind: "refused", waitMs };
    for (const { id, published } of fresh) this.#store({ id, published }, settled);
    return { kind: "stored", count: fresh.length };
  }

  /** Takes note of those that are published while nobody has subscribed: a copy that comes when somebody has is not for them. */
  miss(publications: readonly Publication[]): void {
    for (const { id } of publications) this.#publishers.miss(id);
  }

  /** Forgets whose publications came too long ago to be tried again. */
  forget(): void {
    this.#publishers.forget();
  }

  /** Counts and stores what the topic publishes by itself. */
  add(published: Publication["published"], settled: number): void {
    this.#store({ published }, settled);
  }

  #store({ id, published }: Publication, settled: number): void {
    const publication = {
      seq: this.#state.last + 1,
      settled,
      ...(id === undefined ? {} : { id }),
      published,
    };
    this.#state.store.writePublication(publication);
    this.#publishers.keep(publication);
    this.#state.extend(publication.seq, [{ seq: publication.seq, published }]);
  }
}

/** Why publications were refused. */
export function rateMessage(topic: string): string {
  return (
    `More is published in ${JSON.stringify(topic)} than it takes: at most ${LIMITS.publicationsPerSecond} publications a second, ` +
    "touches not counted; touch the topic, or spread what is published over several"
  );
}
