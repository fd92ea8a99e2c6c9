import { isAsWritten } from "../diff/as-written.ts";
import { cutHtml } from "../diff/cut-html.ts";
import { diffPages } from "../diff/diff.ts";
import { Digest } from "../diff/digest.ts";
import { fragmentAround } from "../diff/find-fragment.ts";
import type { Update } from "../protocol/messages.ts";
import { RESTORE_EDIT } from "../protocol/patch.ts";
import { partsOfDocument } from "../render/document.ts";
import { regionsIn } from "../render/find-regions.ts";
import { renderPage, renderTitle } from "../render/render.ts";
import type { View } from "../render/view.ts";
import { WireWriter } from "../render/wire.ts";
import type { PageResult, Shown, TurnDone, TurnEnd } from "./turn-end.ts";

/** What a tab shows that has been sent this page whole; `undefined` for what is no page. */
export function showingOf(page: PageResult): Shown | undefined {
  if (page.kind === "view") return shownView(page.view, Digest.of(page.view));
  if (page.kind !== "html") return undefined;
  const { body, title } = page;
  return { kind: "html", body, title, digest: Digest.ofHtml(body, title) };
}

/** The page as a document of its own; `undefined` for what is no page. */
export function wholePage(page: PageResult): string | undefined {
  if (page.kind === "view") return renderPage(page.view).html;
  return page.kind === "html" ? `<html><body>${page.body}</body></html>` : undefined;
}

/** What a tab that shows one thing has to do to show a page; `shown` absent: nobody knows what it shows. */
export function bringPage(page: PageResult, shown: Shown | undefined): TurnEnd {
  switch (page.kind) {
    case "view":
      return bringView(page.view, shown);
    case "html":
      return bringHtml(page, shown);
    case "redirect":
      return { kind: "done", updates: [["visit", page.url]], templates: [], shown };
    case "failed":
      return { kind: "refused", code: "page-failed", cause: page.cause };
  }
}

/**
 * What brings the smallest fragment around an address to what it was, or the page when there is none: something else
 * than the server changed it.
 */
export function restore(shown: Shown, address: string): TurnDone {
  const isCountable = shown.kind === "view" && shown.isAsWritten;
  const fragment = isCountable ? fragmentAround(shown.view, address) : undefined;
  if (fragment === undefined) return wholeUpdate(shown);
  const writer = new WireWriter();
  const updates: readonly Update[] = [[fragment.address, [RESTORE_EDIT, writer.view(fragment.view)]]];
  const { templates, regions } = writer;
  return { kind: "done", updates, templates, regions, shown };
}

/** A patch where the tab's page is known and of the same layout, else the page. Nothing, when it shows it already. */
function bringView(view: View, shown: Shown | undefined): TurnDone {
  const isKnown = shown?.kind === "view" && shown.isAsWritten;
  // A layout that leaves <body> to another template, or to the parser, says nothing of where to count from.
  const isCountable = isKnown && view.template.outline.hasBody && isAsWritten(view);
  const diff = isCountable ? diffPages(shown, view) : undefined;
  if (diff === undefined) {
    return wholeUpdate(shownView(view, Digest.of(view)));
  }
  const { patches, title, templates, regions, digest } = diff;
  const updates: readonly Update[] = title === undefined ? patches : [...patches, ["title", title]];
  return { kind: "done", updates, templates, regions, shown: shownView(view, digest) };
}

function shownView(view: View, digest: Digest): Shown {
  return { kind: "view", view, digest, isAsWritten: isAsWritten(view) };
}

/** The elements with an id that changed, where that is all; else the page. */
function bringHtml(page: Extract<PageResult, { kind: "html" }>, shown: Shown | undefined): TurnDone {
  const { body, title } = page;
  const whole = { kind: "html", body, title, digest: Digest.ofHtml(body, title) } as const;
  const cuts = shown?.kind === "html" ? cutHtml(shown.body, body) : undefined;
  if (shown?.kind !== "html" || cuts === undefined) return wholeUpdate(whole);
  const writer = new WireWriter();
  const patches = cuts.map(({ id, html }): Update => [`#${id}`, ["", writer.html(html)]]);
  const isNews = title !== undefined && shown.title !== title;
  const updates: readonly Update[] = isNews ? [...patches, ["title", title]] : patches;
  return { kind: "done", updates, templates: writer.templates, shown: whole };
}

function wholeUpdate(shown: Shown): TurnDone {
  const regions = shown.kind === "view" ? regionsIn(shown.view) : [];
  return { kind: "done", updates: [pageUpdate(shown)], templates: [], regions, shown };
}

function pageUpdate(shown: Shown): Update {
  const [body, title] =
    shown.kind === "view" ? [bodyOf(shown.view), renderTitle(shown.view)] : [shown.body, shown.title];
  return title === undefined ? ["page", body] : ["page", body, title];
}

/** The body by its marks, without a parse, unless the layout's template leaves it to another. */
function bodyOf(view: View): string {
  const { html, marks } = renderPage(view);
  if (marks.bodyStart === undefined) return partsOfDocument(html).body;
  return html.slice(marks.bodyStart, marks.bodyEnd ?? html.length);
}
