import type { Part } from "../render/view.ts";

/** One selector morph: what goes inside the elements that the selector names. */
export interface SelectorMorph {
  readonly selector: string;
  readonly content: Part;
}

/** What a reflex wants done to the page, in the end. */
export type Morphs =
  | { readonly kind: "page" }
  | { readonly kind: "nothing" }
  | { readonly kind: "selectors"; readonly morphs: readonly SelectorMorph[] };

/** Collects what a reflex says about its page while it runs. The page as a whole, unless it says otherwise. */
export class MorphPlan {
  #morphs: Morphs = { kind: "page" };
  /** How the action stopped itself, also when its own code caught what stops it. */
  stopped: "halted" | "forbidden" | undefined;

  get morphs(): Morphs {
    return this.#morphs;
  }

  /** Throws a `TypeError` after {@link nothing} or {@link selector}: what was asked for would be lost. */
  page(): void {
    if (this.#morphs.kind !== "page") throw contradiction("page", this.#morphs.kind);
  }

  /** Throws a `TypeError` after {@link selector}. */
  nothing(): void {
    if (this.#morphs.kind === "selectors") throw contradiction("nothing", this.#morphs.kind);
    this.#morphs = { kind: "nothing" };
  }

  /** Adds to earlier selectors. Throws a `TypeError` after {@link nothing} and for an empty selector. */
  selector(selector: string, content: Part): void {
    if (this.#morphs.kind === "nothing") throw contradiction("a selector", "nothing");
    if (typeof selector !== "string" || selector.trim() === "") {
      throw new TypeError(
        `morph() got the selector ${JSON.stringify(selector)}; expected one such as "#cart"`,
      );
    }
    const earlier = this.#morphs.kind === "selectors" ? this.#morphs.morphs : [];
    this.#morphs = { kind: "selectors", morphs: [...earlier, { selector, content }] };
  }
}

function contradiction(wanted: string, chosen: string): TypeError {
  const advice = "a reflex morphs the page, or selectors, or nothing";
  return new TypeError(`morph() was asked for ${wanted} after it was asked for ${chosen}; ${advice}`);
}
