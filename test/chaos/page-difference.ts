import type { Page } from "playwright-core";

/**
 * Compares a page with the answer to a fresh request. Left out of account: what the page said of itself as it was
 * loaded (`data-reflex-page`), the number that the harness wrote on the button, and the white space behind `</body>`,
 * which parsers put at the end of the body. Adjacent text nodes count as one. All else has to be the same.
 *
 * @returns what differs: both as HTML, cut around the first difference; `undefined` when nothing does
 */
export async function pageDifference(
  page: Page,
): Promise<readonly [shown: string, fresh: string] | undefined> {
  return await page.evaluate(async () => {
    const answer = await fetch(location.pathname + location.search);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const shown = document.body.cloneNode(true) as HTMLElement;
    for (const body of [shown, fresh]) {
      body.normalize();
      const { lastChild } = body;
      if (lastChild instanceof Text) lastChild.data = lastChild.data.trimEnd();
      if (lastChild instanceof Text && lastChild.data === "") lastChild.remove();
      body.removeAttribute("data-reflex-page");
      for (const name of ["data-tab", "data-n"]) body.querySelector("#press")?.removeAttribute(name);
    }
    if (shown.isEqualNode(fresh)) return undefined;
    const [a, b] = [shown.outerHTML, fresh.outerHTML];
    let at = 0;
    while (a[at] !== undefined && a[at] === b[at]) at += 1;
    const cut = (html: string) => html.slice(Math.max(0, at - 80), at + 200);
    return [cut(a), cut(b)] as const;
  });
}
