import { Hono } from "hono";
import { html, keyed, type PageVariables, Reflex, type Regions, unsafeHtml } from "../../src/index.ts";

/** Boards that everyone sees alike: what is on them, and how often each was rendered. */
export const boards = {
  cells: new Map<string, readonly string[]>(),
  renders: [] as string[],
  /** How often the page around each was rendered. */
  pages: [] as string[],
  begin(name: string, cells: readonly string[]) {
    this.cells.set(name, cells);
    this.renders = [];
    this.pages = [];
  },
};

export const regions: Regions = {
  /** A board whose cells say `throw` cannot be rendered. */
  board: (name) => {
    boards.renders.push(name);
    const cells = boards.cells.get(name) ?? [];
    if (cells.includes("throw")) throw new Error("a secret of the region");
    return html`<ol class="board">${keyed(
      cells.map((text, index) => ({ text, index })),
      ({ index }) => index,
      ({ text }) => html`<li><b>${text}</b></li>`,
    )}</ol>`;
  },
};

/** What a visitor does beside a board. */
export class Boarder extends Reflex<{ note: string; hides: boolean }> {
  note(text: string): void {
    this.session.set("note", text);
  }

  hide(hides: boolean): void {
    this.session.set("hides", hides);
  }

  /** Writes on the board, and says so. */
  write(name: string, ...cells: readonly string[]): void {
    boards.cells.set(name, cells);
    this.touch(name);
  }
}

/** Pages with a board, with one in a fragment, and of one that only counts what is on it. */
export const regionSite = new Hono<{ Variables: PageVariables<{ note: string; hides: boolean }> }>();
regionSite.get("/board/:name", async (c) => {
  const name = `board:${c.req.param("name")}`;
  boards.pages.push(name);
  const { session } = c.var;
  const board = session.get("hides") === true ? null : await c.var.region(name);
  return c.render(html`<main><p id="note">${session.get("note") ?? "no note"}</p>${board}</main>`);
});
regionSite.get("/board-count/:name", (c) => {
  const name = `board:${c.req.param("name")}`;
  boards.pages.push(`count of ${name}`);
  c.var.subscribe(name);
  return c.render(html`<p id="count">${boards.cells.get(name)?.length ?? 0}</p>`);
});
regionSite.get("/board-broken/:name", async (c) => {
  const name = `board:${c.req.param("name")}`;
  boards.pages.push(name);
  return c.render(html`<main>${unsafeHtml("<b>never ended")}${await c.var.region(name)}</main>`);
});
regionSite.get("/board-twice/:name", async (c) => {
  const board = await c.var.region(`board:${c.req.param("name")}`);
  return c.render(html`<main>${board}${board}</main>`);
});
regionSite.get("/no-board", async (c) => c.render(html`<main>${await c.var.region("nothing:1")}</main>`));
