import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { online, Site, shows, stimulate, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
/** What the page asked to have restored. */
let asked: string[];
let received: string[];

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.context.newPage();
  asked = [];
  received = [];
  page.on("websocket", (socket) => {
    socket.on(
      "framesent",
      ({ payload }) => String(payload).startsWith('["s"') && asked.push(String(payload)),
    );
    socket.on("framereceived", ({ payload }) => received.push(String(payload)));
  });
  await page.goto("/healing");
  await online(page);
  await page.evaluate(() => Reflect.set(window, "mark", "not reloaded"));
  return () => visitor.context.close();
});

const isSamePage = () => page.evaluate(() => Reflect.get(window, "mark") === "not reloaded");

describe("a fragment that something else changed", () => {
  it("is asked for by itself when an element in it is gone, and what code added on purpose stays", async () => {
    await page.evaluate(() => {
      document.querySelector("#card")?.setAttribute("data-mine", "yes");
      document.querySelector("#card h2")?.classList.add("mine");
      const card = document.querySelector("#card");
      Reflect.set(window, "kept", [
        card,
        document.querySelector("#rows li"),
        document.querySelector("#beside"),
      ]);
      document.querySelector("#count")?.remove();
    });
    await stimulate(page, "Probe#tick");
    await shows(page, "#count", "1");
    expect(asked).toEqual(['["s","2.0"]']);
    expect(await page.getAttribute("#card", "data-mine")).toBe("yes");
    expect(await page.getAttribute("#card", "class")).toBe("at-1");
    expect(await page.locator("#rows i").allTextContents()).toEqual(["1", "1"]);
    const isKept = await page.evaluate(() => {
      const [card, row, beside] = Reflect.get(window, "kept") as Element[];
      return [card, row, beside].every((element) => element?.isConnected);
    });
    expect([isKept, await isSamePage()]).toEqual([true, true]);
    await stimulate(page, "Probe#tick");
    await shows(page, "#count", "2");
    expect(asked).toHaveLength(1);
  });

  it("comes back with the fragment around it when it is gone, or was put in place of", async () => {
    await page.evaluate(() => {
      const [first, second] = document.querySelectorAll("#rows li");
      first?.remove();
      const strange = document.createElement("li");
      strange.textContent = "strange";
      second?.replaceWith(strange);
    });
    await stimulate(page, "Probe#tick");
    await page.waitForFunction(() => document.querySelectorAll("#rows i").length === 2);
    expect(await page.locator("#rows i").allTextContents()).toEqual(["1", "1"]);
    expect(asked).toEqual(['["s","2.0"]']);
    expect(await page.locator("#rows li").allTextContents()).toEqual(["1 1", "2 1"]);
  });

  it("comes back with the page when nothing around it is a fragment that is there", async () => {
    await page.evaluate(() => document.querySelector("main")?.remove());
    await stimulate(page, "Probe#tick");
    await shows(page, "#count", "1");
    expect(asked).toEqual(['["s",""]']);
    expect(await isSamePage()).toBe(true);
  });

  it("comes back also when the object has slept meanwhile", async () => {
    await stimulate(page, "Probe#tick");
    await site.evict();
    await page.evaluate(() => document.querySelector("#count")?.remove());
    await stimulate(page, "Probe#tick");
    await shows(page, "#count", "2");
    expect(received.join("")).not.toContain('["page"');
  });
});

describe("a permanent element", () => {
  it("is never touched by a patch, nor missed when code changed it", async () => {
    await page.evaluate(() => {
      const mine = document.querySelector("#mine");
      if (mine !== null) mine.innerHTML = "<u>mine</u>";
    });
    await stimulate(page, "Probe#tick");
    await shows(page, "#count", "1");
    expect(await page.innerHTML("#mine")).toBe("<u>mine</u>");
    expect(await page.getAttribute("#mine", "title")).toBe("at 0");
    expect(asked).toEqual([]);
    expect(received.join("")).not.toContain("server");
  });
});

describe("a permanent item of a list", () => {
  it("keeps its content while it is there, goes with its key, and comes back once", async () => {
    const pinned = () => page.locator("#pinned li").allTextContents();
    await page.evaluate(() => {
      const last = document.querySelector("#pinned li:last-child");
      if (last !== null) last.textContent = "mine";
    });
    await stimulate(page, "Probe#tick");
    expect(await pinned()).toEqual(["mine"]);
    await stimulate(page, "Probe#tick");
    expect(await pinned()).toEqual(["a", "mine"]);
    expect(asked).toEqual([]);
  });
});

describe("a fragment of another template", () => {
  it("takes over what has a name in both, with what was typed there and the focus", async () => {
    await page.fill("#kept", "typed");
    await page.evaluate(() => Reflect.set(window, "input", document.querySelector("#kept")));
    await stimulate(page, "Probe#tick");
    await page.locator("p.other").waitFor();
    const state = await page.evaluate(() => {
      const input = document.querySelector<HTMLInputElement>("#kept");
      const isSame = input === Reflect.get(window, "input");
      return [isSame, input?.value, document.activeElement === input, input?.className];
    });
    expect(state).toEqual([true, "typed", true, "at-1"]);
    expect(await page.locator("div.one").count()).toBe(0);
  });
});

describe("the other tabs of a visitor", () => {
  it("show within the same moment what one of them changed, by patches", async () => {
    const second = await visitor.open("/healing");
    received.length = 0;
    await second.click("#tick");
    await shows(second, "#count", "1");
    await shows(page, "#count", "1");
    expect(received).toHaveLength(1);
    expect(received[0]).toMatch(/^\["p",/);
    expect(received[0]).not.toContain('["page"');
    expect(visitor.complaints).toEqual([]);
  });
});

describe("data-reflex-root", () => {
  it("limits a page morph to what its selectors find first; the nearest that finds something counts", async () => {
    await page.click("#tick-roots");
    await shows(page, "#beside", "1");
    expect(await page.locator("#rows i").allTextContents()).toEqual(["1", "1"]);
    expect(await page.textContent("#count")).toBe("0");
    await page.click("#tick");
    await shows(page, "#count", "2");
    await shows(page, "#beside", "2");
    expect(await isSamePage()).toBe(true);
  });
});
