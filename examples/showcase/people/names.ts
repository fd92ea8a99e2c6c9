/** Longest name of a visitor, in UTF-16 characters, inclusive. */
export const NAME_CHARS_MAX = 24;

const COLOURS = ["Amber", "Azure", "Coral", "Green", "Ivory", "Lilac", "Ochre", "Olive", "Plum", "Ruby"];
const ANIMALS = ["Badger", "Crane", "Dormouse", "Finch", "Hare", "Heron", "Lynx", "Otter", "Owl", "Stoat"];

/** What was typed, as a name: its white space is single spaces, and it is within its limit. Empty when nothing is left. */
export function toName(typed: string | undefined): string {
  return cutTo(NAME_CHARS_MAX, (typed ?? "").replace(/\s+/g, " "));
}

/** Text without white space around it, of so many UTF-16 characters at most, and of no half of one. */
export function cutTo(charsMax: number, text: string): string {
  return text
    .trim()
    .slice(0, charsMax)
    .replace(/[\uD800-\uDBFF]$/, "")
    .trim();
}

/** A name for who has chosen none: the same for the same session, of which it says nothing else. */
export function givenName(sessionId: string): string {
  let hash = 0;
  for (const character of sessionId) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  const colour = COLOURS[hash % COLOURS.length];
  return `${colour} ${ANIMALS[Math.floor(hash / COLOURS.length) % ANIMALS.length]}`;
}
