import { ENDS_PARAGRAPH, NEVER_NESTED, PROPER_PARENTS, VOID_ELEMENTS } from "./html-elements.ts";

/** Element indices from the roots of a template down to an element: `[0, 2]` is the third child of the first root. */
export type Path = readonly number[];

/**
 * An element of a template that holds parts, and that can be found in the page by counting elements: what is
 * brought up to date when something in it changes.
 */
export interface Holder {
  /** From the fragment's roots; empty for what holds the roots themselves. */
  readonly path: Path;
  /** The content parts inside, deeper ones that cannot be found by counting included. */
  readonly parts: readonly number[];
  /** True when nothing is inside but text and parts: while those show text, the text is all there is to it. */
  readonly isText: boolean;
  /** True when one part is all that is inside, white space aside. */
  readonly isSole: boolean;
  /** Between which of the finely cut segments its content lies. */
  readonly from: number;
  readonly to: number;
}

/** What the elements of a template look like from its parts. */
export interface Outline {
  /** True when the template is one element, white space around it with a line break aside. */
  readonly isSingleRoot: boolean;
  /** True when the template itself says where the page's `<body>` begins, so that elements are counted from there. */
  readonly hasBody: boolean;
  /** For each part: the smallest holder around it; `undefined` outside `<body>`. */
  readonly holders: readonly (Holder | undefined)[];
  /** For each part in an attribute: the path of its element, where that can be counted. */
  readonly attributePaths: readonly (Path | undefined)[];
}

interface OpenElement {
  readonly tag: string;
  /** Absent when content before the element makes its index depend on what parts show. */
  readonly path: Path | undefined;
  readonly from: number;
  elements: number;
  hasText: boolean;
  hasParts: boolean;
  /** The content parts below, at any depth. */
  readonly parts: number[];
}

/**
 * Follows the tags of a template and learns where its parts lie. Where the browser's parser would build other
 * elements than are written (a `<tr>` without `<tbody>`, a tag left open), it gives up counting, and everything
 * belongs to the template as a whole: slower, never wrong.
 */
export class OutlineBuilder {
  #stack: OpenElement[] = [openElement("", [], 0)];
  #isRegular = true;
  #isInBody = true;
  #hasBody = false;
  readonly #holders: (Holder | undefined)[] = [];
  readonly #attributePaths: (Path | undefined)[] = [];
  readonly #found: Holder[] = [];
  #depthOfForeign = 0;

  /** True until the first element begins. */
  get isBeforeRoots(): boolean {
    return this.#stack.length === 1 && this.#top.elements === 0;
  }

  /** The end of a start tag. `segment`: how many segments lie before its content. */
  open(tag: string, isSelfClosing: boolean, segment: number): void {
    if (tag === "body") return this.#startBody(segment);
    const parent = this.#top;
    if (!this.#nestsAsWritten(tag)) this.#isRegular = false;
    const path = parent.path === undefined || parent.hasParts ? undefined : [...parent.path, parent.elements];
    parent.elements += 1;
    const isForeign = this.#depthOfForeign > 0 || tag === "svg" || tag === "math";
    if (VOID_ELEMENTS.has(tag) || (isSelfClosing && isForeign)) return;
    if (isSelfClosing) this.#isRegular = false;
    if (isForeign) this.#depthOfForeign += 1;
    this.#stack.push(openElement(tag, path, segment));
  }

  /** An end tag. `segment`: how many segments lie before it. */
  close(tag: string, segment: number): void {
    if (VOID_ELEMENTS.has(tag)) return;
    const element = this.#top;
    if (element.tag !== tag || this.#stack.length === 1) {
      if (this.#isInBody && tag !== "html") this.#isRegular = false;
      return;
    }
    this.#stack.pop();
    if (this.#depthOfForeign > 0) this.#depthOfForeign -= 1;
    this.#finish(element, segment);
  }

  text(): void {
    this.#top.hasText = true;
  }

  contentPart(part: number): void {
    this.#top.hasParts = true;
    for (const element of this.#stack) element.parts.push(part);
  }

  /** A part in an attribute of the element whose tag is being read. */
  attributePart(part: number): void {
    const parent = this.#top;
    const isCountable = parent.path !== undefined && !parent.hasParts;
    this.#attributePaths[part] = isCountable ? [...(parent.path ?? []), parent.elements] : undefined;
    for (const element of this.#stack) element.parts.push(part);
  }

  /** `</body>`: what comes after belongs to no holder. */
  endBody(segment: number): void {
    while (this.#stack.length > 1) this.#stack.pop();
    this.#finish(this.#top, segment);
    this.#stack = [openElement("", undefined, segment)];
    this.#isInBody = false;
  }

  outline(partCount: number, segment: number): Outline {
    if (this.#stack.length > 1) this.#isRegular = false;
    const [root = openElement("", [], 0)] = this.#stack;
    if (this.#isInBody) this.#finish({ ...root, path: [] }, segment);
    const isSingleRoot = this.#isRegular && root.elements === 1 && !root.hasParts && !root.hasText;
    const holders = this.#isRegular ? this.#holders : this.#oneForAll();
    const paths = this.#isRegular ? this.#attributePaths : [];
    const parts = Array.from({ length: partCount }, (_, part) => part);
    return {
      isSingleRoot: isSingleRoot && this.#isInBody,
      hasBody: this.#hasBody,
      holders: parts.map((part) => holders[part]),
      attributePaths: parts.map((part) => paths[part]),
    };
  }

  /** Where nothing can be counted, everything belongs to the whole. */
  #oneForAll(): readonly (Holder | undefined)[] {
    const root = this.#found.find(({ path }) => path.length === 0);
    const holders: (Holder | undefined)[] = [];
    const whole = root && { ...root, isText: false, isSole: false };
    for (const part of whole?.parts ?? []) holders[part] = whole;
    return holders;
  }

  #startBody(segment: number): void {
    this.#hasBody = true;
    this.#stack = [openElement("", [], segment)];
    this.#holders.length = 0;
    this.#attributePaths.length = 0;
    this.#found.length = 0;
    this.#isRegular = true;
  }

  /** The first element to finish around a part is the smallest; those that cannot be counted leave it to their parents. */
  #finish(element: OpenElement, to: number): void {
    if (element.path === undefined || element.parts.length === 0) return;
    const { path, parts, from } = element;
    const isText = element.elements === 0;
    const isSole = isText && !element.hasText && parts.length === 1;
    const holder = { path, parts, isText, isSole, from, to };
    this.#found.push(holder);
    for (const part of parts) this.#holders[part] ??= holder;
  }

  #nestsAsWritten(tag: string): boolean {
    const { tag: parent } = this.#top;
    const proper = PROPER_PARENTS[tag];
    if (proper !== undefined && parent !== "" && !proper.includes(parent)) return false;
    if (ENDS_PARAGRAPH.has(tag) && this.#stack.some((element) => element.tag === "p")) return false;
    return !(NEVER_NESTED.has(tag) && parent === tag);
  }

  get #top(): OpenElement {
    // The root is never popped.
    return this.#stack.at(-1) ?? openElement("", [], 0);
  }
}

function openElement(tag: string, path: Path | undefined, from: number): OpenElement {
  return { tag, path, from, elements: 0, hasText: false, hasParts: false, parts: [] };
}
