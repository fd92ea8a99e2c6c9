import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOOKS } from "../../examples/showcase/books/catalogue.ts";
import { findBooks, piecesOf, wordsOf } from "../../examples/showcase/books/search.ts";

const word = fc.constantFrom("the", "Brontë", "ébène", "ü", "wind", "İ", "👩‍🚀", "d’U", "a", " ");

describe("the catalogue", () => {
  it("has a title, an author, a year and a language for every book, and no book twice", () => {
    expect(BOOKS).toHaveLength(128);
    for (const { title, author, year, language } of BOOKS) {
      expect([title, author, language].every((text) => text.trim() === text && text !== "")).toBe(true);
      expect(year).toBeGreaterThan(1300);
    }
    expect(new Set(BOOKS.map(({ title, author }) => title + author)).size).toBe(BOOKS.length);
  });
});

describe("a search", () => {
  it("finds without accents, case and curly apostrophes, whichever way they are written", () => {
    for (const query of ["bronte", "BRONTË", "brontë"]) expect(findBooks(wordsOf(query))).toHaveLength(4);
    expect(findBooks(wordsOf("d'urberv")).map(({ title }) => title)).toEqual(["Tess of the d’Urbervilles"]);
    expect(findBooks(wordsOf("  "))).toHaveLength(BOOKS.length);
  });

  it("finds exactly the books in which every word is, in any order", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 3 }), (words) => {
        const found = findBooks(wordsOf(words.join(" ")));
        expect(found).toEqual(findBooks(wordsOf(words.toReversed().join(" "))));
        for (const each of words)
          expect(findBooks(wordsOf(each))).toEqual(expect.arrayContaining([...found]));
      }),
    );
  });
});

describe("the pieces of a text", () => {
  it("are the text when put together, and none is like the one before", () => {
    fc.assert(
      fc.property(
        fc.array(word).map((parts) => parts.join("")),
        fc.array(word),
        (text, words) => {
          const pieces = piecesOf(text, wordsOf(words.join(" ")));
          expect(pieces.map((piece) => piece.text).join("")).toBe(text);
          for (const [index, { isFound }] of pieces.entries())
            expect(pieces[index - 1]?.isFound).not.toBe(isFound);
        },
      ),
    );
  });

  it("are found where a word is, words that overlap as one", () => {
    expect(piecesOf("Eugénie", ["gen", "eni"])).toEqual([
      { text: "Eu", isFound: false },
      { text: "géni", isFound: true },
      { text: "e", isFound: false },
    ]);
  });
});
