import { BOOKS, type Book } from "../books/catalogue.ts";
import { findBooks, wordsOf } from "../books/search.ts";

/** What the table can be sorted by. */
export const COLUMNS = ["title", "author", "year", "language"] as const;

/** One of them. */
export type Column = (typeof COLUMNS)[number];

/** What of the table is shown; its address says it. */
export interface TableQuery {
  readonly text: string;
  /** Absent: all of them. */
  readonly language: string | undefined;
  readonly sort: Column;
  readonly isDescending: boolean;
  /** From 1. */
  readonly page: number;
}

/** What is shown of it. */
export interface TablePage {
  readonly rows: readonly Book[];
  /** How many were found, on all pages. */
  readonly count: number;
  /** How many pages they fill, at least 1. */
  readonly pages: number;
  /** Which of them this is, from 1. */
  readonly page: number;
}

/** What stands in the query of an address, by its names; what is `null` or `undefined` is left out. */
type TableAddress = Readonly<Record<string, string | number | null | undefined>>;

/** Rows on a page. */
const PAGE_ROWS = 10;

/** Longest text that is searched for, in UTF-16 characters, inclusive; what is beyond it is cut off. */
const TEXT_CHARS_MAX = 60;

/** Every language that a book is in, in alphabetical order. */
export const LANGUAGES: readonly string[] = [...new Set(BOOKS.map(({ language }) => language))].sort();

/** Reads what an address asks for. Anybody can write one: what means nothing is as if it were not there. */
export function readTableQuery(url: URL): TableQuery {
  const { searchParams: given } = url;
  const page = Number(given.get("page"));
  return {
    text: (given.get("text") ?? "").slice(0, TEXT_CHARS_MAX),
    language: LANGUAGES.find((language) => language === given.get("language")),
    sort: COLUMNS.find((column) => column === given.get("sort")) ?? "title",
    isDescending: given.get("order") === "descending",
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  };
}

/** What an address says of a query: nothing of what is so without it. */
export function writeTableQuery({ text, language, sort, isDescending, page }: TableQuery): TableAddress {
  return {
    text: text === "" ? null : text,
    language,
    sort: sort === "title" ? null : sort,
    order: isDescending ? "descending" : null,
    page: page === 1 ? null : page,
  };
}

/** Finds, sorts and cuts. A page behind the last is the last. */
export function tablePageOf({ text, language, sort, isDescending, page }: TableQuery): TablePage {
  const found = findBooks(wordsOf(text)).filter(
    (book) => language === undefined || book.language === language,
  );
  const sorted = found.toSorted((a, b) => compare(a[sort], b[sort]) * (isDescending ? -1 : 1));
  const pages = Math.max(1, Math.ceil(sorted.length / PAGE_ROWS));
  const shown = Math.min(page, pages);
  const rows = sorted.slice((shown - 1) * PAGE_ROWS, shown * PAGE_ROWS);
  return { rows, count: sorted.length, pages, page: shown };
}

function compare(a: string | number, b: string | number): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
}
