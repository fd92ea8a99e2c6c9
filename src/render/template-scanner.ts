import { ATTRIBUTES } from "../protocol/names.ts";
import {
  CODE_ATTRIBUTE,
  DROPS_FIRST_BREAK,
  ENDS_TAG_NAME,
  RAW_ELEMENTS,
  TEXT_ELEMENTS,
  WHITE_SPACE,
} from "./html-elements.ts";
import { type Outline, OutlineBuilder } from "./outline.ts";
import type { ScanState } from "./scan-state.ts";
import { END_MARKS, type Mark, type Segment, START_MARKS } from "./segment.ts";
import { SegmentWriter } from "./segment-writer.ts";
import { TemplateError } from "./template-error.ts";

/**
 * Reads the literal strings of one template once, from left to right, and tells for each part where it stands.
 * Cost: one step a character, once in the life of an isolate.
 *
 *     <p class="a ${0}">${1}   →   "<p", attribute class ["a ", ""] [0], ">", content 1
 */
export class TemplateScanner {
  readonly #strings: readonly string[];
  readonly #writer = new SegmentWriter();
  readonly #outline = new OutlineBuilder();
  #state: ScanState = "content";
  #tag = "";
  #isEndTag = false;
  /** Length of the literal before the tag's `<`: where the mark of an end tag belongs. */
  #tagStart = 0;
  /** The element whose content is not markup, while inside it. */
  #rawElement = "";
  #attributeName = "";
  /** Length of the literal before the current attribute, white space included: where it is cut when it has parts. */
  #attributeStart = 0;
  #pieces: string[] = [];
  #parts: number[] = [];

  constructor(strings: readonly string[]) {
    this.#strings = strings;
  }

  /**
   * The segments of the template, cut at every tag, and what they look like from its parts.
   * Throws `TemplateError` for a part where none may stand. Called once.
   */
  scan(): { readonly segments: readonly Segment[]; readonly outline: Outline } {
    this.#strings.forEach((text, index) => {
      for (let at = 0; at < text.length; at += 1) this.#step(text, at);
      if (index < this.#strings.length - 1) this.#part(index);
    });
    this.#writer.cut();
    const { segments } = this.#writer;
    return { segments, outline: this.#outline.outline(this.#strings.length - 1, segments.length) };
  }

  #step(text: string, at: number): void {
    const character = text.charAt(at);
    switch (this.#state) {
      case "content":
        return this.#content(text, at, character);
      case "tagName":
        return this.#tagName(character);
      case "betweenAttributes":
        return this.#betweenAttributes(character);
      case "attributeName":
        return this.#nameOfAttribute(character);
      case "afterName":
        return this.#afterName(character);
      case "beforeValue":
        return this.#beforeValue(character);
      case "doubleQuoted":
        return character === '"' ? this.#endQuoted(character) : this.#value(character);
      case "singleQuoted":
        return character === "'" ? this.#endQuoted(character) : this.#value(character);
      case "unquoted":
        return this.#unquoted(text, at, character);
      case "comment":
        return this.#until("-->", text, at, character);
      case "declaration":
        return this.#until(">", text, at, character);
    }
  }

  #content(text: string, at: number, character: string): void {
    if (character !== "<") return this.#text(character);
    const rest = text.slice(at + 1, at + 32).toLowerCase();
    if (this.#rawElement !== "") return this.#endsRaw(rest) ? this.#startTag(true) : this.#rawText();
    if (/^\/?[a-z]/.test(rest) || rest === "" || rest === "/") return this.#startTag(rest.startsWith("/"));
    if (!/^[!?/]/.test(rest)) return this.#text(character);
    this.#state = rest.startsWith("!--") ? "comment" : "declaration";
    this.#writer.write(character);
  }

  /** `</scripty` does not end a script; a name that reaches the end of the string is not known to. */
  #endsRaw(rest: string): boolean {
    const end = `/${this.#rawElement}`;
    return rest.startsWith(end) && ENDS_TAG_NAME.test(rest.charAt(end.length));
  }

  #text(character: string): void {
    // The parser drops this line break, so that it is part of the tag and not of the content.
    const isDropped = character === "\n" && this.#isAtStartOf(DROPS_FIRST_BREAK);
    if (isDropped && this.#writer.extendEnd(">", character)) return;
    if (!WHITE_SPACE.test(character)) this.#outline.text();
    this.#writer.write(character);
  }

  /** True directly behind the start tag of one of these elements. */
  #isAtStartOf(elements: ReadonlySet<string>): boolean {
    return this.#writer.length === 0 && !this.#isEndTag && elements.has(this.#tag);
  }

  /**
   * A `<` that begins no tag. Escaped where it says the same, so that nobody takes it for one: in a drawing or a
   * `<select>`, a title is parsed as any other element, and a part that follows at once could name a tag.
   */
  #rawText(): void {
    this.#outline.text();
    this.#writer.write(TEXT_ELEMENTS.has(this.#rawElement) ? "&lt;" : "<");
  }

  #startTag(isEndTag: boolean): void {
    this.#state = "tagName";
    this.#tag = "";
    this.#isEndTag = isEndTag;
    this.#tagStart = this.#writer.length;
    this.#writer.write("<");
  }

  #tagName(character: string): void {
    if (!ENDS_TAG_NAME.test(character)) this.#tag += character.toLowerCase();
    // The slash of an end tag stands before its name.
    else if (this.#tag !== "") this.#endTagName();
    if (character === ">") return this.#endTag();
    this.#writer.write(character);
  }

  #endTagName(): void {
    this.#state = "betweenAttributes";
    if (this.#isEndTag) return;
    if (this.#outline.isBeforeRoots) this.#writer.add({ kind: "address" });
    const anchor = this.#outline.startTag();
    if (anchor !== undefined) this.#writer.add(anchor);
  }

  #betweenAttributes(character: string): void {
    if (character === ">") return this.#endTag();
    if (!WHITE_SPACE.test(character) && character !== "/") {
      this.#state = "attributeName";
      this.#attributeStart = this.#writer.length;
      this.#attributeName = character;
    }
    this.#writer.write(character);
  }

  #nameOfAttribute(character: string): void {
    const isAtEnd = ENDS_TAG_NAME.test(character) || character === "=";
    if (isAtEnd && this.#attributeName === ATTRIBUTES.permanent) this.#outline.permanent(true);
    if (character === ">") return this.#endTag();
    if (character === "=") this.#startValue();
    else if (WHITE_SPACE.test(character)) this.#state = "afterName";
    else if (character === "/") this.#state = "betweenAttributes";
    else this.#attributeName += character;
    this.#writer.write(character);
  }

  /** White space may stand between a name and its equals sign. */
  #afterName(character: string): void {
    if (character !== "=" && !WHITE_SPACE.test(character)) return this.#betweenAttributes(character);
    if (character === "=") this.#startValue();
    this.#writer.write(character);
  }

  #startValue(): void {
    this.#state = "beforeValue";
    this.#pieces = [""];
    this.#parts = [];
  }

  #beforeValue(character: string): void {
    if (character === ">") return this.#endTag();
    if (character === '"') this.#state = "doubleQuoted";
    else if (character === "'") this.#state = "singleQuoted";
    else if (!WHITE_SPACE.test(character)) {
      this.#state = "unquoted";
      return this.#value(character);
    }
    this.#writer.write(character);
  }

  /** `value=${x}/>` ends the value at the slash, as its author means; HTML would take the slash into the value. */
  #unquoted(text: string, at: number, character: string): void {
    if (!WHITE_SPACE.test(character) && character !== ">" && !text.startsWith("/>", at))
      return this.#value(character);
    this.#endAttribute();
    this.#betweenAttributes(character);
  }

  #value(character: string): void {
    this.#pieces[this.#pieces.length - 1] += character;
    this.#writer.write(character);
  }

  #endQuoted(quote: string): void {
    this.#writer.write(quote);
    this.#endAttribute();
  }

  /** An attribute with parts leaves the literal and becomes a slot of its own. */
  #endAttribute(): void {
    this.#state = "betweenAttributes";
    if (this.#parts.length === 0) return;
    this.#writer.takeBack(this.#attributeStart);
    this.#writer.add({
      kind: "attribute",
      name: this.#attributeName,
      pieces: this.#pieces,
      parts: this.#parts,
    });
  }

  #endTag(): void {
    const element = this.#tag;
    if (this.#isEndTag) {
      this.#rawElement = "";
      // The tag's own text begins a segment, so that what is before it ends one.
      this.#writer.cut(this.#tagStart);
      this.#mark(END_MARKS[element]);
      if (element === "body") this.#outline.endBody(this.#writer.segments.length);
      else this.#outline.close(element, this.#writer.segments.length);
      this.#writer.write(">");
    } else {
      const isSelfClosing = this.#writer.endsWith("/");
      this.#writer.write(">");
      if (RAW_ELEMENTS.has(element) || TEXT_ELEMENTS.has(element)) this.#rawElement = element;
      this.#writer.cut();
      this.#mark(START_MARKS[element]);
      this.#outline.open(element, isSelfClosing, this.#writer.segments.length);
    }
    this.#state = "content";
  }

  #mark(mark: Mark | undefined): void {
    if (mark !== undefined) this.#writer.addBefore({ kind: "mark", mark });
  }

  #until(end: string, text: string, at: number, character: string): void {
    this.#writer.write(character);
    if (text.startsWith(end, at - end.length + 1)) this.#state = "content";
  }

  #part(index: number): void {
    switch (this.#state) {
      case "content":
        return this.#contentPart(index);
      case "beforeValue":
        this.#state = "unquoted";
        return this.#valuePart(index);
      case "doubleQuoted":
      case "singleQuoted":
      case "unquoted":
        return this.#valuePart(index);
      case "tagName":
        return this.#refuse(index, "a part cannot be (a piece of) a tag name");
      case "betweenAttributes":
      case "attributeName":
      case "afterName":
        return this.#refuse(index, "a part cannot be an attribute name; write name=${value}");
      case "comment":
        return this.#refuse(index, "a part cannot stand in a comment");
      case "declaration":
        return this.#refuse(index, "a part cannot stand in a declaration");
    }
  }

  #contentPart(part: number): void {
    if (RAW_ELEMENTS.has(this.#rawElement)) {
      const problem = `a part cannot stand in <${this.#rawElement}>, where nothing can be escaped`;
      this.#refuse(part, `${problem}; put the value into a data- attribute and read it there`);
    }
    // This line break is for the parser to drop, so that the value's own stays.
    if (this.#isAtStartOf(DROPS_FIRST_BREAK)) this.#writer.extendEnd(">", "\n");
    this.#writer.cut();
    this.#outline.contentPart(part);
    this.#writer.add({ kind: "content", part, isTextOnly: this.#rawElement !== "" });
  }

  #valuePart(part: number): void {
    if (CODE_ATTRIBUTE.test(this.#attributeName)) {
      const problem = `a part cannot stand in ${this.#attributeName}, whose value is code`;
      this.#refuse(part, `${problem}; use data-reflex`);
    }
    if (this.#attributeName === ATTRIBUTES.permanent) this.#outline.permanent(false);
    this.#outline.attributePart(part);
    this.#parts.push(part);
    this.#pieces.push("");
  }

  #refuse(part: number, problem: string): never {
    throw new TemplateError(this.#strings, part, problem);
  }
}
