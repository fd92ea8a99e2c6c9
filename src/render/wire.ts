import {
  ADDRESS_PIECE,
  ARRAY_SEQUENCE,
  LIST_SEQUENCE,
  type TemplatePiece,
  type WireValue,
  type WireView,
} from "../protocol/wire-view.ts";
import { nameFor } from "./hash.ts";
import { Region } from "./region.ts";
import { attributeHtml, encodeKey, isFragment, renderValue } from "./render.ts";
import type { AttributeSlot, ContentSlot, Segment } from "./segment.ts";
import { KeyedList, type Part, View } from "./view.ts";

/** What a template, or the content of one of its elements, is called on the wire, and what it consists of. */
export interface WireTemplate {
  /** A hash of the pieces, so that it means the same after a restart. */
  readonly name: string;
  readonly pieces: readonly TemplatePiece[];
  /** What the values between the pieces show, in order. */
  readonly slots: readonly (AttributeSlot | ContentSlot)[];
}

/** What whoever reads views of a template has to know of it. */
export type TemplateNews = Pick<WireTemplate, "name" | "pieces">;

/** The template that is nothing but what stands in it. */
const OPAQUE: WireTemplate = { name: nameFor("[0]"), pieces: [0], slots: [] };

const known = new WeakMap<readonly Segment[], WireTemplate>();

/**
 * The wire's form of a template, made at its first use.
 *
 * @param segments of a template, or of a holder's content; the same array each time
 * @param hasAddress whether its root carries an address
 */
export function wireTemplateOf(segments: readonly Segment[], hasAddress: boolean): WireTemplate {
  const made = known.get(segments);
  if (made !== undefined) return made;
  const pieces: TemplatePiece[] = [];
  const slots: (AttributeSlot | ContentSlot)[] = [];
  for (const segment of segments) {
    if (typeof segment === "string") addLiteral(pieces, segment);
    else if (segment.kind === "address") pieces.push(...(hasAddress ? [ADDRESS_PIECE] : []));
    else if (segment.kind === "anchor") pieces.push(-2 - segment.part);
    else if (segment.kind !== "mark") {
      slots.push(segment);
      pieces.push(segment.kind === "attribute" ? [segment.name] : segment.part);
    }
  }
  const template = { name: nameFor(JSON.stringify(pieces)), pieces, slots };
  known.set(segments, template);
  return template;
}

/** Marks and addresses that write nothing leave literals side by side. */
function addLiteral(pieces: TemplatePiece[], text: string): void {
  const last = pieces.at(-1);
  if (typeof last === "string") pieces[pieces.length - 1] = last + text;
  else pieces.push(text);
}

/** Says what stays in the page in the place of a part; `undefined`: the part is written. */
export type Stays = (part: number) => WireValue | undefined;

/** Turns views into their wire form, and collects the templates that whoever reads them must know. */
export class WireWriter {
  readonly #templates = new Map<string, WireTemplate>();
  readonly #regions = new Set<Region>();

  /** What was used so far, each once. */
  get templates(): readonly WireTemplate[] {
    return [...this.#templates.values()];
  }

  /** The regions that were written whole so far. */
  get regions(): readonly Region[] {
    return [...this.#regions];
  }

  /** Throws `TemplateError` as described at `html`. */
  view(view: View): WireView {
    return this.#write(view, wireTemplateOf(view.template.segments, isFragment(view)));
  }

  /** The content of one element of a view. */
  content(view: View, segments: readonly Segment[], stays: Stays): WireView {
    return this.#write(view, wireTemplateOf(segments, false), stays);
  }

  /** HTML that was made elsewhere. */
  html(html: string): WireView {
    this.#templates.set(OPAQUE.name, OPAQUE);
    return [OPAQUE.name, html];
  }

  #write(view: View, template: WireTemplate, stays?: Stays): WireView {
    this.#templates.set(template.name, template);
    const values = template.slots.map((slot) =>
      slot.kind === "attribute"
        ? attributeHtml(view, slot)
        : (stays?.(slot.part) ?? this.#content(view, slot.part)),
    );
    return [template.name, ...values];
  }

  /** What no update reaches has no addresses, and so is HTML. */
  #content(view: View, part: number): WireValue {
    const isReached = view.template.outline.holders[part] !== undefined;
    const value = view.parts[part];
    return isReached ? this.#value(view, part, value) : renderValue(view, part, value);
  }

  #value(view: View, part: number, value: Part): WireValue {
    if (value instanceof View) return this.view(value);
    if (value instanceof KeyedList) {
      if (value.entries.length === 0) return "";
      const entries = value.entries.flatMap(({ key, view }) => [encodeKey(key), this.view(view)]);
      return [LIST_SEQUENCE, ...entries];
    }
    if (value instanceof Region) this.#regions.add(value);
    if (!Array.isArray(value)) return renderValue(view, part, value);
    const items = value.map((item) => this.#value(view, part, item));
    return items.every((item) => typeof item === "string") ? items.join("") : [ARRAY_SEQUENCE, ...items];
  }
}
