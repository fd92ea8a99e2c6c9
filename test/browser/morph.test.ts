import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/morph");
  return async () => {
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  };
});

/** Has the page morphed without taking the focus from where it is, and waits until it has been. */
async function tick(to: number): Promise<void> {
  await page.evaluate(() => document.querySelector<HTMLElement>("#tick")?.click());
  await shows(page, "#ticks", String(to));
}

describe("a page morph", () => {
  it("keeps focus, caret, selection and text of the input that is being typed in", async () => {
    await page.fill("#text", "hello world");
    await page.evaluate(() =>
      document.querySelector<HTMLInputElement>("#text")?.setSelectionRange(2, 5, "backward"),
    );
    await tick(1);
    const state = await page.evaluate(() => {
      const input = document.activeElement as HTMLInputElement;
      const { id, value, className, selectionStart, selectionEnd, selectionDirection } = input;
      return { id, value, className, selectionStart, selectionEnd, selectionDirection };
    });
    const selection = { selectionStart: 2, selectionEnd: 5, selectionDirection: "backward" };
    expect(state).toEqual({ id: "text", value: "hello world", className: "at-1", ...selection });
    await page.keyboard.type("X");
    expect(await page.inputValue("#text")).toBe("heX world");
  });

  it("keeps the identity of the focused input while elements come before it", async () => {
    await page.focus("#text");
    await page.evaluate(() => Object.assign(document.querySelector("#text") ?? {}, { mark: "same" }));
    let blurs = 0;
    await page.exposeFunction("blurred", () => {
      blurs += 1;
    });
    await page.evaluate(() => {
      document.querySelector("#text")?.addEventListener("blur", () => Reflect.get(window, "blurred")());
    });
    await tick(1);
    expect(await page.locator("#before").count()).toBe(1);
    expect(await page.evaluate(() => Reflect.get(document.activeElement ?? {}, "mark"))).toBe("same");
    expect(blurs).toBe(0);
  });

  it("keeps what was typed and chosen elsewhere, where the server has nothing new to say", async () => {
    await page.fill("#text", "typed");
    await page.fill("#area", "written\nhere");
    await page.check("#box");
    await page.selectOption("#choice", "b");
    await page.click("#details summary");
    await page.focus("#tick");
    await tick(1);
    expect(await page.inputValue("#text")).toBe("typed");
    expect(await page.inputValue("#area")).toBe("written\nhere");
    expect(await page.isChecked("#box")).toBe(true);
    expect(await page.inputValue("#choice")).toBe("b");
    expect(await page.getAttribute("#details", "open")).toBe("");
    expect(await page.textContent("#details p")).toBe("text 1");
    await tick(2);
    expect(await page.inputValue("#choice")).toBe("b");
  });

  it("brings a new value of the server into an input that nobody is in", async () => {
    await page.fill("#server", "typed");
    await page.focus("#tick");
    await tick(1);
    expect(await page.inputValue("#server")).toBe("from server 1");
  });

  it("leaves the input that is being typed in alone, whatever the server says", async () => {
    await page.fill("#server", "typed");
    await tick(1);
    expect(await page.inputValue("#server")).toBe("typed");
  });

  it("keeps a permanent element's content, also when the new page leaves it out", async () => {
    await page.evaluate(() => {
      const permanent = document.querySelector("#permanent");
      if (permanent !== null) permanent.innerHTML = "<b>mine</b>";
    });
    await tick(1);
    await tick(2);
    expect(await page.innerHTML("#permanent")).toBe("<b>mine</b>");
  });

  it("does not load a permanent frame again while its surroundings change", async () => {
    await page.evaluate(() => {
      const frame = document.querySelector<HTMLIFrameElement>("#frame");
      Reflect.set(frame?.contentWindow ?? {}, "mark", "same");
    });
    await tick(1);
    expect(await page.textContent("#around")).toContain("1");
    const mark = await page.evaluate(() =>
      Reflect.get(document.querySelector<HTMLIFrameElement>("#frame")?.contentWindow ?? {}, "mark"),
    );
    expect(mark).toBe("same");
  });

  it("gives the focus to an element that comes with autofocus", async () => {
    await tick(1);
    await page.focus("#text");
    await tick(2);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("late");
  });

  it("keeps the identity of elements with an id when a list is sorted", async () => {
    await page.evaluate(() => {
      for (const item of document.querySelectorAll("#list li")) Reflect.set(item, "mark", item.textContent);
    });
    await tick(1);
    const marks = await page.evaluate(() =>
      Array.from(document.querySelectorAll("#list li"), (item) => [
        item.textContent,
        Reflect.get(item, "mark"),
      ]),
    );
    expect(marks).toEqual([
      ["c", "c"],
      ["x", undefined],
      ["a", "a"],
    ]);
  });

  it("draws SVG as SVG", async () => {
    await tick(1);
    const drawn = await page.evaluate(() => {
      const circle = document.querySelector("#drawing circle");
      return [circle?.namespaceURI, circle?.getAttribute("r")];
    });
    expect(drawn).toEqual(["http://www.w3.org/2000/svg", "2"]);
  });

  it("brings the title along", async () => {
    await tick(1);
    expect(await page.title()).toBe("Tick & 1");
  });

  it("touches no node that did not change", async () => {
    await page.evaluate(() => {
      const touched: string[] = [];
      Reflect.set(window, "touched", touched);
      const observer = new MutationObserver((records) => {
        for (const { target, attributeName } of records) {
          // That the button's call is unanswered is no update.
          if (/^(aria-busy|data-reflex-pending)$/.test(attributeName ?? "")) continue;
          touched.push((target as Element).id ?? target.parentElement?.id);
        }
      });
      for (const id of ["tick", "permanent", "rows", "box", "area"]) {
        const element = document.querySelector(`#${id}`);
        const options = { subtree: true, childList: true, attributes: true, characterData: true };
        if (element !== null) observer.observe(element, options);
      }
    });
    await tick(1);
    expect(await page.evaluate(() => Reflect.get(window, "touched"))).toEqual([]);
  });
});

describe("a selector morph", () => {
  it("puts table rows into a table body and leaves the rest of the page as it is", async () => {
    await page.evaluate(() => document.querySelector<HTMLElement>("#tick-rows")?.click());
    await page.locator("#row-2").waitFor();
    expect(await page.innerHTML("#rows")).toBe(
      '<tr id="row-1"><td>1</td></tr><tr id="row-2"><td>2</td></tr>',
    );
    expect(await page.textContent("#ticks")).toBe("0");
  });
});
