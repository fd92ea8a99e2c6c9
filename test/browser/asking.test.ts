import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

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
  await page.goto("/asking");
  await online(page);
  return () => visitor.context.close();
});

/** What the page's latest call carried, when it has sent so many: as the frame says it, less its number. */
async function sent(calls: number): Promise<readonly unknown[]> {
  const frame = await page.waitForFunction((calls) => {
    const { sent }: { sent: string[] } = Reflect.get(window, "line");
    const frames = sent.filter((text) => /^\[\d/.test(text));
    return frames.length === calls ? frames.at(-1) : undefined;
  }, calls);
  return JSON.parse((await frame.jsonValue()) ?? "[]").slice(1);
}

/** What the first call carried beside element, form and arguments. */
async function more(): Promise<Record<string, unknown>> {
  return Object(((await sent(1)) as unknown[])[7]);
}

async function set(selector: string, attributes: Readonly<Record<string, string>>): Promise<void> {
  await page.evaluate(
    ({ selector, attributes }) => {
      const element = document.querySelector(selector);
      for (const [name, value] of Object.entries(attributes)) element?.setAttribute(name, value);
    },
    { selector, attributes },
  );
}

type Values = Readonly<Record<string, unknown>>;

describe("the values of other elements", () => {
  const own = { "data-own": "o" };
  const datasets: readonly [string, string, Values][] = [
    ["an unknown token", "nothing", own],
    ["no token", "", {}],
    [
      "ancestors, the nearest first",
      "ancestors",
      { ...own, "data-parent": "p", "data-shared": "parent", "data-grand": "g" },
    ],
    [
      "ancestors by their older name",
      "combined",
      { ...own, "data-parent": "p", "data-shared": "parent", "data-grand": "g" },
    ],
    ["the parent alone", "parent", { ...own, "data-parent": "p", "data-shared": "parent" }],
    ["siblings, and not itself", "siblings", { ...own, "data-sibling": "1", "data-shared": "before" }],
    ["children, and nothing in them", "children", { ...own, "data-child": "1" }],
    ["all that is inside", "descendants", { ...own, "data-child": "1", "data-grandchild": "d" }],
    [
      "an id, with attributes without a value",
      "#far",
      { ...own, "data-post-id": "1", "data-empty": "", "data-shared": "far" },
    ],
    ["a tag", "em", { ...own, "data-post-id": "2", "data-post-ids": "3" }],
    [
      "a tag and a class",
      "span.far",
      { ...own, "data-post-id": "1", "data-empty": "", "data-shared": "far" },
    ],
    [
      "a class of several, the first first",
      ".post",
      { ...own, "data-post-id": "1", "data-post-ids": "3", "data-empty": "", "data-shared": "far" },
    ],
    [
      "several ids, the first first",
      "#other #far",
      { ...own, "data-post-id": "2", "data-post-ids": "3", "data-empty": "", "data-shared": "far" },
    ],
    [
      "several classes",
      ".near .far",
      { ...own, "data-sibling": "1", "data-shared": "before", "data-post-id": "1", "data-empty": "" },
    ],
    ["an id that two elements have: the first", "#twin", { ...own, "data-twin": "1" }],
    [
      "tokens and selectors, in their order",
      "parent #far",
      { ...own, "data-parent": "p", "data-shared": "parent", "data-post-id": "1", "data-empty": "" },
    ],
  ];
  it.each(datasets)("come with a call by data-reflex-dataset: %s", async (_, tokens, expected) => {
    await set("#element", { "data-reflex-dataset": tokens });
    await page.click("#element");
    expect((await more()).dataset ?? {}).toEqual(expected);
  });

  const lists: readonly [string, string, Values][] = [
    ["the element's own alone", "nothing", { "data-own": ["o"] }],
    [
      "all of a name, in the order of the tokens",
      "#far parent",
      {
        "data-own": ["o"],
        "data-post-id": ["1"],
        "data-empty": [""],
        "data-shared": ["far", "parent"],
        "data-parent": ["p"],
      },
    ],
    ["those of all elements of an id", "#twin", { "data-own": ["o"], "data-twin": ["1", "2"] }],
    [
      "names in the singular and the plural apart",
      ".post",
      {
        "data-own": ["o"],
        "data-post-id": ["1", "2"],
        "data-post-ids": ["3"],
        "data-empty": [""],
        "data-shared": ["far"],
      },
    ],
    [
      "an element once that several tokens name",
      "#other em .post#other",
      { "data-own": ["o"], "data-post-id": ["2"], "data-post-ids": ["3"] },
    ],
    [
      "ancestors",
      "ancestors",
      { "data-own": ["o"], "data-parent": ["p"], "data-shared": ["parent", "grand"], "data-grand": ["g"] },
    ],
    ["siblings", "siblings", { "data-own": ["o"], "data-sibling": ["1", "2"], "data-shared": ["before"] }],
    ["descendants", "descendants", { "data-own": ["o"], "data-child": ["1", "2"], "data-grandchild": ["d"] }],
  ];
  it.each(lists)("come as lists by data-reflex-dataset-all: %s", async (_, tokens, expected) => {
    await set("#element", { "data-reflex-dataset-all": tokens });
    await page.click("#element");
    expect((await more()).datasetAll).toEqual(expected);
  });

  it("give way to the element's own", async () => {
    await set("#element", { "data-reflex-dataset": "ancestors", "data-shared": "mine" });
    await page.click("#element");
    expect((await more()).dataset).toMatchObject({ "data-shared": "mine", "data-parent": "p" });
  });

  it("come from the selectors that can be read, when one cannot", async () => {
    await set("#element", { "data-reflex-dataset": "#[ #other" });
    await page.click("#element");
    expect((await more()).dataset).toMatchObject({ "data-post-id": "2" });
    expect(visitor.complaints).toEqual([expect.stringContaining('edge-reflex: "#[" is no selector')]);
  });

  it("are not sent when nobody asks for them", async () => {
    await page.click("#element");
    expect(await more()).toEqual({});
    expect(
      await page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name)),
    ).not.toContain(expect.stringContaining("extras.js"));
  });
});

describe("the form of a call", () => {
  const forms: readonly [string, Values, unknown][] = [
    ["is that around the element", {}, [["outer", "1"]]],
    ["is left alone where data-reflex-serialize-form is false", { "data-reflex-serialize-form": "false" }, 0],
    ["is sent where it is anything else", { "data-reflex-serialize-form": "" }, [["outer", "1"]]],
    [
      "is the first that data-reflex-form-selector finds",
      { "data-reflex-form-selector": ".named" },
      [["second", "2"]],
    ],
    [
      "is rather one around the element that it finds",
      { "data-reflex-form-selector": "form" },
      [["outer", "1"]],
    ],
    [
      "is that of an element in it that it finds",
      { "data-reflex-form-selector": "[name=second]" },
      [["second", "2"]],
    ],
    [
      "is that around the element when it finds none",
      { "data-reflex-form-selector": "#none" },
      [["outer", "1"]],
    ],
  ];
  it.each(forms)("%s", async (_, attributes, expected) => {
    await set("#in-form", attributes as Readonly<Record<string, string>>);
    await page.click("#in-form");
    expect((await sent(1))[2] ?? 0).toEqual(expected);
  });
});

describe("what an element asks to be told", () => {
  it("is its inner HTML and its text, without what the client writes on elements", async () => {
    await page.click("#content");
    expect(await more()).toEqual({ html: "some <b>bold</b> text", text: "some bold text" });
  });

  it("is that nobody logs its calls", async () => {
    await page.click("#quiet");
    expect(await more()).toEqual({ quiet: 1 });
  });

  it("is what is checked of all boxes of its name in its form, when there are several", async () => {
    await page.click("#box");
    expect(await more()).toEqual({ values: ["a, b", "c"] });
    await page.click("#large");
    expect((await sent(2))[7]).toEqual({ values: ["l"] });
    await page.click("#alone");
    expect((await sent(3))[7]).toBeUndefined();
  });
});

describe("a form with fields that are called as what every element has", () => {
  it("is submitted, and does not leave the page", async () => {
    await page.evaluate(() => {
      const fields = ["matches", "contains"].map(
        (name) =>
          `<input name="${name}" value="1" data-reflex-debounce="9" data-reflex="input->Probe#second">`,
      );
      const markup = `<form id="odd" data-reflex="submit->Probe#quiet" data-reflex-debounce="9">${fields.join("")}<button>go</button></form>`;
      document.body.insertAdjacentHTML("beforeend", markup);
    });
    await page.evaluate(() => document.querySelector<HTMLElement>("#odd button")?.click());
    expect((await sent(1)).slice(0, 3)).toMatchObject([
      "Probe#quiet",
      ["form", {}],
      [
        ["matches", "1"],
        ["contains", "1"],
      ],
    ]);
  });
});

describe("a number field", () => {
  it("makes no call while it holds what is no number", async () => {
    await page.evaluate(() => {
      const told: unknown[] = [];
      Reflect.set(window, "told", told);
      document.addEventListener("reflex:cancelled", ({ target }) => told.push((target as Element).id));
    });
    await page.locator("#number").pressSequentially("1e");
    await page.locator("#number").pressSequentially("3");
    expect((await sent(2)).slice(0, 2)).toMatchObject(["Probe#quiet", ["input", {}, "1e3"]]);
    expect(await page.evaluate(() => Reflect.get(window, "told"))).toEqual(["number"]);
  });
});

describe("data-reflex-confirm", () => {
  it("asks first, and calls only what the visitor agrees to", async () => {
    const asked: string[] = [];
    page.on("dialog", async (dialog) => {
      asked.push(dialog.message());
      await (asked.length === 1 ? dialog.dismiss() : dialog.accept());
    });
    await page.click("#sure");
    await page.click("#plain");
    await page.click("#sure");
    await sent(2);
    expect([asked, await line.calls()]).toEqual([
      ["Sure?", "Sure?"],
      ["Probe#second", "Probe#quiet"],
    ]);
  });

  it("lets a page ask by itself, and call once when the visitor agrees", async () => {
    await page.evaluate(() => {
      document.addEventListener("reflex:confirm", (event) => {
        event.preventDefault();
        Reflect.set(window, "asked", (event as CustomEvent).detail);
      });
    });
    await page.click("#sure");
    await page.waitForFunction("window.asked?.message === 'Sure?'");
    expect(await line.calls()).toEqual([]);
    await page.evaluate("window.asked.proceed(); window.asked.proceed();");
    await page.click("#plain");
    await sent(2);
    expect(await line.calls()).toEqual(["Probe#quiet", "Probe#second"]);
  });
});

describe("a call that waits for a part of the client", () => {
  it("is made before later ones, as soon as that is there", async () => {
    const slow = await visitor.context.newPage();
    const slowLine = await Line.of(slow);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    await slow.route("**/extras.js*", async (route) => {
      await held;
      await route.continue();
    });
    await slow.goto("/asking");
    await online(slow);
    await slow.click("#content");
    await slow.click("#plain");
    expect(await slowLine.calls()).toEqual([]);
    release();
    await slow.waitForFunction("line.sent.filter((text) => /^.\\d/.test(text)).length === 2");
    expect(await slowLine.calls()).toEqual(["Probe#quiet", "Probe#second"]);
  });

  it("runs once, however many wait with it", async () => {
    const slow = await waiting();
    await slow.page.click("#content");
    await slow.run(`calls = Array.from({ length: 70 }, () => stimulate("Probe#tick"))`);
    slow.release();
    await slow.run("await Promise.all(calls)");
    await slow.page.goto("/morph");
    expect(await slow.page.textContent("#ticks")).toBe("70");
  });

  it("ends as it did when its answer was lost, although the server has heard of the page while it waited", async () => {
    const slow = await waiting();
    await slow.run(`
      calls = [stimulate("Probe#fail"), stimulate("Probe#tick")];
      ends = calls.map((call) => call.then(({ outcome }) => outcome, ({ code }) => code));
    `);
    await slow.line.cut();
    await slow.line.mend();
    await slow.line.hold();
    slow.release();
    await slow.page.waitForFunction("line.held.length >= 2");
    await slow.line.cut();
    await slow.page.evaluate("line.held.splice(0)");
    await slow.line.release();
    await slow.line.mend();
    expect(await slow.run("return await Promise.all(ends)")).toEqual(["reflex-failed", "done"]);
  });

  it("fails when that is not to be had, and is told so; one that is asked about first is not made", async () => {
    const lost = await visitor.context.newPage();
    await lost.route("**/extras.js*", (route) => route.abort());
    await lost.goto("/asking");
    await online(lost);
    await lost.evaluate(() => {
      const told: unknown[] = [];
      Reflect.set(window, "told", told);
      document.addEventListener("reflex:error", (event) => {
        const { detail, target } = event as unknown as CustomEvent<{ error: { code: string } }>;
        told.push([(target as Element).id, detail.error.code]);
      });
    });
    await lost.click("#sure");
    await lost.click("#alone");
    await lost.waitForFunction("told.length > 0");
    expect(await lost.evaluate("told")).toEqual([["alone", "offline"]]);
  });

  /** A page that does not get the part until it is released. */
  async function waiting() {
    const slow = await visitor.context.newPage();
    const slowLine = await Line.of(slow);
    const released = Promise.withResolvers<void>();
    await slow.route("**/extras.js*", async (route) => {
      await released.promise;
      await route.continue();
    });
    await slow.goto("/asking");
    await online(slow);
    await slow.evaluate("(async () => Object.assign(window, await import('/_reflex/client.js')))()");
    const run = (code: string) => slow.evaluate(`(async () => { ${code} })()`);
    return { page: slow, line: slowLine, run, release: () => released.resolve() };
  }
});

describe("a page with a schema", () => {
  it("calls the attributes by its own names, and no others", async () => {
    await page.addInitScript(() => {
      const names = {
        reflex: "data-do",
        root: "data-scope",
        dataset: "data-with",
        permanent: "data-lasting",
      };
      const meta = Object.assign(document.createElement("meta"), { name: "reflex-schema" });
      meta.content = JSON.stringify(names);
      new MutationObserver((_, observer) => {
        if (document.head === null) return;
        observer.disconnect();
        document.head.append(meta);
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto("/schema");
    await online(page);
    await page.click("#twin");
    await page.click("#renamed");
    const [target, element, form, args, root, tab, url, carried] = await sent(1);
    expect([target, element, form, args, root, tab, url, carried]).toEqual([
      "Probe#tick",
      expect.arrayContaining([{ id: "renamed", "data-with": "#twin", "data-x": "1" }]),
      0,
      0,
      "#title",
      0,
      0,
      { dataset: { "data-x": "1", "data-y": "2", "data-reflex": "click->Probe#tick" } },
    ]);
    await shows(page, "#title", "1");
    await page.click("#whole");
    await shows(page, "#outside", "2");
    expect(await page.textContent("#lasting")).toBe("0");
    expect(visitor.complaints).toEqual([]);
  });
});
