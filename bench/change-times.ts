/** When changes were published, and how long it took until each listener knew of them. */
export class ChangeTimes {
  readonly #sentAt = new Map<number, number>();
  #delays: number[] = [];
  #first = Number.POSITIVE_INFINITY;

  /** Counts from this change on. */
  begin(first: number): void {
    this.#first = first;
    this.#delays = [];
  }

  sent(n: number): void {
    this.#sentAt.set(n, performance.now());
  }

  /** Somebody is told of a change. */
  readonly told = (n: number): void => {
    if (n >= this.#first) this.#delays.push(performance.now() - (this.#sentAt.get(n) ?? Number.NaN));
  };

  /** Somebody is shown a change, and with it those before that were not shown. */
  readonly shown = (n: number, last: number): void => {
    for (let known = last + 1; known <= n; known += 1) this.told(known);
  };

  /** How long it took so many of a hundred at most, in milliseconds. */
  percentile(percent: number): number {
    const sorted = Float64Array.from(this.#delays).sort();
    const delay = sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * percent) / 100))];
    if (delay === undefined) throw new Error("Nobody was told anything");
    return delay;
  }
}
