/** One entry of a visitor's list. */
export interface Todo {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
}

/** Longest title, in UTF-16 characters, inclusive; what is typed beyond it is cut off. */
export const TITLE_CHARS_MAX = 200;

/** Longest list of one visitor, in todos. */
export const TODOS_MAX = 200;

/** What was typed, as a title: without white space around it, and within its limit. Empty when nothing is left. */
export function toTitle(typed: string | undefined): string {
  const cut = (typed ?? "").trim().slice(0, TITLE_CHARS_MAX);
  // The cut may have gone through a character that takes two places.
  return cut.replace(/[\uD800-\uDBFF]$/, "").trim();
}
