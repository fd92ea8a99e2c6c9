import {
  ENDS_PARAGRAPH,
  FLOW_ELEMENTS,
  NEVER_NESTED,
  PROPER_PARENTS,
  VOID_ELEMENTS,
} from "./html-elements.ts";
import type { AnchorSlot } from "./segment.ts";

/** Element indices from the roots of a template down to an element: `[0, 2]` is the third child of the first root. */
export type Path = readonly number[];

/** Where an element of a template is. */
export interface Spot {
  /** Counted from the anchor when there is one, else from the template's roots; empty for what holds the roots. */
  readonly path: Path;
  /** The element around it, or itself, that carries an address of its own. */
  readonly anchor: AnchorSlot | undefined;
}

/** An element of a template that holds parts: what is brought up to date when something in it changes. */
export interface Holder extends Spot {
  /** The parts inside, at any depth. */
  readonly parts: readonly number[];
  /** True when nothing is inside but text and parts: while those show text, the text is all there is to it. */
  readonly isText: boolean;
  /** True when one part is all that is inside, white space aside. */
  readonly isSole: boolean;
  /** True when HTML that stands in it is parsed as it is by itself: no element of the template around would end, or be moved. */
  readonly isFlow: boolean;
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
  /** For each part: the smallest holder around it; `undefined` outside `<body>` and in what is permanent, which no update reaches. */
  readonly holders: readonly (Holder | undefined)[];
  /** For each content part in the body: the tags of the template that it stands in, outermost first. */
  readonly tagsAround: readonly (readonly string[] | undefined)[];
  /** For each part in an attribute: where its element is; `undefined` where nothing can be counted. */
  readonly attributeSpots: readonly (Spot | undefined)[];
}

interface OpenElement extends Spot {
  readonly tag: string;
  readonly from: number;
  readonly isPermanent: boolean;
  /** True when it and everything around it takes any content. */
  readonly isFlow: boolean;
  elements: number;
  hasText: boolean;
  hasParts: boolean;
  /** The parts below, at any depth. */
  readonly parts: number[];
}

/**
 * Follows the tags of a template and learns where its parts lie. Where the browser's parser would build other
 * elements than are written (a `<tr>` without `<tbody>`, a tag left open), it gives up counting, and everything
 * belongs to the template as a whole: slower, never wrong.
 */
export class OutlineBuilder {
  #stack: OpenElement[] = [openElement("", ROOT, 0)];
  #isRegular = true;
  #isInBody = true;
  #hasBody = false;
  readonly #holders: (Holder | undefined)[] = [];
  readonly #attributeSpots: Spot[] = [];
  readonly #tagsAround: (readonly string[])[] = [];
  readonly #found: Holder[] = [];
  #depthOfForeign = 0;
  /** Where the element is whose tag is being read. */
  #tagSpot: Spot = ROOT;
  #anchors: AnchorSlot[] = [];
  /** The tag that is being read says that its element is permanent. */
  #isPermanent = false;
  /** The parts in attributes of the tag that is being read. */
  #tagParts: number[] = [];
  /** The parts that no update reaches. */
  readonly #untouched = new Set<number>();

  /** True until the first element begins. */
  get isBeforeRoots(): boolean {
    return this.#stack.length === 1 && this.#top.elements === 0;
  }

  /** The name of a start tag has been read. Returns where its element has to say who it is, if it has to. */
  startTag(): AnchorSlot | undefined {
    const { path, anchor, elements, hasParts } = this.#top;
    this.#tagSpot = hasParts
      ? { path: [], anchor: { kind: "anchor", part: -1 } }
      : { path: [...path, elements], anchor };
    if (!hasParts) return undefined;
    const { anchor: own } = this.#tagSpot;
    if (own !== undefined) this.#anchors.push(own);
    return own;
  }

  /** The end of a start tag. `segment`: how many segments lie before its content. */
  open(tag: string, isSelfClosing: boolean, segment: number): void {
    // The content of a template is no part of the page, and updates do not look there.
    const isPermanent = this.#endOfTag() || tag === "template";
    if (tag === "body") return this.#startBody(segment);
    if (!this.#nestsAsWritten(tag)) this.#isRegular = false;
    this.#top.elements += 1;
    const isForeign = this.#depthOfForeign > 0 || tag === "svg" || tag === "math";
    if (VOID_ELEMENTS.has(tag) || (isSelfClosing && isForeign)) return;
    if (isSelfClosing) this.#isRegular = false;
    if (isForeign) this.#depthOfForeign += 1;
    const isFlow = this.#top.isFlow && FLOW_ELEMENTS.has(tag);
    this.#stack.push({ ...openElement(tag, this.#tagSpot, segment), isPermanent, isFlow });
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
    const tags = this.#stack.map(({ tag }) => tag);
    if (this.#isInBody) this.#tagsAround[part] = tags.filter((tag) => tag !== "");
    this.#addPart(part);
  }

  /** The element whose tag is being read is permanent, or, by a value that is not known here, may be. */
  permanent(isPermanent: boolean): void {
    this.#isPermanent = isPermanent;
  }

  /** A part in an attribute of the element whose tag is being read. */
  attributePart(part: number): void {
    this.#attributeSpots[part] = this.#tagSpot;
    this.#tagParts.push(part);
    this.#addPart(part);
  }

  /** `</body>`: what comes after belongs to no holder. */
  endBody(segment: number): void {
    while (this.#stack.length > 1) this.#stack.pop();
    this.#finish(this.#top, segment);
    this.#stack = [openElement("", ROOT, segment)];
    this.#isInBody = false;
  }

  outline(partCount: number, segment: number): Outline {
    if (this.#stack.length > 1) this.#isRegular = false;
    const [root = openElement("", ROOT, 0)] = this.#stack;
    if (this.#isInBody) this.#finish(root, segment);
    if (!this.#isRegular) this.#dropAnchors();
    const isSingleRoot = this.#isRegular && root.elements === 1 && !root.hasParts && !root.hasText;
    const holders = this.#isRegular ? this.#holders : this.#oneForAll();
    const spots = this.#isRegular ? this.#attributeSpots : [];
    const parts = Array.from({ length: partCount }, (_, part) => part);
    return {
      isSingleRoot: isSingleRoot && this.#isInBody,
      hasBody: this.#hasBody,
      holders: parts.map((part) => (this.#untouched.has(part) ? undefined : holders[part])),
      tagsAround: parts.map((part) => this.#tagsAround[part]),
      attributeSpots: parts.map((part) => spots[part]),
    };
  }

  #addPart(part: number): void {
    if (this.#stack.some(({ isPermanent }) => isPermanent)) this.#untouched.add(part);
    for (const element of this.#stack) {
      element.parts.push(part);
      if (element.anchor?.part === -1) element.anchor.part = part;
    }
  }

  /** Whatever the anchors are in, nothing is looked for there. */
  #dropAnchors(): void {
    for (const anchor of this.#anchors) anchor.part = -1;
    this.#anchors = [];
  }

  /** True when the element of the tag is permanent: then its attributes are, too. */
  #endOfTag(): boolean {
    const isPermanent = this.#isPermanent;
    if (isPermanent) for (const part of this.#tagParts) this.#untouched.add(part);
    const [first] = this.#tagParts;
    const { anchor } = this.#tagSpot;
    if (anchor?.part === -1 && first !== undefined) anchor.part = first;
    this.#isPermanent = false;
    this.#tagParts = [];
    return isPermanent;
  }

  /** Where nothing can be counted, everything belongs to the whole. */
  #oneForAll(): readonly (Holder | undefined)[] {
    const root = this.#found.find(({ path, anchor }) => path.length === 0 && anchor === undefined);
    const holders: (Holder | undefined)[] = [];
    const whole = root && { ...root, isText: false, isSole: false };
    for (const part of whole?.parts ?? []) holders[part] = whole;
    return holders;
  }

  #startBody(segment: number): void {
    this.#hasBody = true;
    this.#stack = [openElement("", ROOT, segment)];
    this.#holders.length = 0;
    this.#attributeSpots.length = 0;
    this.#tagsAround.length = 0;
    this.#dropAnchors();
    this.#found.length = 0;
    this.#isRegular = true;
  }

  /** The first element to finish around a part is the smallest. */
  #finish(element: OpenElement, to: number): void {
    if (element.parts.length === 0) return;
    const { path, anchor, parts, isFlow, from } = element;
    const isText = element.elements === 0;
    const isSole = isText && !element.hasText && parts.length === 1;
    const holder = { path, anchor, parts, isText, isSole, isFlow, from, to };
    this.#found.push(holder);
    for (const part of parts) this.#holders[part] ??= holder;
  }

  #nestsAsWritten(tag: string): boolean {
    const { tag: parent } = this.#top;
    const proper = Object.hasOwn(PROPER_PARENTS, tag) ? PROPER_PARENTS[tag] : undefined;
    if (proper !== undefined && parent !== "" && !proper.includes(parent)) return false;
    if (ENDS_PARAGRAPH.has(tag) && this.#stack.some((element) => element.tag === "p")) return false;
    return !(NEVER_NESTED.has(tag) && parent === tag);
  }

  get #top(): OpenElement {
    // The root is never popped.
    return this.#stack.at(-1) ?? openElement("", ROOT, 0);
  }
}

/** What holds a template's roots. */
const ROOT: Spot = { path: [], anchor: undefined };

function openElement(tag: string, { path, anchor }: Spot, from: number): OpenElement {
  return {
    tag,
    path,
    anchor,
    from,
    isPermanent: false,
    isFlow: true,
    elements: 0,
    hasText: false,
    hasParts: false,
    parts: [],
  };
}
