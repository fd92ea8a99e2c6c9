import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/events");
  return () => visitor.context.close();
});

/** What the reflexes saw, when there are as many lines as given. */
async function log(lines: number): Promise<readonly (Record<string, unknown> | "second")[]> {
  const text = await page.waitForFunction((lines) => {
    const text = document.querySelector("#log")?.textContent ?? "";
    return text !== "" && text.split("\n").length === lines ? text : undefined;
  }, lines);
  const all = ((await text.jsonValue()) ?? "").split("\n");
  return all.map((line) => (line === "second" ? line : JSON.parse(line)));
}

describe("a declared reflex", () => {
  it("gets the element that declares it when a child was clicked", async () => {
    await page.click("#inner");
    expect(await log(1)).toMatchObject([{ id: "plain", tag: "button", dataset: { rowId: "7" } }]);
  });

  it("runs every entry of its event in the order written", async () => {
    await page.click("#both");
    expect(await log(2)).toMatchObject([{ id: "both" }, "second"]);
  });

  it("hears events that bubble and events that do not", async () => {
    await page.focus("#several");
    expect(await log(1)).toEqual(["second"]);
    await page.fill("#several", "x");
    await page.focus("#plain");
    expect(await log(2)).toMatchObject(["second", { id: "several", value: "x" }]);
  });

  it("is that of the innermost element that declares the event", async () => {
    await page.click("#nested");
    expect(await log(1)).toMatchObject([{ id: "nested" }]);
    await page.click("#aside");
    expect(await log(2)).toMatchObject([{}, "second"]);
  });

  it("hears events of the page's own making", async () => {
    await page.evaluate(() => {
      document.querySelector("#custom")?.dispatchEvent(new CustomEvent("row:opened", { bubbles: true }));
    });
    expect(await log(1)).toMatchObject([{ id: "custom" }]);
  });

  it("leaves a link to the browser that is clicked for another tab", async () => {
    const [other] = await Promise.all([
      visitor.context.waitForEvent("page"),
      page.click("#link", { modifiers: ["ControlOrMeta"] }),
    ]);
    await other.waitForURL("**/elsewhere");
    await page.click("#form button");
    expect(await log(1)).toMatchObject([{ id: "form" }]);
  });

  it("stands in for following a link and submitting a form", async () => {
    await page.click("#link");
    await page.click("#form button");
    expect(await log(2)).toMatchObject([{ id: "link" }, { id: "form" }]);
    expect(new URL(page.url()).pathname).toBe("/events");
  });

  it("lets a checkbox toggle and a select choose, and sees the new state", async () => {
    await page.click("#check");
    await page.selectOption("#multi", ["x", "y"]);
    expect(await log(2)).toMatchObject([
      { id: "check", checked: true },
      { id: "multi", values: ["x", "y"] },
    ]);
    expect(await page.isChecked("#check")).toBe(true);
  });

  it("gets the form as a browser would submit it", async () => {
    await page.click("#form button");
    const [seen] = await log(1);
    expect(seen).toMatchObject({
      params: [
        ["title", "one & two"],
        ["tag", "a"],
        ["tag", "b"],
        ["on", "on"],
        ["many", "1"],
        ["many", "2"],
        ["by", "save"],
        ["outside", "o"],
      ],
    });
  });

  it("gets the form that a control elsewhere names as its own", async () => {
    await page.fill("#outside", "typed");
    const [seen] = await log(1);
    expect(seen).toMatchObject({ id: "outside", params: expect.arrayContaining([["outside", "typed"]]) });
  });

  it("works on an element that script adds, for an event that no element had declared", async () => {
    await page.evaluate(() => {
      const added = '<p id="added" data-reflex="dblclick->Probe#note">added</p>';
      document.body.insertAdjacentHTML("beforeend", added);
    });
    await page.dblclick("#added");
    expect(await log(1)).toMatchObject([{ id: "added" }]);
  });

  it("is left out when the page stops its event", async () => {
    await page.evaluate(() =>
      document.querySelector("#plain")?.addEventListener("click", (event) => event.stopPropagation()),
    );
    await page.click("#plain");
    await page.click("#both");
    expect(await log(2)).toMatchObject([{ id: "both" }, "second"]);
  });
});

describe("a page of many declarations", () => {
  it("has two listeners for an event type, on the document, and none on an element", async () => {
    const counting = await visitor.context.newPage();
    await counting.addInitScript(() => {
      const added: string[] = [];
      Reflect.set(window, "added", added);
      const { addEventListener } = EventTarget.prototype;
      EventTarget.prototype.addEventListener = function (
        this: EventTarget,
        ...args: Parameters<typeof addEventListener>
      ) {
        if (args[0] === "click") added.push(this === document ? "document" : String(this));
        return addEventListener.apply(this, args);
      };
    });
    await counting.goto("/events");
    await counting.locator('html[data-reflex-connection="online"]').waitFor({ state: "attached" });
    expect(
      await counting.evaluate(() => document.querySelectorAll('[data-reflex*="click->"]').length),
    ).toBeGreaterThan(50);
    expect(await counting.evaluate(() => Reflect.get(window, "added"))).toEqual(["document", "document"]);
  });
});

describe("a declared reflex that does not succeed", () => {
  it("tells its element by a bubbling event, and the console only if nobody handles it", async () => {
    await page.evaluate(() => {
      const errors: unknown[] = [];
      Reflect.set(window, "errors", errors);
      document.addEventListener("reflex:error", (event) => {
        const { target, error } = (event as CustomEvent).detail;
        errors.push([(event.target as Element).id, target, error.code, error.message]);
        if (target === "Nobody#home") event.preventDefault();
      });
    });
    await page.click("#unknown");
    await page.click("#fails");
    const errors = await page.waitForFunction(() => {
      const errors: unknown[] = Reflect.get(window, "errors");
      return errors.length === 2 ? errors : undefined;
    });
    expect(await errors.jsonValue()).toEqual([
      ["unknown", "Nobody#home", "unknown-reflex", expect.stringContaining("no reflex class of that name")],
      ["fails", "Probe#fail", "reflex-failed", expect.not.stringContaining("secret")],
    ]);
    expect(visitor.complaints.filter((text) => text.includes("ReflexError"))).toHaveLength(1);
  });
});
