/** What changed in a page, as the client can apply it without knowing its templates. */
export type Patch = readonly FragmentPatch[];

/** Everything that changed in one fragment, by its address; the empty address is the page's `<body>`. */
export type FragmentPatch = readonly [address: string, ...edits: Edit[]];

/**
 * One change. `path`: element indices from the fragment's element down, joined by dots; empty for the element itself.
 * Text, the most frequent edit, is the one without a number.
 */
export type Edit =
  /** Set the text of an element that has nothing but text. */
  | readonly [path: string, text: string]
  /** Set an attribute, or remove it. */
  | readonly [path: string, kind: typeof ATTRIBUTE_EDIT, name: string, value: string | null]
  /** Bring the content of the element to this HTML, in which placeholders stand for fragments that stay. */
  | readonly [path: string, kind: typeof CONTENT_EDIT, html: string]
  /** Put another element in the place of the fragment's. */
  | readonly [path: "", kind: typeof REPLACE_EDIT, html: string]
  /** Change the items of the list of this address: remove some, then put others where they belong, in order. */
  | readonly [path: "", kind: typeof LIST_EDIT, removed: readonly string[], placed: readonly Placement[]];

/**
 * Where an item of a list goes: before the item of another key, or, when there is none, at the end, behind the
 * item named last. With HTML the item is new, without it moves.
 */
export type Placement =
  | readonly [key: string, before: string | null, after: string | null]
  | readonly [key: string, before: string | null, after: string | null, html: string];

export const ATTRIBUTE_EDIT = 1;
export const CONTENT_EDIT = 2;
export const REPLACE_EDIT = 3;
export const LIST_EDIT = 4;
