import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let line: Line;
let sockets: string[];
let documents: string[];
let turboFile: string;

beforeAll(async () => {
  turboFile = await readFile("node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js", "utf8");
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  // The application's own copy of Turbo.
  await visitor.context.route("**/turbo-of-the-app.js", (route) =>
    route.fulfill({ body: turboFile, contentType: "text/javascript" }),
  );
  page = await visitor.context.newPage();
  sockets = [];
  documents = [];
  page.on("websocket", (socket) => sockets.push(socket.url()));
  page.on("request", (request) => {
    if (request.isNavigationRequest()) documents.push(request.url());
  });
  line = await Line.of(page);
  await page.goto("/turbo/a");
  await online(page);
  await page.waitForFunction("'Turbo' in window || document.documentElement.outerHTML.length === 0");
  return () => visitor.context.close();
});

/** Follows a link, and waits until its page is there and no preview of it. */
async function visit(name: string): Promise<void> {
  await page.click(`#to-${name}`);
  await arrived(name);
}

async function arrived(name: string): Promise<void> {
  await shows(page, "#name", name);
  await page.locator("html:not([data-turbo-preview]):not([aria-busy])").waitFor({ state: "attached" });
}

async function back(name: string): Promise<void> {
  await page.evaluate("history.back()");
  await arrived(name);
}

/** What the page of that name shows after so many turns, as a browser that loads it would. */
async function showsTurns(name: string, turns: number): Promise<void> {
  await shows(page, "#turns", String(turns));
  const shown = await page.evaluate(`[
    document.querySelector("#turns").className,
    document.querySelector("u").textContent,
    ...Array.from(document.querySelectorAll("#rows li"), (row) => row.textContent),
  ]`);
  const rows = Array.from({ length: (turns % 3) + 1 }, (_, index) => `${name}${index} ${turns}`);
  expect(shown).toEqual([`at-${turns}`, `${name} at ${turns}`, ...rows]);
}

/** Resolves when no call of the page is unanswered. */
async function settled(): Promise<void> {
  await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
}

describe("a page that Turbo puts in the place of another", () => {
  it("has the socket and the client of the one before, however often that happens", async () => {
    const client = await page.evaluateHandle(`Reflect.get(globalThis, Symbol.for("edge-reflex.client"))`);
    for (const name of ["b", "c", "a", "b", "a"]) await visit(name);
    await page.click("#turn");
    await showsTurns("a", 1);
    expect(sockets).toHaveLength(1);
    expect(documents).toHaveLength(1);
    const isSame = await client.evaluate(
      (before) => Reflect.get(globalThis, Symbol.for("edge-reflex.client")) === before,
    );
    expect(isSame).toBe(true);
  });

  it("is changed by what its elements call, element by element, and needs nothing sent again", async () => {
    let turns = 0;
    for (const name of ["b", "c", "a"]) {
      await visit(name);
      for (const _ of [1, 2, 3, 4]) {
        await page.click("#turn");
        turns += 1;
        await showsTurns(name, turns);
      }
    }
    expect(visitor.complaints).toEqual([]);
  });

  it("is changed by what other tabs do", async () => {
    const other = await visitor.open("/turbo/c");
    await visit("b");
    await other.click("#turn");
    await showsTurns("b", 1);
    await other.click("#turn");
    await showsTurns("b", 2);
    expect(visitor.complaints).toEqual([]);
  });

  it("shows what has changed since it was rendered", async () => {
    await page.route("**/turbo/b", async (route) => {
      const response = await route.fetch();
      await page.click("#turn");
      await settled();
      await route.fulfill({ response });
    });
    await visit("b");
    await showsTurns("b", 1);
    expect(visitor.complaints).toEqual([]);
  });

  it("may be the same page again", async () => {
    await page.click("#turn");
    await showsTurns("a", 1);
    await visit("a");
    await showsTurns("a", 1);
    await page.click("#turn");
    await showsTurns("a", 2);
    expect(visitor.complaints).toEqual([]);
  });

  it("is rendered with the state of its tab, which stays", async () => {
    await page.click("#unfold");
    await shows(page, "#tab", "yes");
    await visit("b");
    expect(await page.textContent("#tab")).toBe("yes");
    await page.click("#turn");
    await showsTurns("b", 1);
    expect(await page.textContent("#tab")).toBe("yes");
  });

  it("hands on what its handler has written of the tab", async () => {
    await visit("c");
    await page.click("#turn");
    await showsTurns("c", 1);
    expect(await page.textContent("#tab")).toBe("by c");
    await visit("b");
    expect(await page.textContent("#tab")).toBe("by c");
  });
});

describe("a call that is unanswered while Turbo goes to another page", () => {
  it("runs once, and settles; its answer is not painted over that page, which shows what has changed", async () => {
    await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) => {
      window.end = stimulate("Drive#slowly", document.querySelector("#slowly")).then(({ outcome }) => outcome, ({ code }) => code);
    })`);
    await page.locator('html[data-reflex-pending="1"]').waitFor({ state: "attached" });
    await visit("b");
    expect(await page.evaluate("end")).toBe("done");
    await showsTurns("b", 1);
    await page.click("#turn");
    await showsTurns("b", 2);
    expect(visitor.complaints).toEqual([]);
  });

  it("is told to the document when its element has gone with its page", async () => {
    await page.evaluate(`
      window.told = [];
      document.addEventListener("reflex:success", ({ target }) => told.push(target === document));
    `);
    await line.hold();
    await page.click("#turn");
    await visit("b");
    await line.release();
    await page.waitForFunction("told.length === 1");
    expect(await page.evaluate("told")).toEqual([true]);
    await showsTurns("b", 1);
  });

  it("is made when the connection is back, in the page that is there then", async () => {
    await line.cut();
    await page.click("#turn");
    await visit("b");
    await line.mend();
    await showsTurns("b", 1);
    expect(await line.calls()).toEqual(["Drive#turn"]);
  });

  it("is made at once when it waits for typing to end", async () => {
    await page.fill("#waits", "x");
    await visit("b");
    await showsTurns("b", 1);
    expect(await line.calls()).toEqual(["Drive#turn"]);
  });
});

describe("a page that Turbo restores", () => {
  it("shows what it would if it were loaded, whether it had been changed before it was left or not", async () => {
    await visit("b");
    await page.click("#turn");
    await showsTurns("b", 1);
    await visit("c");
    await page.click("#turn");
    await showsTurns("c", 2);
    await back("b");
    await showsTurns("b", 2);
    await back("a");
    await showsTurns("a", 2);
    await page.click("#turn");
    await showsTurns("a", 3);
    expect(sockets).toHaveLength(1);
  });

  it("has no marks of calls that were unanswered when it was left", async () => {
    await line.hold();
    await page.click("#turn");
    await page.locator("#turn[data-reflex-pending]").waitFor();
    await visit("b");
    await line.release();
    await settled();
    await back("a");
    const marks = await page.evaluate(
      `["aria-busy", "data-reflex-pending"].map((name) => document.querySelector("#turn").getAttribute(name))`,
    );
    expect(marks).toEqual([null, null]);
  });

  it("is right as a preview and after it", async () => {
    await visit("b");
    await page.click("#turn");
    await visit("a");
    await page.click("#turn");
    await showsTurns("a", 2);
    await visit("b");
    await showsTurns("b", 2);
    await page.click("#turn");
    await showsTurns("b", 3);
  });
});

describe("a form", () => {
  it("that declares a reflex is not submitted by Turbo", async () => {
    const posts: string[] = [];
    page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
    await page.click("#by-reflex");
    await showsTurns("a", 1);
    expect(posts).toEqual([]);
    expect(await page.textContent("#name")).toBe("a");
  });

  it("that declares none is, and its message stays while others change the page", async () => {
    await page.click("#by-turbo");
    await arrived("b");
    expect(await page.textContent("#said")).toBe("saved");
    const other = await visitor.open("/turbo/c");
    await other.click("#turn");
    await showsTurns("b", 1);
    expect(await page.textContent("#said")).toBe("saved");
    expect(documents).toHaveLength(1);
    expect(sockets).toHaveLength(1);
  });
});

describe("what is typed and not sent", () => {
  it("is there again when the visitor comes back, by history or by a link", async () => {
    await page.fill("#typed", "not sent yet");
    await visit("b");
    expect(await page.inputValue("#typed")).toBe("");
    await back("a");
    expect(await page.inputValue("#typed")).toBe("not sent yet");
    await visit("c");
    await visit("a");
    await expect.poll(() => page.inputValue("#typed")).toBe("not sent yet");
  });
});
