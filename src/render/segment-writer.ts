import type { Segment } from "./segment.ts";

/** Collects the segments of a template: literal HTML as it is read, cut where something else comes between. */
export class SegmentWriter {
  readonly segments: Segment[] = [];
  /** Literal HTML that belongs to the next segment. */
  #literal = "";

  /** How long the literal is that has been written since the last cut. */
  get length(): number {
    return this.#literal.length;
  }

  write(text: string): void {
    this.#literal += text;
  }

  endsWith(text: string): boolean {
    return this.#literal.endsWith(text);
  }

  /** Takes back what was written from `length` on, and the white space before it. */
  takeBack(length: number): void {
    this.#literal = this.#literal.slice(0, length).replace(/\s$/, "");
  }

  /** Makes a segment of the literal up to `at`; the rest begins the next one. */
  cut(at: number = this.#literal.length): void {
    const rest = this.#literal.slice(at);
    if (at > 0) this.segments.push(this.#literal.slice(0, at));
    this.#literal = rest;
  }

  /** Adds to the last segment when it ends with `end` and nothing has been written since; false when that is not so. */
  extendEnd(end: string, text: string): boolean {
    const last = this.segments.at(-1);
    if (this.#literal !== "" || typeof last !== "string" || !last.endsWith(end)) return false;
    this.segments[this.segments.length - 1] = last + text;
    return true;
  }

  /** Adds what is no literal, in front of the literal that has been written since the last cut. */
  addBefore(segment: Exclude<Segment, string>): void {
    this.segments.push(segment);
  }

  /** Adds what is no literal. */
  add(segment: Exclude<Segment, string>): void {
    this.cut();
    this.segments.push(segment);
  }
}
