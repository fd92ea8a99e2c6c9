import { BOOKS, type Book } from "./catalogue.ts";

/** A piece of a text, and whether it is what was searched for. */
interface Piece {
  readonly text: string;
  readonly isFound: boolean;
}

/** The words of a query, plain: those that a book must have, all of them. */
export function wordsOf(query: string): readonly string[] {
  return plain(query)
    .split(/\s+/)
    .filter((word) => word !== "");
}

/** The books of which title and author have every word somewhere; all of them when there is none. */
export function findBooks(words: readonly string[]): readonly Book[] {
  return BOOKS.filter(({ title, author }) => {
    const text = plain(`${title}\n${author}`);
    return words.every((word) => text.includes(word));
  });
}

/** Cuts a text where a word begins or ends in it. Words may overlap; put together, the pieces are the text. */
export function piecesOf(text: string, words: readonly string[]): readonly Piece[] {
  const searched = plain(text);
  const found = new Set<number>();
  for (const word of words) {
    for (let at = searched.indexOf(word); at !== -1; at = searched.indexOf(word, at + 1))
      for (let place = at; place < at + word.length; place += 1) found.add(place);
  }
  const pieces: { text: string; isFound: boolean }[] = [];
  for (let place = 0; place < text.length; place += 1) {
    const character = text.charAt(place);
    const isFound = found.has(place);
    const last = pieces.at(-1);
    if (last?.isFound === isFound) last.text += character;
    else pieces.push({ text: character, isFound });
  }
  return pieces;
}

/** As one types it: `bronte` finds Brontë. As long as the text, so that places in one are places in the other. */
function plain(text: string): string {
  const bare = text.replace(/[\u0080-\uffff]/g, (unit) => unit.normalize("NFD").charAt(0));
  return bare.replaceAll("’", "'").toLowerCase();
}
