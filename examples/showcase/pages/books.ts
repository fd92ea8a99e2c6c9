import { html, keyed, type Part, reflex } from "edge-reflex";
import { Hono } from "hono";
import type { Book } from "../books/catalogue.ts";
import { findBooks, piecesOf, wordsOf } from "../books/search.ts";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Books } from "../reflexes/books.ts";

/** Books that are found while one types. */
export const booksPage = new Hono<PageEnv>().get("/books", (c) => {
  const words = wordsOf(c.var.assigns.booksQuery ?? "");
  const view = demo({
    intro: INTRO,
    stage: stage(findBooks(words), words),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Book search", section: "/books" });
});

const stage = (books: readonly Book[], words: readonly string[]) => html`<div class="books">
<label for="query">Title or author</label>
<div class="search-field">
<input id="query" class="text-input" type="search" maxlength="60" autocomplete="off" spellcheck="false" placeholder="bronte"
  data-reflex="${reflex("input", Books, "search")}" data-reflex-debounce="100" data-reflex-latest>
</div>
<p id="found" role="status">${foundText(books.length)}</p>
<div class="book-frame" tabindex="0" role="region" aria-label="Books">
<ul id="books" class="book-list">${keyed(
  books,
  ({ id }) => id,
  ({ title, author, year }) =>
    html`<li><cite>${marked(title, words)}</cite> ${marked(author, words)}, ${year}</li>`,
)}</ul>
</div>
</div>`;

/** What was searched for is marked, wherever it is. */
const marked = (text: string, words: readonly string[]): Part =>
  words.length === 0
    ? text
    : piecesOf(text, words).map((piece) => (piece.isFound ? html`<mark>${piece.text}</mark>` : piece.text));

function foundText(count: number): string {
  if (count === 0) return "No book has all of these words.";
  return count === 1 ? "One book" : `${count} books`;
}

const INTRO = html`<h1>Book search</h1>
<p class="lead">The list follows what you type. Try <kbd>wind</kbd>, <kbd>bronte</kbd>, or <kbd>jane e</kbd>.</p>`;

const ABOUT = html`<p>A tenth of a second after your last keystroke the input calls <code>Books#search</code>, and the page is rendered with what is
found. The list is keyed: books that stay are the elements that they were, and only what comes, goes or is marked otherwise travels.</p>
<p>With <code>data-reflex-latest</code> no answer to an older query is painted over a newer one. While a query is on its way the client keeps
<code>data-reflex-pending</code> on the input; the little wheel beside it is three lines of style sheet. How many there are is said in a
<code>role="status"</code>, so that a screen reader says it too.</p>`;

const EXCERPTS = [
  excerpt("reflexes/books.ts", "Books"),
  excerpt("pages/books.ts", "stage", "marked"),
  excerpt("books/search.ts", "findBooks"),
  excerpt("public/demos.css", ".search-field:has([data-reflex-pending])::after"),
];
