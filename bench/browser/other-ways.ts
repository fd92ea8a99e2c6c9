import morphdom from "morphdom";

// Runs in Chromium, in a page without our client: the other ways to change three cells of a row.

/** The three cells' texts, and what of the row's number and of how often it changed makes them other ones. */
const textsOf = (row: number, change: number): readonly [string, string, string] => {
  const version = row + 7 * change;
  return [
    (100 + (version % 900)).toFixed(2),
    `changed ${version % 3}`,
    `12:${String(version % 60).padStart(2, "0")}`,
  ];
};

/** What scenarios call in the page. Both return milliseconds for all of the rows, which count from 0. */
export const otherWays = {
  /** What a page would do that is written by hand for this one update. */
  byHand(rows: readonly number[], change: number): number {
    const body = tableBody();
    const changes = rows.map((row) => ({ row, texts: textsOf(row, change) }));
    const start = performance.now();
    for (const { row, texts } of changes) setCells(body, row, texts);
    return performance.now() - start;
  },

  /** The whole body as HTML, parsed and morphed, once for each row. `skipsEqual`: not into subtrees that are equal. */
  byMorph(rows: readonly number[], change: number, skipsEqual: boolean): number {
    const wanted = document.implementation.createHTMLDocument("").body;
    wanted.innerHTML = document.body.innerHTML;
    let totalMs = 0;
    for (const row of rows) {
      setCells(tableBody(wanted), row, textsOf(row, change));
      const html = wanted.innerHTML;
      const start = performance.now();
      morphBody(html, skipsEqual);
      totalMs += performance.now() - start;
      // Not the body itself: what the runtime wrote on it is not in the copy.
      if (document.body.innerHTML !== wanted.innerHTML)
        throw new Error(`The morph of row ${row} did not arrive`);
    }
    return totalMs;
  },
};

function morphBody(html: string, skipsEqual: boolean): void {
  const { body } = document.implementation.createHTMLDocument("");
  body.innerHTML = html;
  const isDifferent = (from: Element, to: Element) => !from.isEqualNode(to);
  morphdom(document.body, body, {
    childrenOnly: true,
    ...(skipsEqual ? { onBeforeElUpdated: isDifferent } : {}),
  });
}

function setCells(
  body: HTMLTableSectionElement,
  row: number,
  [amount, status, time]: readonly [string, string, string],
): void {
  const cells = body.rows[row]?.cells;
  const badge = cells?.[3]?.firstElementChild;
  if (cells?.[2] === undefined || badge == null || cells[4] === undefined)
    throw new Error(`There is no row ${row}`);
  cells[2].textContent = amount;
  badge.textContent = status;
  cells[4].textContent = time;
}

function tableBody(root: ParentNode = document): HTMLTableSectionElement {
  const body = root.querySelector<HTMLTableSectionElement>("#rows");
  if (body === null) throw new Error("The page has no table");
  return body;
}

Object.assign(window, { otherWays });
