import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let line: Line;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.context.newPage();
  line = await Line.of(page);
  await page.goto("/declaring");
  await online(page);
  return () => visitor.context.close();
});

/** What the reflexes saw, when there are as many lines as given: the element's id, and the arguments. */
async function log(lines: number): Promise<readonly unknown[]> {
  const text = await page.waitForFunction((lines) => {
    const text = document.querySelector("#log")?.textContent ?? "";
    return text !== "" && text.split("\n").length === lines ? text : undefined;
  }, lines);
  return ((await text.jsonValue()) ?? "").split("\n").map((line) => {
    if (line === "second") return line;
    const { id, args } = JSON.parse(line);
    return [id, ...args];
  });
}

/** Fires an event as a script would; the element is the window for "window". */
async function fire(selector: string, type: string, init: EventInit = {}): Promise<boolean> {
  return await page.evaluate(
    ({ selector, type, init }) => {
      const target = selector === "window" ? window : document.querySelector(selector);
      return target?.dispatchEvent(new Event(type, { bubbles: true, cancelable: true, ...init })) ?? false;
    },
    { selector, type, init },
  );
}

describe("an entry without an event", () => {
  it("stands for the event of its element's kind", async () => {
    for (const id of ["a", "button", "submit", "push", "i"]) await page.click(`#own-${id}`);
    expect(await log(5)).toEqual([["own-a"], ["own-button"], ["own-submit"], ["own-push"], ["own-i"]]);
    await page.click("#own-details summary");
    await page.click("#own-form button");
    await page.fill("#own-input", "x");
    await page.selectOption("#own-select", "y");
    await page.fill("#own-textarea", "x");
    expect((await log(10)).slice(5)).toEqual([
      ["own-details"],
      ["own-form"],
      ["own-input"],
      ["own-select"],
      ["own-textarea"],
    ]);
    expect(new URL(page.url()).pathname).toBe("/declaring");
  });
});

describe("an entry of an event alone", () => {
  it("calls Reflex#refresh", async () => {
    await page.click("#refresh");
    expect(await line.calls()).toEqual(["Reflex#refresh"]);
  });
});

describe("the arguments of an entry", () => {
  it("are the parameters of the action", async () => {
    await page.click("#args");
    expect(await log(1)).toEqual([["args", 1, "a b (c)", { d: [true, null] }]]);
  });
});

describe("a key filter", () => {
  it("takes its key, with exactly its modifiers", async () => {
    const keys = [
      "Enter",
      "Shift+Enter",
      "Escape",
      "a",
      "Control+a",
      "Control+Shift+A",
      "ArrowUp",
      "ArrowDown",
    ];
    for (const key of [...keys, "Space", "PageDown", "Meta"]) await page.press("#keys", key);
    expect(await log(7)).toEqual([1, 2, 3, 4, 5, 6, 7].map((arg) => ["keys", arg]));
  });

  it("takes no event that has no key", async () => {
    await fire("#keys", "keydown");
    await page.press("#keys", "Enter");
    expect(await log(1)).toEqual([["keys", 1]]);
  });
});

describe("an entry of the window or the document", () => {
  it("hears what happens there and anywhere in the page, while its element is in the page", async () => {
    await page.setViewportSize({ width: 500, height: 500 });
    await page.press("#own-input", "x");
    await fire("#own", "row:picked");
    expect(await log(4)).toEqual([["window"], ["window"], ["own-input"], ["document"]]);
    await page.evaluate(() => document.querySelector("#document")?.remove());
    await fire("#own", "row:picked");
    await page.click("#args");
    expect((await log(5)).slice(4)).toEqual([["args", 1, "a b (c)", { d: [true, null] }]]);
  });

  it("hears no event of an element that does not bubble", async () => {
    await fire("#own", "scroll", { bubbles: false });
    await fire("window", "scroll");
    expect(await log(1)).toEqual([["window", 1]]);
  });
});

describe("an option of an entry", () => {
  it("has it called once for each element, and leaves later events to whoever else declares them", async () => {
    await page.click("#once");
    await page.click("#once");
    expect(await log(3)).toEqual([["once"], "second", "second"]);
    await page.click("#once-inside");
    await page.click("#once-inside");
    expect((await log(5)).slice(3)).toEqual([
      ["once-inside", 1],
      ["around", 0],
    ]);
  });

  it("prevents what the browser would do", async () => {
    await page.click("#prevented");
    expect(await log(1)).toEqual([["prevent"]]);
    expect(await page.isChecked("#prevented")).toBe(false);
  });

  it("leaves out what happens in an element and not to itself", async () => {
    await page.click("#within");
    await fire("#self", "click");
    expect(await log(1)).toEqual([["self"]]);
  });

  it("stops an event on its way, from the document on, or before the page's own listeners", async () => {
    await page.evaluate(() => {
      for (const id of ["stop", "capture"])
        document.querySelector(`#${id}`)?.addEventListener("tap", () => document.body.classList.add(id));
    });
    for (const id of ["stop", "capture", "behind"]) await fire(`#${id}`, "tap");
    expect(await log(3)).toEqual([["stop", 1], ["capture", 2], ["behind"]]);
    expect(await page.getAttribute("body", "class")).toBe("stop");
  });

  it("prevents what a document is passive to, and says where that is not wanted", async () => {
    const prevented = [];
    for (const id of ["touch", "passive"]) prevented.push(!(await fire(`#${id}`, "wheel")));
    expect(await log(2)).toEqual([
      ["touch", 1],
      ["passive", 2],
    ]);
    expect(prevented).toEqual([true, false]);
  });
});

describe("a malformed entry", () => {
  it("is told once to the console with its element and what is expected, and the others run", async () => {
    await page.click("#malformed i");
    expect(await log(1)).toEqual([["malformed"]]);
    const told = visitor.complaints.filter((text) => text.startsWith("edge-reflex"));
    expect(told).toEqual([
      expect.stringContaining(
        'has "click->Probe", which does nothing: it names no action; expected [event->]Class#action',
      ),
      expect.stringContaining(
        'has "keydown.entr->Probe#note", which does nothing: the key entr is not known; expected',
      ),
    ]);
  });
});
