import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let line: Line;
let lines: string[];

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.context.newPage();
  lines = [];
  page.on("console", (message) => {
    if (message.type() === "log") lines.push(message.text());
  });
  line = await Line.of(page);
  return () => visitor.context.close();
});

async function open(): Promise<void> {
  await page.goto("/lifecycle");
  await online(page);
}

/** The page comes with `<html data-reflex-debug>`. */
async function openDebugged(): Promise<void> {
  await page.addInitScript(`new MutationObserver((_, observer) => {
    observer.disconnect();
    document.documentElement.setAttribute("data-reflex-debug", "");
  }).observe(document, { childList: true })`);
  const loaded = page.waitForResponse(/log\.js/);
  await open();
  await loaded;
  await listening();
}

/** Waits until calls are logged. */
async function listening(): Promise<void> {
  while (lines.length === 0) await call("Cycle#look");
  lines = [];
}

/** Makes a call and waits for its end. */
async function call(target: string, given = ""): Promise<void> {
  await page.evaluate(
    `import("/_reflex/client.js").then(({ stimulate }) => stimulate("${target}"${given}).catch(() => {}))`,
  );
}

describe("the log of a page that asks for it", () => {
  it("has a line for each call when it is made, and one when it has ended: what changed, or how else, and how long it took", async () => {
    await openDebugged();
    for (const target of ["increment", "look", "vanished", "stop", "refuse", "fail"])
      await call(`Cycle#${target}`);
    expect(lines.map(headOf)).toEqual([
      ["↑ reflex ↑ Cycle#increment", ""],
      ["↓ reflex ↓ Cycle#increment → 1 fragment in N ms", ""],
      ["↑ reflex ↑ Cycle#look", ""],
      ["↓ reflex ↓ Cycle#look → ∞ in N ms", ""],
      ["↑ reflex ↑ Cycle#vanished", ""],
      ["↓ reflex ↓ Cycle#vanished → #nowhere in N ms", ""],
      ["↑ reflex ↑ Cycle#stop", ""],
      ["↓ reflex ↓ Cycle#stop HALTED in N ms", "#ffa500"],
      ["↑ reflex ↑ Cycle#refuse", ""],
      ["↓ reflex ↓ Cycle#refuse FORBIDDEN in N ms", "#bf40bf"],
      ["↑ reflex ↑ Cycle#fail", ""],
      ["↓ reflex ↓ Cycle#fail ERROR in N ms", "#f00"],
    ]);
  });

  it("says of a call that it waits for the connection", async () => {
    await openDebugged();
    await line.cut();
    await page.click("#look");
    await line.mend();
    await page.waitForFunction("document.documentElement.dataset.reflexPending === undefined");
    await expect.poll(() => lines.length).toBe(3);
    expect(lines.map((text) => headOf(text)[0])).toEqual([
      "↑ reflex ↑ Cycle#look",
      "… reflex … Cycle#look waits",
      "↓ reflex ↓ Cycle#look → ∞ in N ms",
    ]);
  });

  it("says nothing of calls that are not to be logged", async () => {
    await openDebugged();
    await call("Cycle#look", ", { suppressLogging: true }");
    await call("Cycle#quiet");
    expect(lines.map((text) => headOf(text)[0])).toEqual([
      "↑ reflex ↑ Cycle#quiet",
      "↓ reflex ↓ Cycle#quiet NOTHING in N ms",
    ]);
  });
});

describe("a page that does not ask for a log", () => {
  it("has none, and does not load what writes it", async () => {
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await open();
    await call("Cycle#increment");
    expect(lines).toEqual([]);
    expect(requests.filter((url) => url.includes("/log.js"))).toEqual([]);
  });

  it("has it switched on and off by its script", async () => {
    await open();
    const debug = (isOn: boolean) =>
      page.evaluate(`import("/_reflex/client.js").then(({ start }) => { start().debug = ${isOn}; })`);
    await debug(true);
    await listening();
    await call("Cycle#look");
    expect(lines).toHaveLength(2);
    await debug(false);
    await call("Cycle#look");
    expect(lines).toHaveLength(2);
    await debug(true);
    await call("Cycle#look");
    expect(lines).toHaveLength(4);
  });
});

/** Of a line, what it says and in which colour; without how long a call took. */
function headOf(text: string): readonly [said: string, colour: string] {
  const [, said = text, colour = ""] = /^%c(.*?)(?: color: (#\w+))?(?: +(?:\{|Object).*)?$/s.exec(text) ?? [];
  return [said.replace(/in \d+ ms/, "in N ms").trim(), colour];
}
