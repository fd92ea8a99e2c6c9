import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { OPERATIONS, type Operation } from "../../src/protocol/operations.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;

const NAMES = Object.keys(OPERATIONS);
const kebab = (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

/** A page that notes the events of operations, in order. */
async function openPage(): Promise<void> {
  visitor = await site.visitor();
  page = await visitor.open("/operations");
  await page.evaluate(
    (names) => {
      const log: string[] = [];
      Reflect.set(window, "log", log);
      const nameOf = (target: EventTarget | null) => {
        if (target === document) return "document";
        if (!(target instanceof Element)) return "window";
        return target.id === "" ? target.localName : `#${target.id}`;
      };
      const types = ["batch-complete", "missing-element"];
      for (const name of names) types.push(`before-${name}`, `after-${name}`);
      // On its way in, so that what bubbles to the window is not told from what is the window's by the phase.
      for (const type of types)
        window.addEventListener(
          `cable-ready:${type}`,
          ({ target }) => log.push(`${type} ${nameOf(target)}`),
          true,
        );
    },
    [...NAMES.map(kebab), "shake"],
  );
}

/** Every test of the group has a page of its own. */
function withOwnPages(): void {
  beforeEach(async () => {
    await openPage();
    return () => visitor.context.close();
  });
}

/** The tests of the group share a page, with an empty stage and log for each. */
function withOnePage(): void {
  beforeAll(async () => {
    await openPage();
    return () => visitor.context.close();
  });
  beforeEach(async () => {
    visitor.complaints.length = 0;
    await set("");
    await page.evaluate(() => Reflect.get(window, "log").splice(0));
  });
}

/** Carries operations out as a page's script does. `"done"`, or the message of what it throws. */
async function perform(operations: readonly Operation[], options = {}): Promise<string> {
  return await page.evaluate(`import("/_reflex/operations.js").then(({ performAsync }) =>
    performAsync(${JSON.stringify(operations)}, ${JSON.stringify(options)}).then(() => "done", (error) => error.message))`);
}

/** The same without waiting for what is delayed. */
async function performNow(operations: readonly Operation[]): Promise<void> {
  await page.evaluate(
    `import("/_reflex/operations.js").then(({ perform }) => perform(${JSON.stringify(operations)}))`,
  );
}

async function call(target: string, ...args: readonly unknown[]): Promise<string> {
  return await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate(${JSON.stringify(target)}, ...${JSON.stringify(args)}).then(({ outcome }) => outcome, (error) => error.code))`);
}

async function set(html: string): Promise<void> {
  await page.locator("#stage").evaluate((stage, html) => {
    stage.innerHTML = html;
  }, html);
}

const stage = () => page.innerHTML("#stage");
const log = async (): Promise<string[]> => await page.evaluate(() => Reflect.get(window, "log"));

/** Runs something in the page; `#a` is `a`. */
async function inPage<Result>(code: string): Promise<Result> {
  return await page.evaluate(`(() => { const a = document.querySelector("#a"); return ${code}; })()`);
}

const A = '<p id="a">old</p>';
type Options = Readonly<Record<string, unknown>>;

describe("an operation on an element", () => {
  withOnePage();

  it.each<[string, Options, string, string]>([
    ["append", { html: "<b>1</b>" }, A, '<p id="a">old<b>1</b></p>'],
    ["prepend", { html: "<b>1</b>" }, A, '<p id="a"><b>1</b>old</p>'],
    ["insertAdjacentHtml", { html: "<b>1</b>" }, A, '<p id="a">old<b>1</b></p>'],
    ["insertAdjacentHtml", { html: "<b>1</b>", position: "beforebegin" }, A, '<b>1</b><p id="a">old</p>'],
    ["insertAdjacentHtml", { html: "<b>1</b>", position: "afterbegin" }, A, '<p id="a"><b>1</b>old</p>'],
    ["insertAdjacentHtml", { html: "<b>1</b>", position: "afterend" }, A, '<p id="a">old</p><b>1</b>'],
    ["insertAdjacentText", { text: "<1>" }, A, '<p id="a">old&lt;1&gt;</p>'],
    ["insertAdjacentText", { text: "1", position: "beforebegin" }, A, '1<p id="a">old</p>'],
    ["insertAdjacentText", { text: "1", position: "afterbegin" }, A, '<p id="a">1old</p>'],
    ["insertAdjacentText", { text: "1", position: "afterend" }, A, '<p id="a">old</p>1'],
    ["innerHtml", { html: "<b>1</b>" }, A, '<p id="a"><b>1</b></p>'],
    ["outerHtml", { html: "<b>1</b>" }, A, "<b>1</b>"],
    ["replace", { html: "<b>1</b>" }, A, "<b>1</b>"],
    ["textContent", { text: "<1>" }, A, '<p id="a">&lt;1&gt;</p>'],
    ["remove", {}, A, ""],
    ["graft", { parent: "#to" }, `${A}<div id="to"><i></i></div>`, `<div id="to"><i></i>${A}</div>`],
    ["graft", { parent: "#nowhere" }, A, A],
    ["morph", { html: '<p id="a" title="t">new</p>' }, A, '<p id="a" title="t">new</p>'],
    ["morph", { html: '<div id="b">new</div>' }, A, '<div id="b">new</div>'],
    [
      "morph",
      { html: "<b>1</b>", childrenOnly: true },
      '<p id="a" class="c">old</p>',
      '<p id="a" class="c"><b>1</b></p>',
    ],
    ["addCssClass", { name: "b" }, '<p id="a" class="c"></p>', '<p id="a" class="c b"></p>'],
    ["addCssClass", { name: ["b", "d e"] }, '<p id="a"></p>', '<p id="a" class="b d e"></p>'],
    ["removeCssClass", { name: ["b"] }, '<p id="a" class="b c"></p>', '<p id="a" class="c"></p>'],
    ["removeCssClass", { name: "b c" }, '<p id="a" class="b c"></p>', '<p id="a"></p>'],
    ["setAttribute", { name: "title", value: "<t>" }, '<p id="a"></p>', '<p id="a" title="&lt;t&gt;"></p>'],
    ["setAttribute", { name: "hidden", value: null }, '<p id="a"></p>', '<p id="a" hidden=""></p>'],
    ["removeAttribute", { name: "title" }, '<p id="a" title="t"></p>', '<p id="a"></p>'],
    ["setDatasetProperty", { name: "rowId", value: 7 }, '<p id="a"></p>', '<p id="a" data-row-id="7"></p>'],
    ["setProperty", { name: "hidden", value: true }, '<p id="a"></p>', '<p id="a" hidden=""></p>'],
    ["setProperty", { name: "nothingOfThatName", value: true }, A, A],
    ["setStyle", { name: "color", value: "red" }, '<p id="a"></p>', '<p id="a" style="color: red;"></p>'],
    ["setStyle", { name: "--gap", value: "1px" }, '<p id="a"></p>', '<p id="a" style="--gap: 1px;"></p>'],
    [
      "setStyles",
      { styles: { backgroundColor: "red", "border-width": "1px", color: null } },
      '<p id="a" style="color: red;"></p>',
      '<p id="a" style="background-color: red; border-width: 1px;"></p>',
    ],
  ])("does what it says: %s %o", async (operation, options, before, after) => {
    await set(before);
    expect(await perform([{ operation, selector: "#a", ...options }])).toBe("done");
    expect(await stage()).toBe(after);
    expect(await log()).toEqual([
      `before-${kebab(operation)} #a`,
      expect.stringMatching(`^after-${kebab(operation)} (#a|b|#b|document)$`),
    ]);
    expect(visitor.complaints).toEqual([]);
  });

  it.each([
    ["outerHtml", "<b>1</b>", "b"],
    ["replace", '<b id="b"></b>', "#b"],
    ["morph", '<b id="b"></b>', "#b"],
    ["morph", '<p id="a"></p>', "#a"],
    ["replace", "", "#next"],
    ["remove", "", "document"],
  ])("tells what is in its place that it is done: %s %s", async (operation, html, end) => {
    await set(`${A}<p id="next"></p>`);
    await perform([{ operation, selector: "#a", html }]);
    expect((await log())[1]).toBe(`after-${kebab(operation)} ${end}`);
  });

  it("sets values, the focus and the place that is shown", async () => {
    await set('<input id="a" value="old"><div style="height: 5000px"></div><p id="far">far</p>');
    await perform([
      { operation: "setValue", selector: "#a", value: 7 },
      { operation: "setFocus", selector: "#a" },
      { operation: "scrollIntoView", selector: "#far", block: "end", behavior: "instant" },
    ]);
    expect(await page.inputValue("#a")).toBe("7");
    expect(await inPage("document.activeElement.id")).toBe("a");
    expect(await page.evaluate(() => scrollY > 1000)).toBe(true);
  });

  it("dispatches an event to an element, and to the document without one, with its detail", async () => {
    await set(A);
    await page.evaluate(() => {
      const seen: unknown[] = [];
      Reflect.set(window, "seen", seen);
      addEventListener("shake", (event) => {
        const { target, bubbles, cancelable } = event;
        const where = target instanceof Element ? target.id : "document";
        seen.push([where, bubbles, cancelable, (event as CustomEvent).detail]);
      });
    });
    await perform([
      { operation: "dispatchEvent", selector: "#a", name: "shake", detail: { by: 7 } },
      { operation: "dispatchEvent", name: "shake" },
    ]);
    expect(await page.evaluate(() => Reflect.get(window, "seen"))).toEqual([
      ["a", true, true, { by: 7 }],
      ["document", true, true, {}],
    ]);
    expect(await log()).toEqual([
      "before-dispatch-event #a",
      "after-dispatch-event #a",
      "before-dispatch-event document",
      "after-dispatch-event document",
    ]);
  });

  it("morphs without touching what is permanent, by its own word for it too, and what is being typed", async () => {
    await set(
      `<div id="a"><input id="in" value="old"><b data-reflex-permanent id="p">mine</b><u data-keep id="k">kept</u><s id="s">old</s></div>`,
    );
    await page.fill("#in", "typing");
    const wanted =
      '<div id="a" class="new"><input id="in" value="new"><b id="p">no</b><u id="k">no</u><s id="s">new</s></div>';
    await perform([
      { operation: "morph", selector: "#a", html: wanted, permanentAttributeName: "data-keep" },
    ]);
    expect(await page.getAttribute("#a", "class")).toBe("new");
    expect(await page.locator("#p, #k, #s").allTextContents()).toEqual(["mine", "kept", "new"]);
    expect(await page.locator("[data-reflex-permanent]").count()).toBe(1);
    expect([await page.inputValue("#in"), await inPage("document.activeElement.id")]).toEqual([
      "typing",
      "in",
    ]);
    await perform([{ operation: "morph", selector: "#p", html: "<b>no</b>" }]);
    expect(await page.textContent("#p")).toBe("mine");
  });

  it("morphs a control itself, keeping what is typed unless the server's word on it has changed", async () => {
    await set('<input id="a" value="old">');
    await page.fill("#a", "typed");
    await page.locator("#a").blur();
    await perform([{ operation: "morph", selector: "#a", html: '<input id="a" value="old" class="b">' }]);
    expect([await page.inputValue("#a"), await page.getAttribute("#a", "class")]).toEqual(["typed", "b"]);
    await perform([{ operation: "morph", selector: "#a", html: '<input id="a" value="new">' }]);
    expect(await page.inputValue("#a")).toBe("new");
  });

  it.each([
    "append",
    "innerHtml",
    "insertAdjacentText",
    "textContent",
    "outerHtml",
    "graft",
    "remove",
    "morph",
  ])("gives the focus where it is told, and else back to who had it: %s", async (operation) => {
    const html = '<p id="a">old</p><p id="other"></p><input id="first"><input id="second">';
    const options = { html: '<p id="a">new</p>', text: "new", parent: "#other" };
    await set(html);
    await page.focus("#first");
    await perform([{ operation, selector: "#a", ...options, focusSelector: "#second" }]);
    expect(await inPage("document.activeElement.id")).toBe("second");
    await set(html.replace("old", '<input id="inner">'));
    await page.focus("#first");
    await perform([{ operation, selector: "#a", ...options }]);
    expect(await inPage("document.activeElement.id")).toBe("first");
  });

  it("gives the focus back to what it has moved", async () => {
    await set('<p id="a"><input id="in"></p><div id="to"></div>');
    await page.focus("#in");
    await perform([{ operation: "graft", selector: "#a", parent: "#to" }]);
    expect(await inPage("document.activeElement.id")).toBe("in");
  });
});

describe("what an operation acts on", () => {
  withOwnPages();

  const LIST = '<ul><li class="x">1</li><li>2</li><li class="x">3</li></ul>';

  it("is the first element that matches, or each, with events for each", async () => {
    await set(LIST);
    await perform([
      { operation: "addCssClass", selector: "li", name: "first" },
      { operation: "insertAdjacentText", selector: "li.x", text: "!", selectAll: true },
    ]);
    expect(await stage()).toBe('<ul><li class="x first">1!</li><li>2</li><li class="x">3!</li></ul>');
    expect((await log()).slice(2)).toEqual([
      "before-insert-adjacent-text li",
      "after-insert-adjacent-text li",
      "before-insert-adjacent-text li",
      "after-insert-adjacent-text li",
    ]);
  });

  it("may be named by an XPath", async () => {
    await set(LIST);
    await perform([
      { operation: "textContent", selector: "//div[@id='stage']//li[2]", xpath: true, text: "b" },
      { operation: "addCssClass", selector: "//li[@class]", xpath: true, selectAll: true, name: "y" },
    ]);
    expect(await stage()).toBe('<ul><li class="x y">1</li><li>b</li><li class="x y">3</li></ul>');
  });

  it("is in the detail of its events, which is the operation itself, with whatever else it says", async () => {
    await set(A);
    await page.evaluate(() => {
      document.addEventListener("cable-ready:before-append", (event) => {
        const { detail } = event as CustomEvent;
        Reflect.set(window, "detail", [
          { ...detail, element: detail.element.id },
          event.bubbles,
          event.cancelable,
        ]);
        detail.html = "<b>changed</b>";
      });
    });
    await perform([{ operation: "append", selector: "#a", html: "<b>1</b>", note: { by: 7 } }]);
    const seen = { operation: "append", selector: "#a", html: "<b>1</b>", note: { by: 7 }, element: "a" };
    expect(await page.evaluate(() => Reflect.get(window, "detail"))).toEqual([seen, true, true]);
    expect(await stage()).toBe('<p id="a">old<b>changed</b></p>');
  });

  it.each([
    ["warn", 1, []],
    ["ignore", 0, []],
    ["event", 0, ["missing-element document"]],
    ["exception", 0, []],
  ])(
    "is missed as the page wants it, and no other operation with it: %s",
    async (policy, warnings, events) => {
      await set(A);
      const end = await perform(
        [
          { operation: "remove", selector: "#nobody" },
          { operation: "textContent", selector: "#a", text: "new" },
        ],
        { onMissingElement: policy },
      );
      const message = 'The operation remove has no element: nothing matches "#nobody"';
      expect(end).toBe(policy === "exception" ? message : "done");
      expect(await stage()).toBe('<p id="a">new</p>');
      expect(visitor.complaints.filter((complaint) => complaint.includes(message))).toHaveLength(warnings);
      expect((await log()).filter((event) => event.includes("missing"))).toEqual(events);
    },
  );

  it("is missed so for a selector that is none, and for none, and by what the page has said once", async () => {
    await set(A);
    await page.evaluate(
      `import("/_reflex/operations.js").then(({ configure }) => configure({ onMissingElement: "event" }))`,
    );
    await perform([
      { operation: "remove", selector: "#a[" },
      { operation: "remove", selector: "//[", xpath: true },
      { operation: "remove" },
      { operation: "remove", selector: "#a" },
    ]);
    expect(await stage()).toBe("");
    expect((await log()).slice(0, 4)).toEqual([
      ...Array(3).fill("missing-element document"),
      "before-remove #a",
    ]);
    expect(visitor.complaints).toEqual([]);
  });
});

describe("the options of every operation", () => {
  withOwnPages();

  it("cancel it, from the server or by a listener; the event behind it is sent all the same", async () => {
    await set(`${A}<p id="b">old</p><p id="c">old</p>`);
    await page.evaluate(() => {
      document.addEventListener("cable-ready:before-remove", (event) => {
        const { detail, target } = event as CustomEvent;
        if (target instanceof Element && target.id === "b") detail.cancel = true;
        if (target instanceof Element && target.id === "c") event.preventDefault();
      });
    });
    await perform([
      { operation: "textContent", selector: "#a", text: "new", cancel: true },
      { operation: "remove", selector: "#stage p", selectAll: true },
    ]);
    expect(await stage()).toBe('<p id="b">old</p><p id="c">old</p>');
    expect(await log()).toEqual([
      "before-text-content #a",
      "after-text-content #a",
      "before-remove #a",
      "after-remove document",
      "before-remove #b",
      "after-remove #b",
      "before-remove #c",
      "after-remove #c",
    ]);
  });

  it("delay its effect, and the event behind it with that", async () => {
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await set(A);
    await performNow([
      { operation: "textContent", selector: "#a", text: "later", delay: 1_000 },
      { operation: "setTitle", title: "at once" },
    ]);
    const before = ["before-text-content #a", "before-set-title document", "after-set-title document"];
    expect([await stage(), await page.title(), await log()]).toEqual([A, "at once", before]);
    await page.clock.runFor(1_000);
    await shows(page, "#a", "later");
    expect(await log()).toEqual([...before, "after-text-content #a"]);
  });

  it("tell when the last of a batch is over: delayed, missed or failed ones included", async () => {
    await set(A);
    await perform([
      { operation: "setTitle", title: "one", batch: "b" },
      { operation: "setTitle", title: "two", batch: true },
      { operation: "remove", selector: "#nobody", batch: "b" },
      { operation: "graft", selector: "#stage", parent: "#a", batch: "b" },
      { operation: "textContent", selector: "#a", text: "new", batch: "b", delay: 5 },
    ]);
    const batches = (await log()).filter((event) => /batch|after-text/.test(event));
    expect(batches).toEqual(["batch-complete document", "after-text-content #a", "batch-complete document"]);
  });

  it("may be null or of another type: what is no text is empty, with a warning", async () => {
    await set(A);
    await perform([
      { operation: "textContent", selector: "#a", text: null },
      { operation: "append", selector: "#a", html: 7 },
      { operation: "append", selector: "#a", html: { b: 1 } },
      { operation: "append", selector: "#a" },
    ]);
    expect(await stage()).toBe('<p id="a">7</p>');
    expect(visitor.complaints).toHaveLength(1);
    expect(visitor.complaints[0]).toContain("the html of append is not text");
  });
});

describe("operations that are carried out together", () => {
  withOnePage();

  it("are carried out in the order in which they were written", async () => {
    await set(A);
    await perform([
      { operation: "append", selector: "#a", html: '<i id="i"></i>' },
      { operation: "textContent", selector: "#i", text: "1" },
      { operation: "remove", selector: "#a" },
      { operation: "append", selector: "#stage", html: "2" },
    ]);
    expect(await stage()).toBe("2");
  });

  it("are over, for who waits for them, when what was delayed is done, too", async () => {
    await set(A);
    await perform([
      { operation: "textContent", selector: "#a", text: "late", delay: 20 },
      { operation: "insertAdjacentText", selector: "#a", text: ", early" },
    ]);
    expect(await stage()).toBe('<p id="a">late</p>');
    expect((await log()).at(-1)).toBe("after-text-content #a");
  });

  it("go on behind one that fails, or that nobody knows, and it is told on the console", async () => {
    await set(A);
    await perform([
      { operation: "insertAdjacentHtml", selector: "#a", html: "1", position: "inside" },
      { operation: "playSound", src: "1" },
      { operation: "textContent", selector: "#a", text: "new" },
    ]);
    expect(await stage()).toBe('<p id="a">new</p>');
    expect(visitor.complaints.join()).toContain("the operation insertAdjacentHtml failed");
    expect(visitor.complaints.join()).toContain("no operation is called playSound");
  });
});

describe("an operation of the application's own", () => {
  withOwnPages();

  it("is given itself and its element, with events, delay and cancelling like all others", async () => {
    await set(`${A}<p id="b"></p>`);
    await page.evaluate(`import("/_reflex/operations.js").then(({ addOperation, addOperations }) => {
      addOperation("shake", ({ by }, element) => { element.title = by; });
      addOperations({ setTitle: ({ title }, element) => { document.title = (element === document) + title; } });
    })`);
    await perform([
      { operation: "shake", selector: "#stage p", selectAll: true, by: 7, delay: 1 },
      { operation: "setTitle", title: " mine" },
    ]);
    expect(await stage()).toBe('<p id="a" title="7">old</p><p id="b" title="7"></p>');
    expect(await page.title()).toBe("true mine");
    expect(await log()).toContain("after-shake #b");
  });

  it("is refused when it is no function", async () => {
    const message = await page.evaluate(
      `import("/_reflex/operations.js").then(({ addOperation }) => { try { addOperation("a", 7); } catch (error) { return error.message; } })`,
    );
    expect(message).toBe('addOperation("a") got 7; expected a function');
  });
});

describe("an operation on the document", () => {
  withOnePage();

  it("sets the title, and adds and changes meta elements", async () => {
    await perform([
      { operation: "setTitle", title: "<new>" },
      { operation: "setMeta", name: "theme-color", content: "red" },
      { operation: "setMeta", name: "theme-color", content: "blue" },
    ]);
    expect(await page.title()).toBe("<new>");
    const metas = page.locator('meta[name="theme-color"]');
    expect([await metas.count(), await metas.getAttribute("content")]).toEqual([1, "blue"]);
    expect(await log()).toContain("after-set-meta document");
  });

  it("sets cookies, and sets, removes and clears what is stored", async () => {
    await perform([
      { operation: "setCookie", cookie: "theme=dark" },
      { operation: "setStorageItem", key: "a", value: 1 },
      { operation: "setStorageItem", key: "b", value: 2 },
      { operation: "removeStorageItem", key: "a" },
      { operation: "setStorageItem", key: "c", value: 3, type: "session" },
    ]);
    expect(await page.evaluate(() => document.cookie)).toContain("theme=dark");
    expect(await page.evaluate(() => [localStorage.getItem("a"), localStorage.getItem("b")])).toEqual([
      null,
      "2",
    ]);
    expect(await page.evaluate(() => sessionStorage.getItem("c"))).toBe("3");
    await perform([{ operation: "clearStorage" }, { operation: "clearStorage", type: "session" }]);
    expect(await page.evaluate(() => [localStorage.length, sessionStorage.length])).toEqual([0, 0]);
  });

  it("writes to the console, at its level, and as a table", async () => {
    const lines: string[] = [];
    page.on("console", (message) => lines.push(`${message.type()} ${message.text()}`));
    await perform([
      { operation: "consoleLog", message: "1" },
      { operation: "consoleLog", message: "2", level: "warn" },
      { operation: "consoleLog", message: "3", level: "info" },
      { operation: "consoleLog", message: "4", level: "error" },
      { operation: "consoleLog", message: "5", level: "clear" },
      { operation: "consoleTable", data: [{ a: 1, b: 2 }], columns: ["a"] },
      { operation: "consoleTable", data: [{ a: 1, b: 2 }] },
    ]);
    expect(lines.slice(0, 5)).toEqual(["log 1", "warning 2", "info 3", "error 4", "log 5"]);
    expect(lines.slice(5).every((line) => line.startsWith("table"))).toBe(true);
    expect(lines).toHaveLength(7);
  });

  it("notifies whoever allows it, and tells whether they did", async () => {
    await page.evaluate(() => {
      const shown: unknown[] = [];
      class Notifier {
        static permission = "granted";
        static requestPermission = async () => Notifier.permission;
        constructor(...args: unknown[]) {
          shown.push(args);
        }
      }
      Reflect.set(window, "Notification", Notifier);
      Reflect.set(window, "shown", shown);
      document.addEventListener("cable-ready:after-notification", (event) => {
        shown.push((event as CustomEvent).detail.permission);
        Notifier.permission = "denied";
      });
    });
    const operation = { operation: "notification", title: "hello", options: { body: "b" } };
    await perform([operation]);
    await perform([operation]);
    expect(await page.evaluate(() => Reflect.get(window, "shown"))).toEqual([
      ["hello", { body: "b" }],
      "granted",
      "denied",
    ]);
  });

  it("has texts said by a live region of their politeness, in order, also the same one twice", async () => {
    await perform([
      { operation: "announce", text: "3 found" },
      { operation: "announce", text: "<saved>", politeness: "assertive" },
    ]);
    await perform([{ operation: "announce", text: "3 found" }]);
    expect(await page.locator('[aria-live="polite"] p').allTextContents()).toEqual(["3 found", "3 found"]);
    expect(await page.locator('[aria-live="assertive"]').textContent()).toBe("<saved>");
    for (let time = 0; time < 9; time += 1) await perform([{ operation: "announce", text: `${time}` }]);
    const said = await page.locator('[aria-live="polite"] p').allTextContents();
    expect(said).toEqual(["4", "5", "6", "7", "8"]);
    const isSeen = await page.locator('[aria-live="polite"]').evaluate((region) => {
      const { left, top } = region.getBoundingClientRect();
      return document.elementFromPoint(left + 1, top + 1)?.closest("[aria-live]") === region;
    });
    expect(isSeen).toBe(false);
    expect(await call("Probe#tick")).toBe("done");
    expect(await page.locator("[aria-live]").count()).toBe(2);
  });

  it("has texts that come at once said in their order, while there is no region for them yet", async () => {
    await page.evaluate(() => document.querySelector('[aria-live="polite"]')?.remove());
    await perform(["one", "two", "three"].map((text) => ({ operation: "announce", text })));
    expect(await page.locator('[aria-live="polite"] p').allTextContents()).toEqual(["one", "two", "three"]);
  });
});

describe("an operation on the window", () => {
  withOwnPages();

  it("adds to the history and replaces its latest entry, and goes through it", async () => {
    await perform([
      { operation: "pushState", url: "/operations?page=2", title: "two", state: { page: 2 } },
      { operation: "replaceState", url: "/operations?page=3" },
    ]);
    expect(page.url()).toContain("?page=3");
    expect(await page.evaluate(() => [history.state, history.length])).toEqual([{}, 3]);
    expect(await log()).toEqual([
      "before-push-state window",
      "after-push-state window",
      "before-replace-state window",
      "after-replace-state window",
    ]);
    await perform([{ operation: "go", delta: -1 }]);
    await page.waitForURL((url) => url.search === "");
  });

  it("leaves for another address, with or without an entry in the history", async () => {
    await perform([{ operation: "redirectTo", url: "/elsewhere" }]).catch(() => {});
    await page.locator("#elsewhere").waitFor();
    const before = await page.evaluate(() => history.length);
    await online(page);
    await perform([{ operation: "redirectTo", url: "/operations", action: "replace" }]).catch(() => {});
    await page.locator("#stage").waitFor({ state: "attached" });
    expect(await page.evaluate(() => history.length)).toBe(before);
  });

  it("leaves by Turbo Drive where there is one and it is wanted, and never for an address that runs", async () => {
    await page.evaluate(() => {
      const visits: unknown[] = [];
      Reflect.set(window, "visits", visits);
      Reflect.set(window, "Turbo", { visit: (...args: unknown[]) => visits.push(args) });
    });
    await perform([
      { operation: "redirectTo", url: "/elsewhere" },
      { operation: "redirectTo", url: "/elsewhere", action: "replace" },
      { operation: "redirectTo", url: "javascript:window.ran=1", turbo: false },
    ]);
    const href = `${new URL(page.url()).origin}/elsewhere`;
    expect(await page.evaluate(() => Reflect.get(window, "visits"))).toEqual([
      [href, { action: "advance" }],
      [href, { action: "replace" }],
    ]);
    expect(await page.evaluate(() => Reflect.get(window, "ran"))).toBeUndefined();
    await perform([{ operation: "redirectTo", url: "/elsewhere", turbo: false }]).catch(() => {});
    await page.locator("#elsewhere").waitFor();
  });

  it("loads the page again", async () => {
    await page.evaluate(() => Reflect.set(window, "mark", 1));
    await performNow([{ operation: "reload", delay: 10 }]);
    await page.waitForFunction(() => Reflect.get(window, "mark") === undefined);
  });
});

describe("the operations of a reflex", () => {
  withOwnPages();

  it("are carried out by the page that called, in order, before its promise resolves", async () => {
    const operations = [
      { operation: "innerHtml", selector: "#stage", html: '<b id="a">1</b>' },
      { operation: "addCssClass", selector: "#a", name: "c" },
    ];
    expect(await call("Cabled#perform", operations)).toBe("nothing");
    expect(await stage()).toBe('<b id="a" class="c">1</b>');
    expect(visitor.complaints).toEqual([]);
  });

  it("load what carries them out when they first come, and only then", async () => {
    const files = () =>
      page.evaluate(() =>
        performance
          .getEntriesByType("resource")
          .flatMap(({ name }) => /_reflex\/(\w+)\.js/.exec(name)?.[1] ?? []),
      );
    await call("Probe#tick");
    expect(await files()).not.toContain("operations");
    await Promise.all([
      call("Cabled#perform", [{ operation: "setTitle", title: "first" }]),
      call("Probe#tick"),
      call("Cabled#perform", [{ operation: "setTitle", title: "second" }]),
    ]);
    expect([await page.title(), await page.textContent("#ticks")]).toEqual(["second", "2"]);
    expect((await files()).filter((name) => name === "operations")).toHaveLength(1);
  });

  it("see the page as it was before its update, and as it is after", async () => {
    await page.evaluate(() => {
      const seen: unknown[] = [];
      Reflect.set(window, "seen", seen);
      document.addEventListener("look", ({ target }) => seen.push((target as Element).textContent));
    });
    const look = [{ operation: "dispatchEvent", selector: "#ticks", name: "look" }];
    expect(await call("Cabled#around", look, look)).toBe("done");
    expect(await page.evaluate(() => Reflect.get(window, "seen"))).toEqual(["0", "1"]);
  });

  it("come while it works, when it broadcasts them", async () => {
    const working = call("Cabled#work");
    await page.waitForFunction(() => document.title === "half");
    expect(await working).toBe("nothing");
    expect(await page.title()).toBe("whole");
  });

  it.each([
    ["kill-before", "stays awake", undefined],
    ["kill-after", "stays awake", undefined],
    ["kill-before", "sleeps", "hibernate"],
    ["kill-before", "crashes", "close"],
  ] as const)(
    "are carried out once when the connection is lost around them (%s) and the session %s",
    async (verdict, _, end) => {
      let losses = 0;
      site.proxy.hooks.down = async (text) => {
        if (losses > 0 || !text.includes('"op"')) return "forward";
        losses += 1;
        if (end !== undefined) await site.evictVisitor(visitor, end);
        return verdict;
      };
      const append = { operation: "append", selector: "#stage", html: "<i>once</i>" };
      const calls = [call("Cabled#perform", [append]), call("Probe#tick")];
      expect(await Promise.all(calls)).toEqual(["nothing", "done"]);
      site.proxy.hooks = {};
      await shows(page, "#ticks", "1");
      expect([losses, await stage()]).toEqual([1, "<i>once</i>"]);
    },
  );

  it("miss an element without a word to the reflex, whose call has its end", async () => {
    expect(await call("Cabled#perform", [{ operation: "remove", selector: "#nobody" }])).toBe("nothing");
    expect(visitor.complaints.join()).toContain("The operation remove has no element");
  });

  it("give the focus, which the update of the page does not take back", async () => {
    await set('<input id="first"><input id="second">');
    await page.focus("#first");
    await call("Cabled#around", [], [{ operation: "setFocus", selector: "#second" }]);
    expect(await inPage("document.activeElement.id")).toBe("second");
  });

  it("change the address, and the page goes on at the new one", async () => {
    await call("Cabled#perform", [{ operation: "pushState", url: "/operations?page=2" }]);
    expect(new URL(page.url()).search).toBe("?page=2");
    expect(await call("Probe#tick")).toBe("done");
    await shows(page, "#ticks", "1");
  });
});

describe("a page that operations have changed", () => {
  withOwnPages();

  it.each<[string, Operation]>([
    ["append", { operation: "append", selector: "#counted", html: "<i>new</i>" }],
    ["prepend", { operation: "prepend", selector: "#counted", html: "<i>new</i><i>newer</i>" }],
    [
      "beside",
      { operation: "insertAdjacentHtml", selector: "#counted", html: "<div></div>", position: "beforebegin" },
    ],
    ["remove", { operation: "remove", selector: "#counted i" }],
    ["innerHtml", { operation: "innerHtml", selector: "#counted", html: "<i>mine</i>" }],
    ["replace", { operation: "replace", selector: "#counted em", html: "<u>1</u><u>2</u>" }],
    ["graft away", { operation: "graft", selector: "#counted em", parent: "#aside" }],
    ["graft into it", { operation: "graft", selector: "#aside", parent: "#counted" }],
    ["morph", { operation: "morph", selector: "#counted", html: '<div id="counted"><i>mine</i></div>' }],
    ["list", { operation: "append", selector: "#rows", html: "<li>mine</li>" }],
    ["list item", { operation: "remove", selector: "#row-b" }],
    ["card", { operation: "innerHtml", selector: "#card", html: "<p>mine</p>" }],
  ])("takes the server's later updates as it should: %s", async (_, operation) => {
    expect(await call("Cabled#perform", [operation])).toBe("nothing");
    expect(await call("Probe#tick")).toBe("done");
    await shows(page, "#counted b", "1");
    await shows(page, "#ticks", "1");
    await page.waitForFunction(() => document.querySelector("#card p:last-of-type")?.textContent === "1");
    expect(await page.getAttribute("#card", "class")).toBe("at-1");
    await page.waitForFunction(
      () =>
        Array.from(document.querySelectorAll("#rows li[id]"), ({ textContent }) => textContent).join() ===
        "b 1,c 1",
    );
    expect(await call("Probe#tick")).toBe("done");
    await shows(page, "#counted b", "2");
  });
});

describe("operations over HTTP", () => {
  withOwnPages();

  it("are fetched and carried out by a script of the page", async () => {
    const type = await page.evaluate(`(async () => {
      const { perform } = await import("/_reflex/operations.js");
      const response = await fetch("/fetched");
      perform(await response.json());
      return response.headers.get("Content-Type");
    })()`);
    expect(type).toBe("text/vnd.cable-ready.json");
    expect(await stage()).toBe("<b>&lt;fetched&gt;</b>");
    expect(await page.getAttribute("#stage", "class")).toBe("fresh");
  });
});
