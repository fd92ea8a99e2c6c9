import { cutTo } from "../people/names.ts";

/** Something that was said in a room. */
export interface Message {
  /** Later ones have greater ones. */
  readonly id: number;
  readonly name: string;
  readonly text: string;
  /** In milliseconds since 1970. */
  readonly saidAt: number;
  /** Whether the visitor said it who reads it. */
  readonly isOwn: boolean;
}

/** Longest message, in UTF-16 characters, inclusive; what is typed beyond it is cut off. */
export const TEXT_CHARS_MAX = 400;

/** Messages that a page shows at first, and how many more with each look further back. */
export const SHOWN = 30;

/** Messages that a page shows at most. */
export const SHOWN_MAX = 300;

/** Messages that a room keeps. */
export const KEPT = 500;

/** What was typed, as a message. Empty when nothing is left. */
export function toText(typed: string | undefined): string {
  return cutTo(TEXT_CHARS_MAX, typed ?? "");
}
