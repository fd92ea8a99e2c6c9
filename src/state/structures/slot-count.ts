import { LIMITS } from "../../protocol/limits.ts";
import { shown } from "../shown.ts";
import { type Cell, Kept, type StructureOptions } from "./cell.ts";

/** What slots are declared with. `expiresIn`: how long each reservation lasts at most. */
export interface SlotsOptions extends StructureOptions<number> {
  /** How many there are. */
  readonly available: number;
}

/** A reservation: who holds it, and when it ends in milliseconds since 1970. */
type Held = readonly [holder: string, endsAt?: number];

/** Which of so many slots are reserved, by whom. What `Slots` asks of it. */
export class SlotCount {
  readonly #kept: Kept<readonly Held[]>;
  readonly #count: number;
  readonly #expiresIn: number | undefined;

  /** Throws `StructureError` for a number of slots that cannot be. */
  constructor(cell: Cell, options: SlotsOptions) {
    this.#kept = new Kept(cell, "slots");
    this.#count = options.available;
    this.#expiresIn = this.#kept.checkedMs(options.expiresIn);
    const isNumber = Number.isSafeInteger(this.#count) && this.#count >= 1;
    if (isNumber && this.#count <= LIMITS.structureItems) return;
    const expected = `a whole number from 1 to ${LIMITS.structureItems}`;
    throw this.#kept.refuse(`was given ${shown(this.#count)} as available`, expected);
  }

  /** How many are reserved. */
  get value(): number {
    return this.#held().length;
  }

  get available(): boolean {
    return this.value < this.#count;
  }

  /** False when none is free. */
  take(holder: string): boolean {
    const held = this.#held();
    if (held.length >= this.#count) return false;
    const { now } = this.#kept;
    this.#write([...held, this.#expiresIn === undefined ? [holder] : [holder, now + this.#expiresIn]]);
    return true;
  }

  /** Gives back the one that this holder took last. False when it holds none (any more). */
  leave(holder: string): boolean {
    const held = this.#held();
    const index = held.findLastIndex(([other]) => other === holder);
    if (index < 0) return false;
    this.#write(held.toSpliced(index, 1));
    return true;
  }

  /** Gives back all. */
  reset(): void {
    this.#kept.remove();
  }

  #held(): readonly Held[] {
    const { now } = this.#kept;
    return (this.#kept.read() ?? []).filter(([, endsAt]) => endsAt === undefined || endsAt > now);
  }

  /** It ends with the last of them. */
  #write(held: readonly Held[]): void {
    if (held.length === 0) return this.#kept.remove();
    const ends = held.map(([, endsAt]) => endsAt ?? Number.POSITIVE_INFINITY);
    const last = Math.max(...ends);
    this.#kept.write(held, Number.isFinite(last) ? last : undefined);
  }
}
