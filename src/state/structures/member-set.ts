import type { Cell } from "./cell.ts";
import { Items, type ItemsOptions, once } from "./items.ts";
import { identityOf } from "./json.ts";

/** Members, each once: what Kredis calls `set`. They are given in the order in which they came. */
export class MemberSet<Member> {
  readonly #items: Items;

  /** Throws `StructureError` for a default that cannot be. */
  constructor(cell: Cell, options: ItemsOptions<Member>) {
    this.#items = new Items(cell, "set", options, once);
  }

  get value(): readonly Member[] {
    // What is kept is what was put in.
    return this.#items.read() as readonly Member[];
  }

  get size(): number {
    return this.value.length;
  }

  include(member: Member): boolean {
    const [identity] = this.#items.checked([member]).map(identityOf);
    return this.value.some((other) => identityOf(other) === identity);
  }

  /** Says how many were new. Throws `StructureError` for what JSON cannot write, and for want of room. */
  add(...members: readonly Member[]): number {
    const before = this.value;
    const after = once([...before, ...this.#items.checked(members)]);
    if (after.length > before.length) this.#items.write(after);
    return after.length - before.length;
  }

  /** Says how many went. */
  remove(...members: readonly Member[]): number {
    const gone = new Set(this.#items.checked(members).map(identityOf));
    const before = this.value;
    const after = before.filter((member) => !gone.has(identityOf(member)));
    if (after.length < before.length) this.#items.write(after);
    return before.length - after.length;
  }

  /** These are its members, and no others. Throws as {@link add} does. */
  replace(...members: readonly Member[]): void {
    this.#items.write(once(this.#items.checked(members)));
  }

  /** Removes one, the one that came first, and returns it; `undefined` when there is none. */
  take(): Member | undefined {
    const [first, ...others] = this.value;
    if (first !== undefined) this.#items.write(others);
    return first;
  }

  /** Removes all: the default counts again. */
  clear(): void {
    this.#items.remove();
  }
}
