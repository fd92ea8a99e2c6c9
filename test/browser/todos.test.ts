import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { online, Site, type Visitor } from "../support/site.ts";

// The functionality of TodoMVC's application specification, section by section.

let site: Site;
let visitor: Visitor;
let page: Page;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  page = await visitor.open("/todos");
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

/** Waits until the list shows exactly these titles; a leading `x ` stands for a completed one. */
async function shows(...titles: readonly string[]): Promise<void> {
  await page.waitForFunction((wanted) => {
    const items = Array.from(document.querySelectorAll(".todo-list li"), (item) => {
      const isChecked = item.querySelector<HTMLInputElement>(".toggle")?.checked ?? false;
      // Class and checkbox have to agree.
      if (isChecked !== item.classList.contains("completed")) return "disagreement";
      return `${isChecked ? "x " : ""}${item.querySelector("label")?.textContent}`;
    });
    return JSON.stringify(items) === wanted;
  }, JSON.stringify(titles));
}

async function add(...titles: readonly string[]): Promise<void> {
  for (const title of titles) {
    await page.fill(".new-todo", title);
    await page.press(".new-todo", "Enter");
  }
}

/** The item of that title. */
function item(title: string) {
  return page.locator(".todo-list li", { has: page.locator(`label:text-is(${JSON.stringify(title)})`) });
}

async function edit(title: string) {
  await item(title).locator("label").dblclick();
  const input = page.locator(".todo-list li.editing input.edit");
  await input.waitFor();
  return input;
}

describe("no todos", () => {
  it("hides main and footer", async () => {
    await page.locator(".new-todo").waitFor();
    expect(await page.locator(".main, .todoapp .footer").filter({ visible: true }).count()).toBe(0);
  });
});

describe("a new todo", () => {
  it("is appended by Enter, and the input is emptied and keeps the focus", async () => {
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("new-todo");
    await add("buy milk", "buy tea");
    await shows("buy milk", "buy tea");
    expect(await page.inputValue(".new-todo")).toBe("");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("new-todo");
  });

  it("is trimmed, and not made of white space alone", async () => {
    await add("   ", "  some space  ");
    await shows("some space");
  });

  it("shows markup as text", async () => {
    await add('<img src=x onerror="document.title=1"> & "more"');
    await shows('<img src=x onerror="document.title=1"> & "more"');
  });

  it("keeps up with somebody who types fast", async () => {
    const titles = Array.from({ length: 12 }, (_, index) => `todo ${index}`);
    await add(...titles);
    await shows(...titles);
  });
});

describe("mark all as complete", () => {
  it("brings every todo to the state that it shows itself", async () => {
    await add("one", "two");
    await shows("one", "two");
    await item("one").locator(".toggle").check();
    await shows("x one", "two");
    await page.click('label[for="toggle-all"]');
    await shows("x one", "x two");
    await page.click('label[for="toggle-all"]');
    await shows("one", "two");
  });

  it("is checked when every single todo is, and only then", async () => {
    await add("one", "two");
    await shows("one", "two");
    await item("one").locator(".toggle").check();
    await shows("x one", "two");
    expect(await page.isChecked("#toggle-all")).toBe(false);
    await item("two").locator(".toggle").check();
    await shows("x one", "x two");
    await page.locator("#toggle-all:checked").waitFor({ state: "attached" });
    await item("one").locator(".toggle").uncheck();
    await shows("one", "x two");
    await page.locator("#toggle-all:not(:checked)").waitFor({ state: "attached" });
  });

  it("is cleared after the completed ones are", async () => {
    await add("one");
    await shows("one");
    await page.click('label[for="toggle-all"]');
    await shows("x one");
    await page.click(".clear-completed");
    await shows();
    await add("two");
    await shows("two");
    expect(await page.isChecked("#toggle-all")).toBe(false);
  });
});

describe("an item", () => {
  it("is destroyed by the button that shows when the pointer is over it", async () => {
    await add("one", "two");
    await shows("one", "two");
    const button = item("one").locator(".destroy");
    await page.locator(".new-todo").hover();
    expect(await button.isVisible()).toBe(false);
    await item("one").hover();
    await button.click();
    await shows("two");
  });
});

describe("editing", () => {
  beforeEach(async () => {
    await add("one", "two");
    await shows("one", "two");
  });

  it("hides the other controls and brings forward the focused input with the title", async () => {
    const input = await edit("two");
    expect(await input.inputValue()).toBe("two");
    expect(await input.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await page.locator("li.editing .view").isVisible()).toBe(false);
  });

  it("is saved, trimmed, by Enter", async () => {
    const input = await edit("two");
    await input.fill("  changed  ");
    await input.press("Enter");
    await shows("one", "changed");
    expect(await page.locator("li.editing").count()).toBe(0);
  });

  it("is saved by leaving the input", async () => {
    const input = await edit("one");
    await input.fill("left");
    await page.focus(".new-todo");
    await shows("left", "two");
    await page.locator("li.editing").waitFor({ state: "detached" });
  });

  it("is sent once, although the input that goes after Enter is left too", async () => {
    const calls: string[] = [];
    const watched = await visitor.context.newPage();
    watched.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => {
        if (String(payload).includes("Todos#save")) calls.push(String(payload));
      });
    });
    await watched.goto("/todos");
    await online(watched);
    page = watched;
    const input = await edit("one");
    await input.fill("saved once");
    await input.press("Enter");
    await shows("saved once", "two");
    await page.locator("li.editing").waitFor({ state: "detached" });
    expect(calls).toHaveLength(1);
  });

  it("destroys a todo whose title is emptied", async () => {
    const input = await edit("one");
    await input.fill("   ");
    await input.press("Enter");
    await shows("two");
  });

  it("is left by Escape, with the title as it was, also when it is edited again", async () => {
    const input = await edit("one");
    await input.fill("discarded");
    await input.press("Escape");
    await page.locator("li.editing").waitFor({ state: "detached" });
    await shows("one", "two");
    expect(await (await edit("one")).inputValue()).toBe("one");
  });

  it("is not persisted", async () => {
    await edit("one");
    await page.reload();
    await shows("one", "two");
    expect(await page.locator("li.editing").count()).toBe(0);
  });
});

describe("the counter", () => {
  it("tells the active ones, the number in <strong>, the noun in its right form", async () => {
    const counted = async (text: string, number: string) => {
      await page.waitForFunction(
        (text) => document.querySelector(".todo-count")?.textContent?.replace(/\s+/g, " ").trim() === text,
        text,
      );
      expect(await page.textContent(".todo-count strong")).toBe(number);
    };
    await add("one");
    await counted("1 item left", "1");
    await add("two");
    await counted("2 items left", "2");
    await page.click('label[for="toggle-all"]');
    await counted("0 items left", "0");
  });
});

describe("clear completed", () => {
  it("removes the completed ones, and is hidden when there are none", async () => {
    await add("one", "two", "three");
    await shows("one", "two", "three");
    expect(await page.locator(".clear-completed").filter({ visible: true }).count()).toBe(0);
    await item("two").locator(".toggle").check();
    await page.click(".clear-completed");
    await shows("one", "three");
    expect(await page.locator(".clear-completed").filter({ visible: true }).count()).toBe(0);
  });
});

describe("persistence", () => {
  it("keeps the list over a reload and an eviction, each visitor their own", async () => {
    await add("one", "two");
    await shows("one", "two");
    await item("two").locator(".toggle").check();
    await shows("one", "x two");
    await site.evict();
    await page.reload();
    await shows("one", "x two");
    const other = await site.visitor();
    expect(await (await other.open("/todos")).locator(".todo-list li").count()).toBe(0);
    await other.context.close();
  });

  it("does not let a visitor reach another's todo by its id", async () => {
    await add("mine");
    await shows("mine");
    const id = await item("mine").locator(".toggle").getAttribute("data-id");
    const other = await site.visitor();
    const theirs = await other.open("/todos");
    await theirs.evaluate(`(async () => {
      const { stimulate } = await import("/_reflex/client.js");
      const element = document.createElement("b");
      element.dataset.id = ${JSON.stringify(id)};
      await stimulate("Todos#destroy", element);
    })()`);
    await other.context.close();
    await page.reload();
    await shows("mine");
  });
});

describe("routing", () => {
  beforeEach(async () => {
    await add("one", "two");
    await shows("one", "two");
    await item("two").locator(".toggle").check();
    await shows("one", "x two");
  });

  it("filters by route, marks the link, and keeps the filter over a reload", async () => {
    const selected = async () =>
      (await page.locator(".filters a.selected").allTextContents()).map((text) => text.trim());
    expect(await selected()).toEqual(["All"]);
    await page.click('.filters a:text-is("Active")');
    await shows("one");
    expect(await selected()).toEqual(["Active"]);
    await page.reload();
    await shows("one");
    await page.click('.filters a:text-is("Completed")');
    await shows("x two");
    expect(await selected()).toEqual(["Completed"]);
    await page.click('.filters a:text-is("All")');
    await shows("one", "x two");
    await page.goBack();
    await shows("x two");
  });

  it("hides an item that leaves the filter by changing", async () => {
    await page.click('.filters a:text-is("Active")');
    await online(page);
    // Not by check(), which looks at the checkbox again: it may be gone by then.
    await item("one").locator(".toggle").click();
    await shows();
    expect(await page.locator(".main").count()).toBe(1);
  });

  it("understands the hash routes of the original", async () => {
    await page.goto("/todos#/completed");
    await shows("x two");
    expect(new URL(page.url()).pathname).toBe("/todos/completed");
  });
});
