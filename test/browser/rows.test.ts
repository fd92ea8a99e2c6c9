import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  isFull,
  type OrderList,
  orderIds,
  UNTOUCHED,
  withChange,
  withNewOrder,
  withOnTop,
  without,
} from "../../examples/showcase/rows/order-list.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/rows");
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

/** The numbers of the orders that a tab shows, from the top. */
async function ids(tab: Page): Promise<readonly number[]> {
  return await tab
    .locator("#orders")
    .evaluate((body) =>
      [...body.querySelectorAll("tr:not([hidden]) th")].map((heading) => Number(heading.textContent)),
    );
}

/** Waits until the first orders that a tab shows are these. */
async function startsWith(tab: Page, ...first: readonly number[]): Promise<void> {
  await tab.waitForFunction(
    (first) =>
      String(first) ===
      String(
        [...document.querySelectorAll("#orders tr:not([hidden]) th")]
          .slice(0, first.length)
          .map((heading) => heading.textContent),
      ),
    first,
  );
}

/** Presses a button of an order's row. */
async function press(tab: Page, id: number, action: "change" | "remove"): Promise<void> {
  await tab.click(`#order-${id} [data-reflex="click->Orders#${action}"]`);
}

/** Begins to note which elements with an id change in a tab: but for the panel of figures, and what says that a call is under way. */
async function watch(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    const touched = new Set<string>();
    Reflect.set(window, "touched", touched);
    const nameOf = (node: Node | null): string => {
      const element = node instanceof Element ? node : node?.parentElement;
      return element?.closest("[id]")?.id ?? "?";
    };
    new MutationObserver((records) => {
      for (const { type, target, attributeName, addedNodes, removedNodes } of records) {
        if (attributeName === "aria-busy" || attributeName === "data-reflex-pending") continue;
        const nodes =
          type === "childList" && nameOf(target) === "orders" ? [...addedNodes, ...removedNodes] : [target];
        for (const node of nodes) touched.add(nameOf(node));
      }
      touched.delete("cost");
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
}

/** What has changed since {@link watch}, in alphabetical order. */
async function touched(tab: Page): Promise<readonly string[]> {
  const names = await tab.evaluate(() => [...(Reflect.get(window, "touched") as Set<string>)]);
  return names.sort();
}

const THOUSAND = Array.from({ length: 1000 }, (_, index) => 1000 - index);

describe("the page of a thousand rows", () => {
  it("shows a thousand orders, is in the navigation, and the home page leads to it", async () => {
    expect(await ids(page)).toEqual(THOUSAND);
    expect(await page.textContent(".site-nav [aria-current=page]")).toBe("A thousand rows");
    await page.goto("/");
    expect(await page.locator('main a[href="/rows"]').count()).toBe(1);
  });

  it("puts a new order at the head, and touches no other row", async () => {
    await watch(page);
    await page.click("#insert");
    await startsWith(page, 1001);
    expect(await ids(page)).toEqual([1001, ...THOUSAND]);
    const rows = (await touched(page)).filter((name) => name.startsWith("order-") && name !== "order-count");
    expect(rows).toEqual(["order-1001"]);
  });

  it("moves the last order to the top, and touches nothing else", async () => {
    await watch(page);
    await page.click("#move");
    await startsWith(page, 1);
    expect(await ids(page)).toEqual([1, ...THOUSAND.slice(0, -1)]);
    expect(await touched(page)).toEqual(["order-1"]);
  });

  it("shuffles the first ten, and moves none of the others", async () => {
    await watch(page);
    const before = await ids(page);
    await page.click("#shuffle");
    await page.waitForFunction(() => document.querySelector("#cost dd")?.textContent !== "–");
    const after = await ids(page);
    expect(after.slice(10)).toEqual(before.slice(10));
    expect(after.slice(0, 10).sort((one, other) => other - one)).toEqual(before.slice(0, 10));
    const first = new Set(before.slice(0, 10).map((id) => `order-${id}`));
    expect((await touched(page)).filter((name) => !first.has(name))).toEqual([]);
  });

  it("changes one order, and touches that row and what changed in the summary", async () => {
    const amount = async (id: number) => await page.textContent(`#order-${id} .amount`);
    const [before, other] = [await amount(990), await amount(989)];
    await watch(page);
    await press(page, 990, "change");
    await page.waitForFunction(
      (before) => document.querySelector("#order-990 .amount")?.textContent !== before,
      before,
    );
    expect(await amount(989)).toBe(other);
    const names = await touched(page);
    expect(names.filter((name) => name.startsWith("order-"))).toEqual(["order-990"]);
    expect(names).toContain("total");
    // One share less, one more: of three, one stays as it is.
    expect(names.filter((name) => name.startsWith("share-"))).toHaveLength(2);
    expect(names.filter((name) => !/^(order-990|total|share-\w+)$/.test(name))).toEqual([]);
  });

  it("removes an order, and touches no other row", async () => {
    await watch(page);
    await press(page, 998, "remove");
    await startsWith(page, 1000, 999, 997);
    expect(await ids(page)).toEqual(THOUSAND.filter((id) => id !== 998));
    expect(await page.textContent("#order-count")).toBe("999");
    const rows = (await touched(page)).filter((name) => /^order-\d/.test(name));
    expect(rows).toEqual(["order-998"]);
  });

  it("gives a removed new order's number to no other", async () => {
    await page.click("#insert");
    await press(page, 1001, "remove");
    await page.click("#insert");
    await startsWith(page, 1002, 1000);
  });

  it("starts over: orders, changes and search as they were", async () => {
    const untouched = await page.textContent("#orders");
    await page.click("#insert");
    await press(page, 999, "change");
    await press(page, 997, "remove");
    await page.fill("#query", "ada");
    await page.waitForFunction(() => document.querySelector("#found")?.textContent !== "1000");
    await page.click("#reset");
    await shows(page, "#found", "1000");
    expect(await ids(page)).toEqual(THOUSAND);
    expect(await page.textContent("#orders")).toBe(untouched);
    expect(await page.inputValue("#query")).toBe("");
  });

  it("keeps what was done after a reload, and after the session slept", async () => {
    await page.click("#move");
    await startsWith(page, 1);
    await site.evict();
    await page.click("#insert");
    await startsWith(page, 1001, 1);
    await page.reload();
    await startsWith(page, 1001, 1, 1000);
  });

  it("shows each change in a second tab, which touches the same rows only", async () => {
    const second = await visitor.open("/rows");
    await watch(second);
    await page.click("#move");
    await startsWith(second, 1, 1000);
    expect(await touched(second)).toEqual(["order-1"]);
    await second.click("#insert");
    await startsWith(page, 1001, 1, 1000);
    await page.fill("#query", "1001");
    await shows(second, "#found", "1");
    expect(await second.inputValue("#query")).toBe("1001");
  });
});

describe("a note in a row", () => {
  it("keeps its input, its text, focus and caret when other rows move, come and go", async () => {
    const note = page.locator("#order-998 .note");
    await note.fill("call them");
    const element = await note.elementHandle();
    await note.evaluate((input) => (input as HTMLInputElement).setSelectionRange(4, 6));
    const second = await visitor.open("/rows");
    await second.click("#insert");
    await second.click("#move");
    await press(second, 999, "remove");
    await startsWith(page, 1, 1001, 1000, 998);
    expect(
      await element?.evaluate((input) => {
        const { value, selectionStart, selectionEnd } = input as HTMLInputElement;
        return {
          isSame: input === document.querySelector("#order-998 .note"),
          isFocused: input === document.activeElement,
          value,
          selection: [selectionStart, selectionEnd],
        };
      }),
    ).toEqual({ isSame: true, isFocused: true, value: "call them", selection: [4, 6] });
  });

  it("goes along when its own row moves, focus and caret too", async () => {
    await page.fill("#query", "9");
    await page.waitForFunction(() => document.querySelector("#found")?.textContent !== "1000");
    const note = page.locator("#order-9 .note");
    await note.fill("mine");
    const element = await note.elementHandle();
    await note.evaluate((input) => (input as HTMLInputElement).setSelectionRange(1, 3));
    const second = await visitor.open("/rows");
    await second.click("#move");
    await startsWith(page, 9);
    expect(
      await element?.evaluate((input) => {
        const { value, selectionStart, selectionEnd } = input as HTMLInputElement;
        return {
          isSame: input === document.querySelector("#order-9 .note"),
          isFocused: input === document.activeElement,
          value,
          selection: [selectionStart, selectionEnd],
        };
      }),
    ).toEqual({ isSame: true, isFocused: true, value: "mine", selection: [1, 3] });
  });

  it("outlasts a search that hides its row", async () => {
    await page.fill("#order-1000 .note", "still here");
    await page.fill("#query", "99");
    await startsWith(page, 999, 998);
    await page.fill("#query", "");
    await startsWith(page, 1000, 999);
    expect(await page.inputValue("#order-1000 .note")).toBe("still here");
  });
});

describe("the search", () => {
  it("filters at each keystroke, and keeps focus and caret in the box", async () => {
    const box = page.locator("#query");
    await box.pressSequentially("100");
    await startsWith(page, 1000, 100);
    await shows(page, "#found", "2");
    await page.keyboard.press("Home");
    await page.keyboard.type("9");
    await shows(page, "#found", "0");
    await page.keyboard.press("Delete");
    await shows(page, "#found", "1");
    expect(await ids(page)).toEqual([900]);
    expect(
      await box.evaluate((input) => {
        const { value, selectionStart } = input as HTMLInputElement;
        return { value, selectionStart, isFocused: input === document.activeElement };
      }),
    ).toEqual({ value: "900", selectionStart: 1, isFocused: true });
  });

  it("finds names in any case", async () => {
    await page.fill("#query", " ADA ");
    await page.waitForFunction(() => document.querySelector("#found")?.textContent !== "1000");
    const customers = await page.locator("#orders tr:not([hidden]) td:nth-child(2)").allTextContents();
    expect(customers.length).toBeGreaterThan(0);
    expect(customers.filter((customer) => !/ada/i.test(customer))).toEqual([]);
  });

  it("is what moving goes by: the last order that is shown comes to the top", async () => {
    await page.fill("#query", "55");
    await startsWith(page, 559, 558);
    await page.click("#move");
    await startsWith(page, 55, 559);
    await page.fill("#query", "");
    await startsWith(page, 55, 1000);
  });
});

describe("the figures of the last update", () => {
  /** Sent, received, rows touched, changes in the page. */
  const figures = async (tab: Page) => await tab.locator("#cost dd").allTextContents();

  it("say what the frames and the changes in the page were", async () => {
    const frames: string[] = [];
    page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => frames.push(String(payload)));
      socket.on("framereceived", ({ payload }) => frames.push(String(payload)));
    });
    await page.reload();
    await online(page);
    await page.waitForFunction(() => document.documentElement.dataset.reflexConnection === "online");
    // Each end has greeted the other.
    while (!frames.some((frame) => frame.startsWith('["w"'))) await page.evaluate(() => {});
    frames.length = 0;
    expect(await figures(page)).toEqual(["–", "–", "–", "–"]);
    await page.click("#move");
    await startsWith(page, 1);
    await page.waitForFunction(() => document.querySelector("#cost dd")?.textContent !== "–");
    const [sent = "", received = ""] = frames;
    // A move takes the row away and puts it.
    expect(await figures(page)).toEqual([`${sent.length} bytes`, `${received.length} bytes`, "1", "2"]);
  });

  it("are each tab's own, and no update takes them away", async () => {
    const second = await visitor.open("/rows");
    await page.click("#move");
    await startsWith(second, 1);
    await second.waitForFunction(() => document.querySelector("#cost dd")?.textContent === "0 bytes");
    expect((await figures(second)).slice(2)).toEqual(["1", "2"]);
    expect((await figures(page))[0]).not.toBe("0 bytes");
  });

  it("leave out what changes without the server", async () => {
    await page.click("#move");
    await startsWith(page, 1);
    await page.waitForFunction(() => document.querySelector("#cost dd")?.textContent !== "–");
    const before = await figures(page);
    await page.evaluate(async () => {
      for (const note of document.querySelectorAll(".note")) note.setAttribute("data-extension", "");
      await new Promise((resolve) => setTimeout(resolve, 20));
    });
    expect(await figures(page)).toEqual(before);
  });
});

describe("the list in the session", () => {
  const times = (count: number, update: (list: OrderList, step: number) => OrderList, from = UNTOUCHED) =>
    Array.from({ length: count }, (_, step) => step + 1).reduce(update, from);

  it.each([
    ["new orders", withNewOrder],
    ["changed orders", withChange],
    ["removed orders", without],
    ["moved orders", (list: OrderList, step: number) => withOnTop(list, [step])],
  ])("is full with five hundred %s, and not with one less", (_, update) => {
    const almost = times(499, update);
    expect(isFull(almost)).toBe(false);
    expect(isFull(update(almost, 500))).toBe(true);
  });

  it("does not grow when the same order is changed or moved again, or a new one goes", () => {
    expect(isFull(times(1000, (list) => withChange(list, 7)))).toBe(false);
    expect(isFull(times(1000, (list) => withOnTop(list, [7])))).toBe(false);
    const emptied = times(1000, (list, step) => without(withNewOrder(list), 1000 + step));
    expect(orderIds(emptied)).toEqual(THOUSAND);
    expect(isFull(emptied)).toBe(false);
  });
});
