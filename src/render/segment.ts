/** Places in a document that the runtime needs to find again in the rendered text. */
export type Mark = "titleStart" | "titleEnd" | "bodyStart" | "bodyEnd";

/** The mark behind the start tag of an element. */
export const START_MARKS: Readonly<Record<string, Mark>> = { title: "titleStart", body: "bodyStart" };

/** The mark in front of the end tag of an element. */
export const END_MARKS: Readonly<Record<string, Mark>> = { title: "titleEnd", body: "bodyEnd" };

/** A part between tags. `isTextOnly`: in `<title>` or `<textarea>`, where markup would show as text. */
export interface ContentSlot {
  readonly kind: "content";
  readonly part: number;
  readonly isTextOnly: boolean;
}

/**
 * An attribute whose value has parts: `class="row ${kind}"` has the pieces `["row ", ""]` and the parts `[n]`.
 * Written as a whole, name and quotes included, so that it can be left out.
 */
export interface AttributeSlot {
  readonly kind: "attribute";
  readonly name: string;
  readonly pieces: readonly string[];
  readonly parts: readonly number[];
}

/** A {@link Mark}, which writes nothing. */
export interface MarkSlot {
  readonly kind: "mark";
  readonly mark: Mark;
}

/** Where the first root element of a template carries its address, when it has one. */
export interface AddressSlot {
  readonly kind: "address";
}

/**
 * Where an element carries an address of its own that cannot be found by counting, since what comes before it depends
 * on what parts show. `part`: the first one in it; -1 when there is none, and so no need.
 */
export interface AnchorSlot {
  readonly kind: "anchor";
  part: number;
}

/** What a template writes, in order: literal HTML, or a slot. */
export type Segment = string | ContentSlot | AttributeSlot | MarkSlot | AddressSlot | AnchorSlot;
