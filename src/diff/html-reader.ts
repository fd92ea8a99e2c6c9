import {
  DRAWING_GROUPS,
  DROPS_FIRST_BREAK,
  ENDS_FOREIGN,
  FOREIGN_TEXT,
  RAW_ELEMENTS,
  TABLE_FRAMES,
  TEXT_ELEMENTS,
  VOID_ELEMENTS,
} from "../render/html-elements.ts";
import { nestsAsWritten } from "./html-nesting.ts";
import { type CuttingAttributes, readAttributes } from "./tag-attributes.ts";

/** A stretch of HTML that is all the content of one element. */
export interface Region {
  /** Absent when the element is permanent. */
  readonly id: string | undefined;
  /** Where in the text the content begins and ends: characters, the end exclusive. */
  readonly from: number;
  readonly to: number;
  /** In order. */
  readonly inside: readonly Region[];
}

/** What was read of a text of HTML. */
export interface Reading {
  /** The text as a whole. */
  readonly root: Region;
  /** How many elements have each id, those included that have no region. */
  readonly ids: ReadonlyMap<string, number>;
}

/** An element whose end tag is not read yet. */
interface OpenElement {
  readonly tag: string;
  /** True inside drawings and formulas, where other rules hold. */
  readonly isForeign: boolean;
  /** True when its content is not looked into. */
  readonly isOpaque: boolean;
  /** True when its content becomes a region, by this id or as permanent. */
  readonly isRegion: boolean;
  readonly id: string | undefined;
  readonly from: number;
  /** The regions in it; those of the element around when it is none itself. */
  readonly inside: Region[];
}

/** Browsers nest elements up to a depth of 512, and put what is deeper beside; the page around takes its part. */
const MAX_DEPTH = 200;

// Sticky patterns of what has one meaning in every browser. Attributes need white space between them; the value
// without quotes is taken as a whole, since a slash at its end does not close the element.
const START_TAG =
  /<([a-zA-Z][\w:.-]*)((?:[\t\n\f\r ]+[^\t\n\f\r "'<>/=]+(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"[^"]*"|'[^']*'|[^\t\n\f\r "'<=>`]+(?=[\t\n\f\r >])))?)*)[\t\n\f\r ]*(\/?)>/y;
const END_TAG = /<\/([a-zA-Z][\w:.-]*)[\t\n\f\r ]*>/y;
/** After a bracket that is more than text. */
const BEGINS_MARKUP = /[a-zA-Z!/?]/;
const FIRST_BREAK = /\r\n?|\n/y;
/** A line break by another name, which browsers may drop or not where the first is dropped. */
const ENCODED_BREAK = /&(?:#|NewLine)/y;

const NOT_SPACE = /[^\t\n\f\r ]/;
const NO_SCRIPT_END = /<\/noscript[\t\n\f\r />]/i;

/** What is inside cannot be brought to another HTML by itself. Of a select that is its options. */
const OPAQUE = new Set(["template", "noscript", "math", "select", "datalist"]);

/** Nor can these themselves: the client keeps what a template has aside, and browsers take or leave what a noscript has. */
const NEVER_CUT = new Set(["template", "noscript", "math"]);

const RAW_ENDS: ReadonlyMap<string, RegExp> = new Map(
  [...RAW_ELEMENTS, ...TEXT_ELEMENTS].map((tag) => [tag, new RegExp(`</${tag}[\\t\\n\\f\\r />]`, "gi")]),
);

/**
 * Reads HTML from left to right where it is regular: where every browser, whether it parses the page or sets
 * `innerHTML`, builds the very elements that are written. Tag soup is not read. A parser that reads any text (htmlparser2,
 * say) is no help here: what it makes of `<!-- a --!>`, `<![CDATA[>]]>` or `</ p>` is not what browsers do, and so
 * every tag would have to be looked at again. Costs one step for each tag; a text is read once.
 */
export class HtmlReader {
  readonly #html: string;
  readonly #ids = new Map<string, number>();
  readonly #regions: Region[] = [];
  readonly #stack: OpenElement[] = [];
  #at = 0;

  constructor(html: string) {
    this.#html = html;
  }

  /** `undefined` when the text is not regular. Called once. */
  read(): Reading | undefined {
    const { length } = this.#html;
    // Dropped in one place, and replaced in another.
    if (this.#html.includes("\0")) return undefined;
    while (this.#at < length) {
      if (!this.#text() || !this.#markup()) return undefined;
    }
    if (this.#stack.length > 0) return undefined;
    return { root: { id: undefined, from: 0, to: length, inside: this.#regions }, ids: this.#ids };
  }

  /** Up to the next bracket that is markup. */
  #text(): boolean {
    const from = this.#at;
    let at = this.#html.indexOf("<", from);
    while (at !== -1 && !BEGINS_MARKUP.test(this.#html.charAt(at + 1))) at = this.#html.indexOf("<", at + 1);
    this.#at = at === -1 ? this.#html.length : at;
    const tag = this.#top?.tag ?? "";
    return from === this.#at || !TABLE_FRAMES.has(tag) || !NOT_SPACE.test(this.#html.slice(from, this.#at));
  }

  #markup(): boolean {
    if (this.#at === this.#html.length) return true;
    const character = this.#html.charAt(this.#at + 1);
    if (character === "/") return this.#endTag();
    return character === "!" ? this.#comment() : this.#startTag();
  }

  #comment(): boolean {
    const start = this.#at + "<!--".length;
    const end = this.#html.indexOf("-->", start);
    if (end === -1 || !this.#html.startsWith("<!--", this.#at)) return false;
    // Browsers know more ends than one.
    const hasOtherEnd = /^-?>|--!>/.test(this.#html.slice(start, end));
    this.#at = end + "-->".length;
    return !hasOtherEnd;
  }

  #startTag(): boolean {
    const match = this.#match(START_TAG, this.#at);
    if (match === null) return false;
    const [all, name = "", text = "", slash] = match;
    const tag = name.toLowerCase();
    const attributes = readAttributes(text);
    if (attributes === undefined || !this.#nests(tag)) return false;
    this.#at += all.length;
    const { id } = attributes;
    if (id !== "") this.#ids.set(id, (this.#ids.get(id) ?? 0) + 1);
    const isForeign = this.#top?.isForeign === true || tag === "svg" || tag === "math";
    if (isForeign ? slash !== "" : VOID_ELEMENTS.has(tag)) return true;
    if (slash !== "") return false;
    this.#open(tag, isForeign, attributes);
    return isForeign || this.#rawText(tag);
  }

  #nests(tag: string): boolean {
    const top = this.#top;
    if (this.#stack.length === MAX_DEPTH) return false;
    if (top?.isForeign !== true) return nestsAsWritten(tag, this.#stack);
    return !ENDS_FOREIGN.has(tag) && !FOREIGN_TEXT.has(top.tag);
  }

  #open(tag: string, isForeign: boolean, { id, isPermanent }: CuttingAttributes): void {
    const top = this.#top;
    const isInOpaque = top?.isOpaque === true;
    const drops = DROPS_FIRST_BREAK.has(tag) && !isForeign;
    const canCut = isForeign ? DRAWING_GROUPS.has(tag) : !NEVER_CUT.has(tag) && !RAW_ENDS.has(tag);
    const isUnclear = drops && this.#match(ENCODED_BREAK, this.#at) !== null;
    if (drops) this.#at += this.#match(FIRST_BREAK, this.#at)?.[0].length ?? 0;
    const isRegion = !isInOpaque && (isPermanent || (id !== "" && canCut && !isUnclear));
    this.#stack.push({
      tag,
      isForeign,
      isOpaque: isInOpaque || OPAQUE.has(tag),
      isRegion,
      id: isPermanent ? undefined : id,
      from: this.#at,
      inside: isRegion ? [] : this.#around,
    });
  }

  /** Goes on to the end tag where what is inside is no markup. */
  #rawText(tag: string): boolean {
    const pattern = RAW_ENDS.get(tag);
    if (pattern === undefined) return true;
    const from = this.#at;
    const end = this.#match(pattern, from)?.index;
    if (end === undefined) return false;
    this.#at = end;
    // In what looks like a comment, a script goes on behind its end tag.
    return tag !== "script" || !this.#html.slice(from, end).includes("<!--");
  }

  #endTag(): boolean {
    const match = this.#match(END_TAG, this.#at);
    const element = this.#stack.pop();
    if (element?.tag !== match?.[1]?.toLowerCase() || element === undefined) return false;
    const { tag, isRegion, id, from, inside } = element;
    const to = this.#at;
    this.#at += match?.[0].length ?? 0;
    if (isRegion) this.#around.push({ id, from, to, inside });
    // To a browser that runs scripts its content is raw text, which ends here.
    return tag !== "noscript" || !NO_SCRIPT_END.test(this.#html.slice(from, to));
  }

  #match(pattern: RegExp, at: number): RegExpExecArray | null {
    pattern.lastIndex = at;
    return pattern.exec(this.#html);
  }

  get #top(): OpenElement | undefined {
    return this.#stack.at(-1);
  }

  /** Where the regions belong that are read next. */
  get #around(): Region[] {
    return this.#top?.inside ?? this.#regions;
  }
}
