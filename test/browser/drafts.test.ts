import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loaded, online, Site, shows, stimulate, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/drafts");
  return () => visitor.context.close();
});

/** Reloads the page as a person does who has used it, and waits until it has what was typed. */
async function reload(): Promise<void> {
  await watched();
  await page.reload();
  await restored();
}

/** Opens an address in the page's place, and waits until it has what was typed there. */
async function visit(path: string): Promise<void> {
  await page.goto(path);
  await restored();
}

/** Waits until the page has what was typed into it before. */
async function restored(): Promise<void> {
  await online(page);
  await page.waitForFunction(() => {
    const drafts: [string][] = JSON.parse(sessionStorage.getItem("edge-reflex.drafts") ?? "[]");
    const here = location.pathname + location.search;
    return !Array.isArray(drafts) || drafts.every(([address]) => address !== here);
  });
}

/** Uses a control, if nobody has, and waits until what is typed is watched: that part of the client is loaded then. */
async function watched(): Promise<void> {
  if (await page.evaluate(() => document.activeElement === document.body)) await page.focus("#said");
  await loaded(page, "drafts");
}

/** Holds back what watches over what is typed, until that is called which this returns. */
async function hold(): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route("**/_reflex/drafts.js*", async (route) => {
    await promise;
    await route.continue();
  });
  return resolve;
}

/** What the tab keeps. */
async function kept(): Promise<readonly (readonly [address: string, control: string, ...unknown[]])[]> {
  return JSON.parse((await page.evaluate(() => sessionStorage.getItem("edge-reflex.drafts"))) ?? "[]");
}

/** Hides the page from the visitor, and shows it again. */
async function hide(): Promise<void> {
  await watched();
  await page.evaluate(() => {
    for (const isHidden of [true, false]) {
      Object.defineProperty(document, "hidden", { value: isHidden, configurable: true });
      document.dispatchEvent(new Event("visibilitychange", { bubbles: true }));
    }
  });
}

/** What is in the controls: value, or whether it is checked, or what is selected. */
async function contents(selector: string): Promise<readonly unknown[]> {
  return await page.locator(selector).evaluateAll((elements) =>
    elements.map((element) => {
      if (element instanceof HTMLSelectElement)
        return Array.from(element.selectedOptions, ({ value }) => value).join();
      if (!(element instanceof HTMLInputElement)) return Reflect.get(element, "value");
      return ["checkbox", "radio"].includes(element.type) ? element.checked : element.value;
    }),
  );
}

const LETTER = "#letter :is(input, textarea, select)";
const GIVEN = ["", "server 0", "given", true, true, false, "a", "x", "50"];
const TYPED = ["typed", "mine", "written", false, false, true, "b", "y,z", "70"];

async function fillLetter(): Promise<void> {
  // By its property, as the text has a reflex of its own.
  await page.locator("#text").evaluate((element) => Reflect.set(element, "value", "typed"));
  await page.fill("#server", "mine");
  await page.fill("#area", "written");
  await page.click("#box");
  await page.click("#two");
  await page.selectOption("#choice", "b");
  await page.selectOption("#many", ["y", "z"]);
  await page.fill("#range", "70");
}

describe("what is typed and chosen", () => {
  it("survives a lost connection and a deploy: the page is not loaded again", async () => {
    await fillLetter();
    await page.click("#tick");
    await shows(page, "#ticks", "1");
    await page.fill("#server", "mine again");
    await site.evict("close");
    await online(page);
    await site.harness.update((options) => options);
    await page.click("#tick");
    await shows(page, "#ticks", "2");
    const typed = await contents(LETTER);
    // The server has spoken about this one after it was typed.
    expect(typed).toEqual(TYPED.with(1, "server 2"));
  });

  it("survives a reload, in controls of every kind", async () => {
    expect(await contents(LETTER)).toEqual(GIVEN);
    await fillLetter();
    await reload();
    expect(await contents(LETTER)).toEqual(TYPED);
  });

  it("survives reload after reload", async () => {
    await fillLetter();
    await reload();
    await reload();
    expect(await contents(LETTER)).toEqual(TYPED);
  });

  it("survives leaving the page and coming back, by history and by a link", async () => {
    await page.fill("#area", "written");
    await watched();
    await page.click("#away");
    await page.goBack();
    await restored();
    expect(await contents("#area")).toEqual(["written"]);
    await watched();
    await visit("/elsewhere");
    await visit("/drafts");
    expect(await contents("#area")).toEqual(["written"]);
  });

  it("is kept when the page is hidden, since it may never be heard of again", async () => {
    await page.fill("#area", "written");
    await hide();
    expect(await kept()).toHaveLength(1);
  });

  it("stays with its address", async () => {
    await page.fill("#area", "written");
    await watched();
    await visit("/drafts?of=another");
    await loaded(page, "drafts");
    expect(await contents("#area")).toEqual(["given"]);
    await visit("/drafts");
    expect(await contents("#area")).toEqual(["written"]);
  });

  it("stays in its control among those of the same name, with an id only, or permanent", async () => {
    await page.locator(".same").nth(1).fill("second");
    await page.fill("#nameless", "by id");
    await page.fill("#permanent", "permanent");
    await reload();
    expect(await contents('[name="other"] input')).toEqual(["", "second", "by id", "permanent"]);
  });

  it("stays with its item when the list is another", async () => {
    await page.fill("#row-1 input", "to the first");
    await watched();
    await visit("/elsewhere");
    // The page was gone by then: its own controls have not moved along.
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    await visit("/drafts");
    expect(await contents("#row-3 input, #row-2 input, #row-1 input")).toEqual(["", "", "to the first"]);
  });

  it("gives way to what the server has changed since", async () => {
    await page.fill("#server", "mine");
    await page.fill("#area", "written");
    await page.click("#two");
    await watched();
    await visit("/elsewhere");
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    await visit("/drafts");
    expect(await contents("#server, #area")).toEqual(["server 1", "written"]);
    // One of the radio buttons is another.
    expect(await contents("#one, #two")).toEqual([true, false]);
  });
});

describe("a restored control", () => {
  it("is as if typed in: it stands until the server changes its own word", async () => {
    await page.fill("#server", "mine");
    await page.fill("#area", "written");
    await reload();
    await page.click("#tick");
    await shows(page, "#ticks", "1");
    expect(await contents("#server, #area")).toEqual(["server 1", "written"]);
  });

  it("makes no reflex run by itself, and is told by an event of its own", async () => {
    await page.locator("#text").evaluate((element) => Reflect.set(element, "value", "typed"));
    await page.addInitScript(() => {
      const heard: string[] = [];
      Reflect.set(window, "heard", heard);
      for (const type of ["input", "change", "reflex:restored"])
        addEventListener(type, ({ target }) => heard.push(`${type} ${(target as Element).id}`));
    });
    await reload();
    expect(await page.evaluate("heard")).toEqual(["reflex:restored text"]);
    expect(await stimulate(page, "Probe#quiet")).toBe("done");
    expect(await page.textContent("#ticks")).toBe("0");
  });

  it("is left alone when the visitor was faster", async () => {
    await page.fill("#area", "written");
    await page.addInitScript(() => {
      // Modules run after this, and before the page is complete.
      document.addEventListener("readystatechange", () => {
        const area = document.querySelector("#area");
        if (area instanceof HTMLTextAreaElement && area.value === "given") area.value = "typed at once";
      });
    });
    await reload();
    expect(await contents("#area")).toEqual(["typed at once"]);
  });
});

describe("a draft", () => {
  it("is thrown away when it was used, and when its control is again as the server gave it", async () => {
    await page.fill("#area", "written");
    await reload();
    expect(await kept()).toEqual([]);
    await hide();
    expect(await kept()).toHaveLength(1);
    await page.fill("#area", "given");
    await hide();
    expect(await kept()).toEqual([]);
  });

  it("is thrown away when its form was submitted, by the browser or to a reflex", async () => {
    await page.fill("#area", "written");
    await page.fill("#said", "said");
    await page.click("#say");
    await hide();
    expect(await kept()).toHaveLength(1);
    await page.click("#send");
    await page.waitForURL("**/elsewhere*");
    expect(await kept()).toEqual([]);
  });

  it("is thrown away when its form was submitted before it could be kept, by the browser or to a reflex", async () => {
    const release = await hold();
    await page.evaluate(() => {
      const frame = document.createElement("iframe");
      frame.name = "frame";
      document.body.append(frame);
      document.querySelector("#letter")?.setAttribute("target", frame.name);
    });
    await page.fill("#area", "written");
    await page.click("#send");
    await page.frame("frame")?.waitForURL("**/elsewhere*");
    await page.fill("#said", "said");
    await page.click("#say");
    await page.fill("#failed", "not said yet");
    release();
    await hide();
    expect((await kept()).map(([, , , typed]) => typed)).toEqual([["not said yet"]]);
  });

  it("is thrown away when its form was submitted to a reflex that stops the event", async () => {
    await page.locator("#reflex").evaluate((form) => {
      form.setAttribute("data-reflex", "submit->Probe#quiet:stop");
    });
    await page.fill("#said", "said");
    await watched();
    await page.click("#say");
    await hide();
    expect(await kept()).toEqual([]);
  });

  it("is kept of what was typed after that, and of a form whose reflex failed, before it could be kept", async () => {
    const release = await hold();
    await page.fill("#said", "said");
    await page.click("#say");
    await page.fill("#said", "said and done");
    await page.fill("#failed", "said in vain");
    const failed = page.evaluate(
      () => new Promise((resolve) => addEventListener("reflex:error", resolve, { once: true })),
    );
    await page.click("#fail");
    await failed;
    release();
    await reload();
    expect(await contents("#said, #failed")).toEqual(["said and done", "said in vain"]);
  });

  it("does not come back into a form that was submitted before it could", async () => {
    await page.fill("#said", "said");
    await page.fill("#failed", "said in vain");
    await hide();
    expect(await kept()).toHaveLength(2);
    const release = await hold();
    await page.reload();
    await online(page);
    await page.click("#say");
    release();
    await reload();
    expect(await contents("#said, #failed")).toEqual(["", "said in vain"]);
  });

  it("is kept of what is typed after that, and of a form whose reflex failed", async () => {
    await page.fill("#said", "said");
    await page.click("#say");
    await page.fill("#said", "said and done");
    await page.fill("#failed", "said in vain");
    await page.click("#fail");
    await page.locator("#failing:not([data-reflex-pending])").waitFor();
    await reload();
    expect(await contents("#said, #failed")).toEqual(["said and done", "said in vain"]);
  });

  it("is kept of a form whose reflex was cancelled before it was called", async () => {
    await page.evaluate(() => document.addEventListener("reflex:before", (event) => event.preventDefault()));
    await page.fill("#said", "said");
    await watched();
    const cancelled = page.evaluate(
      () => new Promise<void>((resolve) => addEventListener("reflex:cancelled", () => resolve())),
    );
    await page.click("#say");
    await cancelled;
    await reload();
    expect(await contents("#said")).toEqual(["said"]);
  });

  it("is kept of no secret, and of nothing that the author excludes", async () => {
    await page.evaluate(() => {
      for (const control of document.querySelectorAll<HTMLInputElement>("#never :is(input, textarea)"))
        control.value = "secret";
      for (const option of document.querySelectorAll("option")) option.selected = option.value === "b";
    });
    await page.selectOption("#choice", "a");
    await page.selectOption("#many", "x");
    await hide();
    expect(await kept()).toEqual([]);
  });

  it("takes no more room than 100 controls and 100,000 characters, the latest first", async () => {
    await page.evaluate(() => {
      const form = document.createElement("form");
      for (let index = 0; index < 150; index += 1) form.append(document.createElement("input"));
      for (const input of form.querySelectorAll("input")) input.value = "typed";
      document.body.append(form);
    });
    await hide();
    expect(await kept()).toHaveLength(100);
    await page.evaluate(() => document.body.lastElementChild?.remove());
    await page.fill("#area", "a".repeat(99_000));
    await page.fill("#said", "b".repeat(2_000));
    await page.fill("#failed", "c".repeat(100));
    await hide();
    expect((await kept()).map(([, name]) => JSON.parse(name.slice(0, -1))[3])).toEqual(["area", "failed"]);
    await visit("/drafts?another");
    await page.fill("#said", "b".repeat(2_000));
    await hide();
    expect((await kept()).map(([address]) => address)).toEqual(["/drafts?another", "/drafts"]);
  });

  it.each(["no JSON", "{}", '[["/drafts"]]', "null", '[["/drafts","[null]0",1,2]]'])(
    "that something else has written stops nothing: %s",
    async (text) => {
      await page.evaluate((text) => {
        addEventListener("pagehide", () => sessionStorage.setItem("edge-reflex.drafts", text));
      }, text);
      await reload();
      await page.click("#tick");
      await shows(page, "#ticks", "1");
      expect(visitor.complaints).toEqual([]);
    },
  );

  it.each([null, 5, { length: 1 }])("whose text is forged as %j stops nothing", async (typed) => {
    await page.fill("#said", "typed");
    await hide();
    const forged = JSON.stringify((await kept()).map((draft) => [...draft.slice(0, 3), typed]));
    await page.evaluate((text) => {
      addEventListener("pagehide", () => sessionStorage.setItem("edge-reflex.drafts", text));
    }, forged);
    await reload();
    await page.click("#tick");
    await shows(page, "#ticks", "1");
    expect(visitor.complaints).toEqual([]);
  });
});

describe("what is typed", () => {
  it("is kept from the next use of a control on, when that part of the client could not be loaded at first", async () => {
    const blocked = await visitor.context.newPage();
    let tries = 0;
    await blocked.route("**/drafts.js*", async (route) => {
      tries += 1;
      await (tries === 1 ? route.abort() : route.continue());
    });
    await blocked.goto("/drafts");
    await online(blocked);
    const failed = blocked.waitForEvent("requestfailed");
    await blocked.focus("#area");
    await failed;
    await blocked.waitForFunction(() => {
      // Typing goes on until it is kept.
      document.execCommand("insertText", false, "x");
      dispatchEvent(new Event("pagehide"));
      return sessionStorage.getItem("edge-reflex.drafts")?.includes("x");
    });
    expect(tries).toBe(2);
  });
});
