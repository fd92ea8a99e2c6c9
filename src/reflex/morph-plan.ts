import type { Part } from "../render/view.ts";
import { shown } from "../state/shown.ts";

/** One selector morph: what goes inside the elements that the selector names. */
export interface SelectorMorph {
  readonly selector: string;
  readonly content: Part;
}

/** Which page a page morph renders. */
export interface PageMorphOptions {
  /** An address of the site, against that of the tab's page. Absent: the tab's page. */
  readonly url?: string | URL;
}

/** What a reflex wants done to the page, in the end. `url`: the page to render, where it is not the tab's own. */
export type Morphs =
  | { readonly kind: "page"; readonly url?: URL }
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

  /**
   * What `morph` was called with: see `Reflex.morph`. Throws a `TypeError` for what is none of it.
   *
   * @param base the address of the tab's page
   */
  order(order: readonly unknown[], base: URL): void {
    const [target, content] = order;
    if (target === "page" && (order.length < 2 || isPageOptions(content)))
      return this.page(urlOf(content, base));
    // Told apart by their number, since `nothing` could be an element's name in a selector.
    if (order.length > 1) return this.selector(target, content as Part);
    if (target === "nothing") return this.nothing();
    if (isPlain(target)) return this.#selectors(Object.entries(target));
    throw new TypeError(
      `morph(${shown(target)}) has no content; expected "page", "nothing", a selector and a view, or a record of views by selectors`,
    );
  }

  /**
   * Throws a `TypeError` after {@link nothing} or {@link selector}: what was asked for would be lost.
   *
   * @param url of another page than the tab's
   */
  page(url?: URL): void {
    if (this.#morphs.kind !== "page") throw contradiction("page", this.#morphs.kind);
    this.#morphs = url === undefined ? { kind: "page" } : { kind: "page", url };
  }

  /** Throws a `TypeError` after {@link selector}. */
  nothing(): void {
    if (this.#morphs.kind === "selectors") throw contradiction("nothing", this.#morphs.kind);
    this.#morphs = { kind: "nothing" };
  }

  /** Adds to earlier selectors. Throws a `TypeError` after {@link nothing} and for an empty selector. */
  selector(selector: unknown, content: Part): void {
    if (this.#morphs.kind === "nothing") throw contradiction("a selector", "nothing");
    if (typeof selector !== "string" || selector.trim() === "") {
      throw new TypeError(`morph() got the selector ${shown(selector)}; expected one such as "#cart"`);
    }
    const earlier = this.#morphs.kind === "selectors" ? this.#morphs.morphs : [];
    this.#morphs = { kind: "selectors", morphs: [...earlier, { selector, content }] };
  }

  #selectors(contents: readonly (readonly [selector: string, content: unknown])[]): void {
    if (contents.length === 0)
      throw new TypeError('morph({}) names no selector; expected some, or "nothing" to leave the page alone');
    // Whether it can be rendered is found out where it is.
    for (const [selector, content] of contents) this.selector(selector, content as Part);
  }
}

/** What a page morph may be told stands where a selector's content would: content is no plain object. */
function isPageOptions(value: unknown): value is PageMorphOptions | undefined {
  return value === undefined || (isPlain(value) && "url" in value);
}

/** Views are instances of classes. */
function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function urlOf(options: unknown, base: URL): URL | undefined {
  const { url } = (options ?? {}) as PageMorphOptions;
  if (url === undefined) return undefined;
  const there = URL.canParse(String(url), base.href) ? new URL(String(url), base.href) : undefined;
  if (there?.origin === base.origin && !there.pathname.startsWith("//")) return there;
  throw new TypeError(
    `morph("page") got the url ${shown(String(url))}; expected an address of ${base.origin}, such as "/cart"`,
  );
}

function contradiction(wanted: string, chosen: string): TypeError {
  const advice = "a reflex morphs the page, or selectors, or nothing";
  return new TypeError(`morph() was asked for ${wanted} after it was asked for ${chosen}; ${advice}`);
}
