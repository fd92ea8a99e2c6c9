import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { online, Site, shows, stimulate, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let received: string[];

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.context.newPage();
  received = [];
  page.on("websocket", (socket) =>
    socket.on("framereceived", ({ payload }) => {
      // The welcome comes when it comes, and says nothing of the page.
      if (!String(payload).startsWith('["w"')) received.push(String(payload));
    }),
  );
  await page.goto("/patch");
  await page.locator('html[data-reflex-connection="online"]').waitFor({ state: "attached" });
  // The first update brings the page that later ones are patches of.
  await stimulate(page, "Probe#tick");
  received.length = 0;
  return () => visitor.context.close();
});

describe("an update", () => {
  it("carries what changed, and not the page", async () => {
    await stimulate(page, "Probe#tick");
    const frame = received.join("");
    expect(frame).not.toContain('["page",');
    expect(frame).not.toContain("fixed");
    expect(await page.textContent("#mixed")).toBe("Tick 2 of many");
    expect(await page.getAttribute("#ticks", "title")).toBe("at 2");
    expect(await page.locator("#rows i").allTextContents()).toEqual(["1", "2", "3", "4"]);
  });

  it("is empty when the page shows it all already", async () => {
    await stimulate(page, "Probe#second");
    expect(received).toEqual(["[2]"]);
  });

  it("touches exactly the nodes that changed, and keeps the identity of items that stay and move", async () => {
    await page.evaluate(() => {
      for (const item of document.querySelectorAll("#rows li")) {
        Reflect.set(item, "mark", item.querySelector("i")?.textContent);
        const input = item.querySelector("input");
        if (input !== null) input.value = `typed in ${Reflect.get(item, "mark")}`;
      }
      const touched = new Set<string>();
      Reflect.set(window, "touched", touched);
      const observer = new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          touched.add(element?.closest("[id]")?.id ?? "?");
        }
      });
      observer.observe(document.body, {
        subtree: true,
        childList: true,
        attributes: true,
        characterData: true,
      });
    });
    await stimulate(page, "Probe#tick");
    const touched = await page.evaluate(() => [...(Reflect.get(window, "touched") as Set<string>)].sort());
    expect(touched).toEqual(["mixed", "rows", "ticks"]);
    const marks = await page.evaluate(() =>
      Array.from(document.querySelectorAll("#rows li"), (item) => [
        item.querySelector("i")?.textContent,
        Reflect.get(item, "mark"),
        item.querySelector("input")?.value,
      ]),
    );
    expect(marks).toEqual([
      ["1", "1", "typed in 1"],
      ["2", undefined, ""],
      ["3", "3", "typed in 3"],
      ["4", "4", "typed in 4"],
    ]);
  });

  it("leaves a composition alone: what an input method has not finished goes on", async () => {
    const input = page.locator("#rows li input").first();
    await input.focus();
    await page.evaluate(() => {
      const ended: string[] = [];
      Reflect.set(window, "ended", ended);
      document.addEventListener("compositionend", ({ data }) => ended.push(data));
    });
    const keyboard = await page.context().newCDPSession(page);
    await keyboard.send("Input.imeSetComposition", { text: "にほ", selectionStart: 2, selectionEnd: 2 });
    await stimulate(page, "Probe#tick");
    await shows(page, "#ticks", "2");
    await keyboard.send("Input.imeSetComposition", { text: "にほん", selectionStart: 3, selectionEnd: 3 });
    expect(await page.evaluate(() => Reflect.get(window, "ended"))).toEqual([]);
    await keyboard.send("Input.insertText", { text: "日本" });
    const typed = await page
      .locator("#rows input")
      .evaluateAll((inputs) => inputs.map((element) => (element as HTMLInputElement).value).join(""));
    expect(typed).toBe("日本");
  });

  it("is a patch from the first on, and after the object slept", async () => {
    await page.reload();
    await online(page);
    received.length = 0;
    await stimulate(page, "Probe#tick");
    await site.evict();
    await stimulate(page, "Probe#tick");
    expect(received).toHaveLength(2);
    for (const frame of received) expect(frame).not.toContain('["page"');
    await shows(page, "#ticks", "3");
    expect(await page.textContent("#mixed")).toBe("Tick 3 of many");
  });
});

describe("a page that something else changed", () => {
  it("gets its patch where the server means, past elements that it does not know", async () => {
    await page.evaluate(() => {
      document.body.insertAdjacentHTML("afterbegin", "<p>from an extension</p>");
      document.querySelector("#mixed")?.insertAdjacentHTML("beforebegin", "<p>and another</p>");
    });
    await stimulate(page, "Probe#tick");
    await shows(page, "#ticks", "2");
    expect(await page.textContent("#mixed")).toBe("Tick 2 of many");
    expect(await page.locator("text=from an extension").count()).toBe(1);
    expect(await page.textContent("h1")).toBe("fixed");
  });

  it("is asked for as a whole when an element is gone, without a reload", async () => {
    await page.evaluate(() => {
      Reflect.set(window, "mark", "not reloaded");
      document.querySelector("h1")?.remove();
    });
    await stimulate(page, "Probe#tick");
    await page.locator("h1").waitFor();
    await shows(page, "#ticks", "2");
    expect(await page.evaluate(() => Reflect.get(window, "mark"))).toBe("not reloaded");
    await stimulate(page, "Probe#tick");
    await shows(page, "#ticks", "3");
  });
});
