import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Operation } from "../../src/protocol/operations.ts";
import { Line } from "../support/line.ts";
import { online, Site, shows, touched, type Visitor } from "../support/site.ts";

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
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

async function open(path: string): Promise<void> {
  await page.goto(path);
  await online(page);
  await touched(page);
}

/** A page with fields for the focus to go between. */
async function openFields(): Promise<void> {
  await open("/operations");
  await page.locator("#stage").evaluate((stage) => {
    stage.innerHTML = '<input id="first"><input id="second"><input id="third">';
  });
}

/** Makes a call, and waits until it is on its way. */
async function call(target: string, ...args: readonly unknown[]): Promise<void> {
  await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) => {
    stimulate(${JSON.stringify(target)}, ...${JSON.stringify(args)});
  })`);
}

/** Resolves when no call of the page is unanswered. */
async function settled(): Promise<void> {
  await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
}

const focused = () => page.evaluate(() => document.activeElement?.id);
const focus = (id: string): Operation => ({ operation: "setFocus", selector: `#${id}` });

describe("an answer that comes late", () => {
  it.each<[string, readonly Operation[]]>([
    ["an operation", [focus("third")]],
    ["an operation that is delayed", [{ ...focus("third"), delay: 1 }]],
    [
      "an operation that has changed something",
      [{ operation: "append", selector: "#aside", html: "<i>new</i>", focusSelector: "#third" }],
    ],
    ["several", [focus("third"), { operation: "remove", selector: "#ticks", focusSelector: "#first" }]],
  ])("takes the focus from no field that the visitor has gone to meanwhile, by %s", async (_, operations) => {
    await openFields();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#perform", [...operations, { operation: "setTitle", title: "done", delay: 2 }]);
    await page.focus("#second");
    await page.keyboard.type("half a");
    await line.releaseOne();
    await page.waitForFunction(() => document.title === "done");
    await page.keyboard.type(" word");
    expect([await focused(), await page.inputValue("#second")]).toEqual(["second", "half a word"]);
  });

  it("takes it from none by what comes with autofocus", async () => {
    await open("/morph");
    await call("Probe#tick");
    await shows(page, "#ticks", "1");
    await page.focus("#text");
    await line.hold();
    await call("Probe#tick");
    await page.focus("#area");
    await page.keyboard.type("half a");
    await line.releaseOne();
    await page.locator("#late").waitFor();
    await page.keyboard.type(" word");
    expect([await focused(), await page.inputValue("#area")]).toEqual(["area", "half a word"]);
  });

  it("takes it from none by what its action broadcasts while it works", async () => {
    await openFields();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#tell", [focus("third"), { operation: "setTitle", title: "told" }]);
    await page.focus("#second");
    await line.release();
    await page.waitForFunction(() => document.title === "told");
    expect(await focused()).toBe("second");
  });

  it("takes it from none that the visitor has come back to where an earlier answer had put them", async () => {
    await openFields();
    await page.focus("#first");
    await call("Cabled#perform", [focus("second")]);
    await page.locator("#second:focus").waitFor();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#perform", [focus("third")]);
    await page.focus("#second");
    await line.release();
    await settled();
    expect(await focused()).toBe("second");
  });
});

describe("the focus", () => {
  it("is given to a visitor who has stayed where they called, by each operation in its turn", async () => {
    await openFields();
    await page.focus("#first");
    const append = { operation: "append", selector: "#aside", html: "<i>new</i>", focusSelector: "#third" };
    await call("Cabled#perform", [focus("second"), append]);
    await page.locator("#third:focus").waitFor();
  });

  it("is given to a visitor who has gone to what is there no more", async () => {
    await openFields();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#perform", [focus("third")]);
    await page.focus("#second");
    await page.locator("#second").evaluate((field) => field.remove());
    await line.release();
    await page.locator("#third:focus").waitFor();
  });

  it("is given by each answer of calls that were made before the first came", async () => {
    await openFields();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#perform", [focus("second")]);
    await call("Cabled#perform", [focus("third")]);
    await line.releaseOne();
    await page.locator("#second:focus").waitFor();
    await line.release();
    await page.locator("#third:focus").waitFor();
  });

  it("is given where the visitor pressed what makes the call while it is pressed, which focuses it", async () => {
    await openFields();
    await page.focus("#first");
    await page.locator("#aside").evaluate(
      (aside, operations) => {
        const button = document.createElement("button");
        button.id = "pressed";
        button.dataset.reflex = `mousedown->Cabled#perform(${operations})`;
        aside.append(button);
      },
      JSON.stringify([focus("third")]),
    );
    await line.hold();
    await page.click("#pressed");
    expect(await focused()).toBe("pressed");
    await line.release();
    await page.locator("#third:focus").waitFor();
  });

  it("is given by what comes of no call that is unanswered", async () => {
    await openFields();
    await page.focus("#first");
    await line.hold();
    await call("Cabled#remind", [focus("third")]);
    await line.releaseOne();
    await settled();
    await page.focus("#second");
    await line.release();
    await page.locator("#third:focus").waitFor();
  });
});
