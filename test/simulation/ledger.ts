import type { Item, Published } from "../../src/topics/topic-messages.ts";
import type { Agenda } from "./agenda.ts";

/** What became of the publications. */
export interface LedgerCounts {
  /** Publications that a subscriber was not told, though nothing has excused it. */
  readonly lost: number;
  /** Publications that a subscriber was told again. */
  readonly doubled: number;
  /** Times that a subscriber was told to render afresh. */
  readonly afresh: number;
  /** Deliveries that a subscriber had already, and dropped. */
  readonly dropped: number;
  /** Publications that a subscriber was told. */
  readonly told: number;
}

/** How often one was told one publication; `EXCUSED`: it need not be. */
const EXCUSED = 255;

/** Writes down who was told what, and when, apart from what subscribers remember themselves. */
export class Ledger {
  readonly #agenda: Agenda;
  readonly #publications: number;
  /** For each subscriber, a place for each publication, by its number in the topic, from 1. */
  readonly #counts: Uint8Array[] = [];
  readonly #isGone = new Set<number>();
  /** When each change was published, by what it says of itself. */
  readonly #publishedAt: number[] = [];
  readonly #delays: number[] = [];
  readonly #weights: number[] = [];
  #afresh = 0;
  #dropped = 0;
  /** The number of the last publication that anybody was told. */
  last = 0;

  constructor(agenda: Agenda, publications: number) {
    this.#agenda = agenda;
    this.#publications = publications;
  }

  /** Notes that a change is on its way to the topic. */
  published(change: number): void {
    this.#publishedAt[change] = this.#agenda.now;
  }

  /** A subscriber is told what is published behind a place. */
  begin(subscriber: number, seq: number): void {
    this.#isGone.delete(subscriber);
    this.#excuse(subscriber, seq);
  }

  leave(subscriber: number): void {
    this.#isGone.add(subscriber);
  }

  afresh(subscriber: number, seq: number): void {
    this.#afresh += 1;
    this.#excuse(subscriber, seq);
  }

  dropped(): void {
    this.#dropped += 1;
  }

  /** @param weight how many subscribers this one stands for */
  told(subscriber: number, { seq, published }: Item, weight: number): void {
    this.last = Math.max(this.last, seq);
    const counts = this.#of(subscriber);
    counts[seq - 1] = Math.min(EXCUSED - 1, (counts[seq - 1] ?? 0) + 1);
    const change = changeIn(published);
    this.#delays.push(this.#agenda.now - (this.#publishedAt[change] ?? 0));
    this.#weights.push(weight);
  }

  get counts(): LedgerCounts {
    const counts = {
      lost: 0,
      doubled: 0,
      afresh: this.#afresh,
      dropped: this.#dropped,
      told: this.#delays.length,
    };
    this.#counts.forEach((own, subscriber) => {
      for (const count of own) {
        if (count === 0 && !this.#isGone.has(subscriber)) counts.lost += 1;
        if (count > 1 && count !== EXCUSED) counts.doubled += 1;
      }
    });
    return counts;
  }

  /** How long it took from a publication until so many of a hundred of those who were told it had it, in milliseconds. */
  percentiles(percents: readonly number[]): readonly number[] {
    const delays = Float64Array.from(this.#delays);
    const order = Uint32Array.from(delays.keys()).sort(
      (one, other) => (delays[one] ?? 0) - (delays[other] ?? 0),
    );
    const total = this.#weights.reduce((sum, weight) => sum + weight, 0);
    const bounds = percents.map((percent) => (total * percent) / 100);
    const found = percents.map(() => delays[order.at(-1) ?? 0] ?? 0);
    let passed = 0;
    for (const index of order) {
      const before = passed;
      passed += this.#weights[index] ?? 0;
      bounds.forEach((bound, place) => {
        if (before < bound && bound <= passed) found[place] = delays[index] ?? 0;
      });
    }
    return found;
  }

  #excuse(subscriber: number, seq: number): void {
    const counts = this.#of(subscriber);
    for (let place = 0; place < seq; place += 1) if (counts[place] === 0) counts[place] = EXCUSED;
  }

  #of(subscriber: number): Uint8Array {
    const known = this.#counts[subscriber];
    if (known !== undefined) return known;
    const counts = new Uint8Array(this.#publications);
    this.#counts[subscriber] = counts;
    return counts;
  }
}

/** A change, as it is published. */
export function changed(change: number): Published {
  return {
    kind: "operations",
    operations: [{ operation: "textContent", selector: "#shown", text: String(change) }],
  };
}

function changeIn(published: Published): number {
  return published.kind === "operations" ? Number(published.operations[0]?.text) : Number.NaN;
}
