import { cutTo } from "../people/names.ts";

/** The lanes of the board, from left to right. */
export const LANES = [
  { id: "todo", label: "To do" },
  { id: "doing", label: "Doing" },
  { id: "done", label: "Done" },
] as const;

/** The name of a lane. */
export type LaneId = (typeof LANES)[number]["id"];

/** One card, as it is. */
export interface Card {
  readonly id: string;
  readonly lane: LaneId;
  readonly title: string;
  /** How many changes the card has seen, its first appearance among them. */
  readonly version: number;
  /** The version with which it came to its place. */
  readonly placed: number;
  /** The version with which it got its title. */
  readonly titled: number;
  /** Who changed it last, by the name of that time. */
  readonly by: string;
  readonly did: "added" | "moved" | "edited";
}

/** Longest title, in UTF-16 characters, inclusive; what is typed beyond it is cut off. */
export const CARD_CHARS_MAX = 120;

/** Most cards of the board. */
export const CARDS_MAX = 60;

/** What was typed, as the title of a card. Empty when nothing is left. */
export function toCardTitle(typed: string | undefined): string {
  return cutTo(CARD_CHARS_MAX, (typed ?? "").replace(/\s+/g, " "));
}

/** The lane of that name; `undefined` for a name that none has. */
export function laneOf(name: unknown): (typeof LANES)[number] | undefined {
  return LANES.find(({ id }) => id === name);
}

/**
 * The id of the card that a call adds, the same when the call runs again: a hash of the call's idempotency key, which names the session
 * that made it, while everybody sees the ids of cards.
 */
export async function cardIdOf(key: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(hash, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
