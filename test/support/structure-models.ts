/** What a structure should be, in plain memory. Its members are those of the structure, by the same names. */
export class Model {
  /** How many changes were written. */
  writes = 0;
  /** True while there is something of its own, beside a default. */
  stored = false;

  protected put(): void {
    this.writes += 1;
    this.stored = true;
  }

  /** True when there was something to be removed. */
  protected drop(): void {
    this.writes += Number(this.stored);
    this.stored = false;
  }
}

export class ScalarModel<Value> extends Model {
  value: Value | undefined;
  readonly #default: Value | undefined;

  constructor(initial?: Value) {
    super();
    this.#default = initial;
    this.value = initial;
  }

  get assigned(): boolean {
    return this.stored;
  }

  set(value: Value): void {
    this.put();
    this.value = value;
  }

  clear(): void {
    this.drop();
    this.value = this.#default;
  }
}

/** Amounts of two digits behind the point, counted in hundredths. */
export class DecimalModel extends Model {
  #hundredths = 250;

  get value(): string {
    return (this.#hundredths / 100).toFixed(2);
  }

  get assigned(): boolean {
    return this.stored;
  }

  set(value: string): void {
    this.put();
    this.#hundredths = Math.round(Number(value) * 100);
  }

  add(by: string): string {
    this.set(String(Number(this.value) + Number(by)));
    return this.value;
  }

  subtract(by: string): string {
    return this.add(String(-Number(by)));
  }

  clear(): void {
    this.drop();
    this.#hundredths = 250;
  }
}

export class CounterModel extends Model {
  value = 5;

  increment(by = 1): number {
    this.put();
    this.value += by;
    return this.value;
  }

  decrement(by = 1): number {
    return this.increment(-by);
  }

  reset(): void {
    this.drop();
    this.value = 5;
  }
}

export class LimiterModel extends Model {
  value = 0;

  get exceeded(): boolean {
    return this.value === 3;
  }

  poke(): boolean {
    if (this.exceeded) return false;
    this.put();
    this.value += 1;
    return true;
  }

  reset(): void {
    this.drop();
    this.value = 0;
  }
}

export class FlagModel extends Model {
  get value(): boolean {
    return this.stored;
  }

  get marked(): boolean {
    return this.stored;
  }

  mark({ force = true } = {}): boolean {
    if (this.stored && !force) return false;
    this.put();
    return true;
  }

  remove(): void {
    this.drop();
  }
}

export class EnumModel extends Model {
  value = "small";

  set(value: string): void {
    this.put();
    this.value = value;
  }

  is(value: string): boolean {
    return this.value === value;
  }

  reset(): void {
    this.drop();
    this.value = "small";
  }
}

export class CycleModel extends Model {
  #turned = 0;

  get value(): string {
    return ["one", "two", "three"][this.#turned % 3] ?? "";
  }

  next(): string {
    this.put();
    this.#turned += 1;
    return this.value;
  }

  reset(): void {
    this.drop();
    this.#turned = 0;
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Items put in one by one. */
abstract class ItemsModel extends Model {
  value: unknown[] = [];

  get size(): number {
    return this.value.length;
  }

  include(item: unknown): boolean {
    return this.value.some((other) => same(item, other));
  }

  remove(...items: unknown[]): number {
    const before = this.value.length;
    this.value = this.value.filter((other) => !items.some((item) => same(item, other)));
    if (this.value.length < before) this.put();
    return before - this.value.length;
  }

  clear(): void {
    this.drop();
    this.value = [];
  }
}

/** At most four. */
export class ListModel extends ItemsModel {
  last(count = 1): unknown[] {
    return this.value.filter((_, index) => index >= this.value.length - count);
  }

  append(...items: unknown[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.value.push(item);
      if (this.value.length > 4) this.value.shift();
    }
  }

  prepend(...items: unknown[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.value.unshift(item);
      if (this.value.length > 4) this.value.pop();
    }
  }
}

/** At most three. */
export class UniqueListModel extends ItemsModel {
  append(...items: unknown[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.value = [...this.value.filter((other) => !same(item, other)), item];
      if (this.value.length > 3) this.value.shift();
    }
  }

  prepend(...items: unknown[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.value = [item, ...this.value.filter((other) => !same(item, other))];
      if (this.value.length > 3) this.value.pop();
    }
  }
}

export class SetModel extends ItemsModel {
  add(...items: unknown[]): number {
    let added = 0;
    for (const item of items) {
      if (this.include(item)) continue;
      this.value.push(item);
      added += 1;
    }
    if (added > 0) this.put();
    return added;
  }

  replace(...items: unknown[]): void {
    this.put();
    this.value = [];
    for (const item of items) if (!this.include(item)) this.value.push(item);
  }

  take(): unknown {
    if (this.value.length > 0) this.put();
    return this.value.shift();
  }
}

/** At most three. */
export class OrderedSetModel extends Model {
  scores: [item: string, score: number][] = [];

  get value(): string[] {
    return this.scores.map(([item]) => item);
  }

  get size(): number {
    return this.scores.length;
  }

  top(count = 1): string[] {
    return this.value.reverse().slice(0, count);
  }

  include(item: string): boolean {
    return this.value.includes(item);
  }

  score(item: string): number | undefined {
    return new Map(this.scores).get(item);
  }

  rank(item: string): number | undefined {
    return this.include(item) ? this.value.indexOf(item) : undefined;
  }

  add(item: string, score: number): void {
    if (this.score(item) === score) return;
    this.put();
    this.#place(item, score);
    if (this.size > 3) this.scores.shift();
  }

  increment(item: string, by = 1): number {
    const score = (this.score(item) ?? 0) + by;
    this.add(item, score);
    return score;
  }

  append(...items: string[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.#place(item, (this.scores.at(-1)?.[1] ?? 0) + 1);
      if (this.size > 3) this.scores.shift();
    }
  }

  prepend(...items: string[]): void {
    if (items.length > 0) this.put();
    for (const item of items) {
      this.#place(item, (this.scores[0]?.[1] ?? 0) - 1);
      if (this.size > 3) this.scores.pop();
    }
  }

  remove(...items: string[]): number {
    const before = this.size;
    this.scores = this.scores.filter(([item]) => !items.includes(item));
    if (this.size < before) this.put();
    return before - this.size;
  }

  clear(): void {
    this.drop();
    this.scores = [];
  }

  /** Behind all that have no higher score. */
  #place(item: string, score: number): void {
    const others = this.scores.filter(([other]) => other !== item);
    const behind = others.filter(([, other]) => other > score);
    this.scores = [...others.slice(0, others.length - behind.length), [item, score], ...behind];
  }
}

export class HashModel extends Model {
  value = new Map<string, unknown>();

  get entries(): [string, unknown][] {
    return [...this.value];
  }

  get keys(): string[] {
    return [...this.value.keys()];
  }

  get values(): unknown[] {
    return [...this.value.values()];
  }

  get size(): number {
    return this.value.size;
  }

  get(key: string): unknown {
    return this.value.get(key);
  }

  set(key: string, value: unknown): void {
    this.put();
    this.value.set(key, value);
  }

  update(values: Record<string, unknown>): void {
    const entries = Object.entries(values);
    if (entries.length > 0) this.put();
    for (const [key, value] of entries) this.value.set(key, value);
  }

  delete(...keys: string[]): number {
    const gone = new Set(keys.filter((key) => this.value.delete(key)));
    if (gone.size > 0) this.put();
    return gone.size;
  }

  clear(): void {
    this.drop();
    this.value.clear();
  }
}

/** Two of them. */
export class SlotsModel extends Model {
  value = 0;

  get available(): boolean {
    return this.value < 2;
  }

  reserve(): boolean {
    if (!this.available) return false;
    this.put();
    this.value += 1;
    return true;
  }

  release(): boolean {
    if (this.value === 0) return false;
    this.value -= 1;
    if (this.value > 0) this.put();
    else this.drop();
    return true;
  }

  reset(): void {
    this.drop();
    this.value = 0;
  }
}
