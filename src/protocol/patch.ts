import type { WireView } from "./wire-view.ts";

/**
 * Everything that changed in one fragment, by its address; the empty address is the page's `<body>`, and `#name` after
 * an address the element of that id inside. Those of a region begin with `@`, and are the same on every page.
 */
export type FragmentPatch = readonly [address: string, ...edits: Edit[]];

/**
 * One change. Edits of an element begin with its path: element indices from the fragment's element down, joined by dots,
 * empty for the element itself; what comes behind tells them apart. Edits of whole fragments begin with a number.
 */
export type Edit = TextEdit | ContentEdit | AttributeEdit | ReplaceEdit | RestoreEdit | ListEdit | WholeEdit;

/** Set the text of an element that has nothing but text; as HTML, whose entities are undone. */
export type TextEdit = readonly [path: string, html: string];

/** Bring the content of the element to this view, whose addresses begin with the base of the patch's and `suffix`. */
export type ContentEdit = readonly [path: string, content: WireView, suffix?: string];

/** Set an attribute to this value as HTML, or remove it. */
export type AttributeEdit = readonly [path: string, name: string, html: string | null];

/** Put another element in the place of the fragment's. */
export type ReplaceEdit = readonly [kind: typeof REPLACE_EDIT, view: WireView];

/** Bring the fragment's element to this view: the page asked for it, having found it changed by something else. */
export type RestoreEdit = readonly [kind: typeof RESTORE_EDIT, view: WireView];

/** Bring the fragment's element to this view, its attributes too: nobody knows what it shows. An older client takes it for the one before. */
export type WholeEdit = readonly [kind: typeof WHOLE_EDIT, view: WireView];

/** Change the items of the list of this address: put some where they belong, in this order, and remove others. */
export type ListEdit = readonly [
  kind: typeof LIST_EDIT,
  removed: readonly string[],
  placed: readonly Placement[],
];

/** Where an item goes, by its key. With a view it is new, without it moves. */
export type Placement =
  | readonly [key: string, place: Place]
  | readonly [key: string, place: Place, view: WireView];

/** Before the item of this key; or, in a list of one, behind it; or, in an empty list, where the removed ones are. */
export type Place = string | readonly [behind: string] | readonly [];

/** The kinds of edits of whole fragments. */
export const REPLACE_EDIT = 0;
export const RESTORE_EDIT = 1;
export const LIST_EDIT = 2;
export const WHOLE_EDIT = 3;
