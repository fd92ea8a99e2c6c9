import { LIMITS } from "../protocol/limits.ts";
import type { NodeStore, StoredPublication } from "./node-store.ts";
import type { Publication } from "./topic-messages.ts";

/**
 * Tells second copies of publications by their publisher and number. A publisher's last number is that of its last publication that is
 * kept; when its last that is no touch goes, the number is stored by itself. Of touches it is not: one more does nothing that was not done.
 */
export class Publishers {
  readonly #store: NodeStore;
  readonly #now: () => number;
  readonly #last = new Map<string, number>();
  /** The same of those that are no touches. */
  readonly #lastOnce = new Map<string, number>();
  /** Whose are kept, by their number modulo how many are: only that, since what they say may be large. */
  readonly #kept = new Map<number, Publication["id"]>();
  /** Publishers of what nobody heard, and their last numbers: as many as publications are kept. */
  readonly #missed = new Map<string, number>();

  constructor(store: NodeStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Those that were not published before, nor stand in the list twice. */
  withoutCopies(publications: readonly Publication[]): readonly Publication[] {
    const last = new Map<string, number>();
    return publications.filter(({ id }) => {
      if (id === undefined) return true;
      const { publisher, number } = id;
      const isNew = number > (last.get(publisher) ?? this.#lastOf(publisher));
      if (isNew) last.set(publisher, number);
      return isNew;
    });
  }

  /** Takes note of one that is not kept. */
  miss(id: Publication["id"]): void {
    if (id === undefined) return;
    this.#missed.delete(id.publisher);
    this.#missed.set(id.publisher, id.number);
    const [oldest] = this.#missed.keys();
    if (oldest !== undefined && this.#missed.size > LIMITS.keptPublications) this.#missed.delete(oldest);
  }

  /** Forgets what was stored by itself a day ago, or longest ago of too much. */
  forget(): void {
    this.#store.forgetNumbers(this.#now() - LIMITS.keptPublisherMs, LIMITS.keptPublishers);
  }

  /** Takes note of one that is stored from now on. */
  keep(publication: StoredPublication): void {
    const slot = publication.seq % LIMITS.keptPublications;
    const gone = this.#kept.get(slot);
    this.#kept.set(slot, publication.id);
    if (publication.id !== undefined) {
      const { publisher, number } = publication.id;
      this.#last.set(publisher, number);
      if (publication.published.kind !== "touch") this.#lastOnce.set(publisher, number);
    }
    if (gone !== undefined) this.#pass(gone);
  }

  #lastOf(publisher: string): number {
    const kept = this.#last.get(publisher);
    if (kept !== undefined) return kept;
    return Math.max(this.#missed.get(publisher) ?? 0, this.#store.lastNumber(publisher) ?? 0);
  }

  #pass({ publisher, number }: NonNullable<Publication["id"]>): void {
    if (this.#last.get(publisher) === number) this.#last.delete(publisher);
    if (this.#lastOnce.get(publisher) !== number) return;
    this.#lastOnce.delete(publisher);
    this.#store.writeNumber(publisher, number, this.#now());
  }
}
