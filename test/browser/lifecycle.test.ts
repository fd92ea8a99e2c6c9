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
  await page.addInitScript({ content: LISTENERS });
  await page.goto("/lifecycle");
  await online(page);
  return () => visitor.context.close();
});

const STAGES = [
  ...["before", "queued", "delivered", "before-morph", "success", "nothing", "halted", "forbidden"],
  ...["superseded", "cancelled", "error", "after", "finalize"],
];

/** Runs before the page's own code: writes down every stage that the document hears of. */
const LISTENERS = `
  window.heard = [];
  for (const stage of ${JSON.stringify(STAGES)})
    document.addEventListener("reflex:" + stage, (event) => {
      const { detail, target } = event;
      heard.push({
        stage, on: target.id ?? "document", steps: document.querySelector("#steps").textContent, id: detail.id, call: detail,
      });
    });
`;

/** One stage that was heard of: on which element, and what the page showed. */
interface Heard {
  readonly stage: string;
  readonly on: string;
  readonly steps: string;
}

/** What was heard, once a call has come to its end. */
async function heard(calls = 1): Promise<readonly Heard[]> {
  await page.waitForFunction(
    (count) =>
      Reflect.get(window, "heard").filter(({ stage }: Heard) => stage === "finalize").length === count,
    calls,
  );
  return await page.evaluate("heard.map(({ stage, on, steps }) => ({ stage, on, steps }))");
}

async function stages(calls = 1): Promise<readonly string[]> {
  return (await heard(calls)).map(({ stage }) => stage);
}

/** Runs code as a module of the page and gives back what it returns. */
async function inPage(code: string): Promise<unknown> {
  return await page.evaluate(`(async () => {
    const { stimulate, reflexes, ReflexError, start } = await import("/_reflex/client.js");
    ${code}
  })()`);
}

describe("the stages of a call", () => {
  it.each([
    ["step", ["before", "delivered", "before-morph", "success", "after", "finalize"]],
    ["look", ["before", "delivered", "success", "after", "finalize"]],
    ["quiet", ["before", "delivered", "success", "nothing", "after", "finalize"]],
    ["stop", ["before", "delivered", "halted", "after", "finalize"]],
    ["refuse", ["before", "delivered", "forbidden", "after", "finalize"]],
    ["fail", ["before", "delivered", "error", "after", "finalize"]],
    ["vanished", ["before", "delivered", "before-morph", "success", "after", "finalize"]],
  ])("are told in one order, the last of them in every case: %s", async (id, order) => {
    await page.click(`#${id}`);
    expect(await stages()).toEqual(order);
  });

  it("begin with a wait while the page is offline, and go on when it is not", async () => {
    await line.cut();
    await page.click("#step");
    expect(await page.evaluate("heard.map(({ stage }) => stage)")).toEqual(["before", "queued"]);
    await line.mend();
    expect(await stages()).toEqual([
      ...["before", "queued", "delivered", "before-morph", "success", "after", "finalize"],
    ]);
  });

  it("tell once that a call is on its way that has to be sent twice", async () => {
    await line.hold();
    await page.click("#step");
    await line.cut();
    await page.evaluate("void (line.held.length = 0)");
    await line.release();
    await line.mend();
    expect(await stages()).toEqual(["before", "delivered", "before-morph", "success", "after", "finalize"]);
    await shows(page, "#steps", "1");
  });

  it("end with an error for a call that is refused before it is sent", async () => {
    await line.cut();
    await page.click("#refused");
    expect(await stages()).toEqual(["before", "error", "after", "finalize"]);
  });

  it("end as superseded for a call whose place a later one takes", async () => {
    await line.hold();
    await page.click("#latest");
    await page.click("#latest");
    await line.release();
    await heard(2);
    const ways = await page.evaluate(
      "[...new Set(heard.map(({ call }) => call))].map(({ stages }) => stages)",
    );
    expect(ways).toEqual([
      ["before", "delivered", "before-morph", "superseded", "after", "finalize"],
      ["before", "delivered", "before-morph", "success", "after", "finalize"],
    ]);
  });

  it("tell of the answer before the page is changed by it, and of success behind that", async () => {
    await page.click("#step");
    const shown = (await heard()).map(({ stage, steps }) => [stage, steps]);
    expect(shown).toEqual([
      ["before", "0"],
      ["delivered", "0"],
      ["before-morph", "0"],
      ["success", "1"],
      ["after", "1"],
      ["finalize", "1"],
    ]);
  });

  it("are told on the element while it is in the page, and on the document once it has gone", async () => {
    await page.click("#step");
    const places = (await heard()).map(({ stage, on }) => [stage, on]);
    expect(places).toEqual([
      ["before", "step"],
      ["delivered", "step"],
      ["before-morph", "step"],
      ["success", "document"],
      ["after", "document"],
      ["finalize", "document"],
    ]);
    await inPage(`await stimulate("Cycle#look");`);
    expect((await heard(2)).slice(6).every(({ on }) => on === "document")).toBe(true);
  });

  it("carry the call, as it is at that moment", async () => {
    const told = await inPage(`
      const told = [];
      addEventListener("reflex:after", ({ detail }) => told.push({ ...detail, promise: undefined, element: detail.element?.id }));
      await stimulate("Cycle#look", document.querySelector("#other"), 5);
      await stimulate("Cycle#fail").catch(() => {});
      const [done, failed] = told;
      return { done, failed: { ...failed, error: failed.error.code }, tab: start().consumer.tab };
    `);
    expect(told).toMatchObject({
      done: { target: "Cycle#look", element: "other", args: [5], outcome: "done", stage: "after" },
      failed: { target: "Cycle#fail", error: "reflex-failed", stage: "after" },
    });
    const { done, failed, tab } = told as Record<"done" | "failed", { id: string }> & { tab: string };
    expect([done.id, failed.id]).toEqual([`${tab}:1`, `${tab}:2`]);
  });

  it("name the event that an element's declaration was about", async () => {
    await page.evaluate(
      `addEventListener("reflex:before", ({ detail }) => { window.type = detail.event.type; }, { once: true })`,
    );
    await page.click("#look");
    await heard();
    expect(await page.evaluate("window.type")).toBe("click");
  });

  it("end when operations are carried out that are delayed; the promise waits for them with resolveLate alone", async () => {
    const ends = await inPage(`
      const ends = [];
      const title = () => document.querySelector("#steps").title;
      addEventListener("reflex:after", () => ends.push(["after", title()]));
      const finalized = new Promise((resolve) => addEventListener("reflex:finalize", resolve, { once: true }));
      addEventListener("reflex:finalize", () => ends.push(["finalize", title()]));
      await stimulate("Cycle#delayed");
      ends.push(["early", title()]);
      await finalized;
      document.querySelector("#steps").removeAttribute("title");
      await stimulate("Cycle#delayed", { resolveLate: true });
      ends.push(["late", title()]);
      return ends;
    `);
    expect(ends).toEqual([
      ["after", ""],
      ["early", ""],
      ["finalize", "delayed"],
      ["after", ""],
      ["finalize", "delayed"],
      ["late", "delayed"],
    ]);
  });

  it("go on when a listener throws", async () => {
    await page.evaluate(
      `for (const stage of ${JSON.stringify(STAGES)}) document.addEventListener("reflex:" + stage, () => { throw new Error("a listener's own"); })`,
    );
    await page.click("#step");
    expect((await stages()).at(-1)).toBe("finalize");
    await shows(page, "#steps", "1");
  });
});

describe("a listener of reflex:before", () => {
  it("calls a call off, which resolves as cancelled and is never sent", async () => {
    const outcome = await inPage(`
      addEventListener("reflex:before", (event) => event.preventDefault(), { once: true });
      return (await stimulate("Cycle#increment")).outcome;
    `);
    expect(outcome).toBe("cancelled");
    expect(await stages()).toEqual(["before", "cancelled", "after", "finalize"]);
    expect(await line.calls()).toEqual([]);
    await page.click("#step");
    await shows(page, "#steps", "1");
  });

  it("adds fields to those of the form", async () => {
    await page.evaluate(`addEventListener("reflex:before", ({ detail }) => {
      detail.params.append("coupon", "a & b");
      detail.params.append("coupon", "c");
    })`);
    await inPage(`await stimulate("Cycle#look", document.querySelector("#field"));`);
    const [frame] = await frames();
    expect(frame?.slice(3)).toEqual([
      [["field", "in form"]],
      0,
      0,
      0,
      0,
      {
        params: [
          ["coupon", "a & b"],
          ["coupon", "c"],
        ],
      },
    ]);
  });

  it("changes what the call finds in the form", async () => {
    await page.evaluate(
      `addEventListener("reflex:before", () => { document.querySelector("#field").value = "late"; })`,
    );
    await inPage(`await stimulate("Cycle#look", document.querySelector("#field"));`);
    expect((await frames())[0]?.[3]).toEqual([["field", "late"]]);
  });

  it("may call something else, which goes out first, and both run once", async () => {
    const outcomes = await inPage(`
      let inner;
      addEventListener("reflex:before", () => { inner = stimulate("Cycle#increment", "inner"); }, { once: true });
      const outer = await stimulate("Cycle#increment");
      return [outer.id.split(":")[1], (await inner).id.split(":")[1]];
    `);
    expect(outcomes).toEqual(["1", "2"]);
    expect((await frames()).map(([number, , , , args]) => [number, args])).toEqual([
      [1, ["inner"]],
      [2, undefined],
    ]);
    await shows(page, "#steps", "2");
  });
});

/** The calls that the page has sent, as they travelled. */
async function frames(): Promise<readonly unknown[][]> {
  const texts: string[] = await page.evaluate("line.sent.filter((text) => /^\\[\\d/.test(text))");
  return texts.map((text) => JSON.parse(text));
}

describe("the promise of a call", () => {
  it("has the id and the call at once, and resolves with them", async () => {
    const told = await inPage(`
      const element = document.querySelector("#other");
      const promise = stimulate("Cycle#look", element);
      const { id, reflex } = promise;
      const result = await promise;
      return [id === result.id, reflex.id === id, reflex.promise === promise, result.element === element,
        Object.keys(result).sort().join(), result.outcome];
    `);
    expect(told).toEqual([true, true, true, true, "element,event,id,outcome,payload,target", "done"]);
  });

  it("rejects with an error that names the call", async () => {
    const isNamed = await inPage(`
      const promise = stimulate("Cycle#fail");
      const error = await promise.catch((error) => error);
      return error instanceof ReflexError && error.id === promise.id && promise.reflex.error === error;
    `);
    expect(isNamed).toBe(true);
  });

  it.each([
    [false, false],
    [true, true],
  ])(
    "settles when the page is changed, or with resolveLate when it is painted: %s",
    async (resolveLate, isPainted) => {
      const wasPainted = await inPage(`
      let isPainted = false;
      addEventListener("reflex:before-morph", () => requestAnimationFrame(() => { isPainted = true; }));
      await stimulate("Cycle#increment", { resolveLate: ${resolveLate} });
      return isPainted;
    `);
      expect(wasPainted).toBe(isPainted);
    },
  );

  it("settles with resolveLate in a page that is not painted", async () => {
    const outcome = await inPage(`
      window.requestAnimationFrame = () => 0;
      return (await stimulate("Cycle#increment", { resolveLate: true })).outcome;
    `);
    expect(outcome).toBe("done");
  });
});

describe("the options of stimulate", () => {
  it.each([
    [
      "selectors, in the place of data-reflex-root",
      `{ selectors: ["#steps", "#owner"] }`,
      [0, 0, [7], "#steps,#owner"],
    ],
    ["a form elsewhere", `{ formSelector: "#form" }`, [0, [["field", "in form"]], [7]]],
    ["neither side logging", `{ suppressLogging: true }`, [0, 0, [7], 0, 0, 0, { quiet: 1 }]],
  ])("carry %s", async (_, options, rest) => {
    await inPage(`await stimulate("Cycle#look", ${options}, 7);`);
    expect((await frames())[0]?.slice(2)).toEqual(rest);
  });

  it("carry what the element holds, and no form, and other attributes than the element's", async () => {
    await inPage(`await stimulate("Cycle#look", document.querySelector("#form"),
      { serializeForm: false, includeInnerHTML: true, includeTextContent: true, attrs: { "data-own": "1" } });`);
    const [, , element, form, args, , , , more] = (await frames())[0] ?? [];
    expect([element, form, args]).toEqual([["form", { "data-own": "1" }], 0, 0]);
    expect(more).toEqual({ html: expect.stringContaining("<input"), text: "" });
  });

  it.each([["{}"], ["{ id: 5 }"], [`{ selectors: "#a", id: 5 }`], ["null"], ["[]"], [`{ toString: 1 }`]])(
    "are no object that has another key, or none, which is an argument: %s",
    async (argument) => {
      await inPage(`await stimulate("Cycle#look", ${argument});`);
      expect((await frames())[0]?.slice(4)).toEqual([[await page.evaluate(`(${argument})`)]]);
    },
  );
});

describe("the register of calls", () => {
  it("knows a call from when it is made, and at which stage it is", async () => {
    await line.hold();
    const known = await inPage(`
      const call = stimulate("Cycle#increment").reflex;
      const { all, last } = reflexes();
      return [last === call, all.includes(call), reflexes().at("delivered").includes(call), reflexes().get(call.id) === call];
    `);
    expect(known).toEqual([true, true, true, true]);
    await line.release();
    await heard();
    expect(await inPage(`return reflexes().at("finalize").length;`)).toBe(1);
  });

  it("lets go of all but the last 20 that have ended, and of none that has not", async () => {
    const ended = await inPage(`
      for (let count = 0; count < 25; count += 1) await stimulate("Cycle#look");
      return [reflexes().size, reflexes().all[0].id.split(":")[1]];
    `);
    expect(ended).toEqual([20, "6"]);
    await line.hold();
    const live = await inPage(`
      for (let count = 0; count < 30; count += 1) stimulate("Cycle#look");
      return [reflexes().size, reflexes().at("delivered").length];
    `);
    expect(live).toEqual([50, 30]);
    await line.release();
    await page.waitForFunction("heard.filter(({ stage }) => stage === 'finalize').length === 55");
    expect(await inPage("return reflexes().size;")).toBe(20);
  });

  it("keeps nothing of what an answer was, beyond its payload", async () => {
    await inPage(`await stimulate("Cycle#increment");`);
    expect(await inPage("return reflexes().last.updates;")).toBeUndefined();
  });
});

describe("the connection", () => {
  it("is told on the document: when it is there, when it is gone and will come back, and when it will not", async () => {
    await page.evaluate(`
      window.told = [];
      for (const name of ["connected", "disconnected", "rejected"])
        document.addEventListener("reflex:" + name, ({ detail }) => told.push([name, detail]));
    `);
    await line.cut();
    await line.mend();
    // The visitor has logged out meanwhile, as far as the browser's cookies say.
    await line.cut();
    await visitor.context.clearCookies();
    await page.evaluate("void (line.isCut = false); dispatchEvent(new Event('online'))");
    await page.locator('html[data-reflex-connection="refused"]').waitFor({ state: "attached" });
    expect(await page.evaluate("told")).toEqual([
      ["disconnected", { willReconnect: true }],
      ["connected", null],
      ["disconnected", { willReconnect: true }],
      ["connected", null],
      ["disconnected", { willReconnect: false }],
      ["rejected", null],
    ]);
  });
});
