import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BOOKS } from "../../examples/showcase/books/catalogue.ts";
import {
  COLUMNS,
  LANGUAGES,
  readTableQuery,
  type TableQuery,
  tablePageOf,
  writeTableQuery,
} from "../../examples/showcase/table/table-query.ts";
import { Urls } from "../../src/state/urls.ts";

const urls = new Urls("https://example.com", undefined);

const query: fc.Arbitrary<TableQuery> = fc.record({
  text: fc.oneof(fc.constantFrom("", "the", "of", "jane e"), fc.string({ maxLength: 60 })),
  language: fc.option(fc.constantFrom(...LANGUAGES), { nil: undefined }),
  sort: fc.constantFrom(...COLUMNS),
  isDescending: fc.boolean(),
  page: fc.integer({ min: 1, max: 40 }),
});

describe("the address of a table", () => {
  it("says what is shown: read again, it asks for the same", () => {
    fc.assert(
      fc.property(query, (each) => {
        const address = urls.absolute("/tabular", writeTableQuery(each));
        expect(readTableQuery(new URL(address))).toEqual(each);
      }),
    );
    expect(urls.path("/tabular", writeTableQuery(readTableQuery(new URL("https://x.example/tabular"))))).toBe(
      "/tabular",
    );
  });

  it("asks for what there is, whatever anybody writes in it", () => {
    const read = (search: string) => readTableQuery(new URL(`https://example.com/tabular${search}`));
    const plain = read("");
    for (const search of [
      "?page=0",
      "?page=-1",
      "?page=1e99",
      "?page=x",
      "?sort=constructor",
      "?order=up",
      "?language=Klingon",
    ])
      expect(read(search)).toEqual(plain);
    expect(read(`?text=${"x".repeat(1000)}`).text).toHaveLength(60);
  });
});

describe("the pages of a table", () => {
  it("have every book that is found once, in order", () => {
    fc.assert(
      fc.property(query, (each) => {
        const { pages, count } = tablePageOf(each);
        const rows = Array.from(
          { length: pages },
          (_, index) => tablePageOf({ ...each, page: index + 1 }).rows,
        ).flat();
        expect([rows.length, new Set(rows).size]).toEqual([count, count]);
        const values = rows.map((book) => book[each.sort]);
        const sorted = values.toSorted((a, b) =>
          typeof a === "number" ? a - Number(b) : a.localeCompare(String(b), "en"),
        );
        expect(values).toEqual(each.isDescending ? sorted.toReversed() : sorted);
        if (each.language !== undefined)
          expect(rows.every(({ language }) => language === each.language)).toBe(true);
      }),
    );
  });

  it("end with the last: one behind it is that, and one without rows is the first", () => {
    const all = { text: "", language: undefined, sort: "title", isDescending: false, page: 1 } as const;
    expect(tablePageOf(all).count).toBe(BOOKS.length);
    expect(tablePageOf({ ...all, page: 99 }).page).toBe(13);
    expect(tablePageOf({ ...all, text: "no such book" })).toEqual({ rows: [], count: 0, pages: 1, page: 1 });
  });
});
