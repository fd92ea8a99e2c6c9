import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Line } from "../support/line.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let line: Line;
let stimulusFile: string;

beforeAll(async () => {
  stimulusFile = await readFile("node_modules/@hotwired/stimulus/dist/stimulus.js", "utf8");
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  await visitor.context.route("**/stimulus-of-the-app.js", (route) =>
    route.fulfill({ body: stimulusFile, contentType: "text/javascript" }),
  );
  page = await visitor.context.newPage();
  line = await Line.of(page);
  await page.goto("/lifecycle");
  await online(page);
  await inPage(CONTROLLERS);
  return () => visitor.context.close();
});

/** Runs code as a module of the page and gives back what it returns. */
async function inPage(code: string): Promise<unknown> {
  return await page.evaluate(`(async () => {
    const { stimulate, reflexes } = await import("/_reflex/client.js");
    ${code}
  })()`);
}

/** Two controllers that write down every callback which they get: `cycle` around the page, `probe` around one element. */
const CONTROLLERS = `
  const { Application, Controller } = await import("/stimulus-of-the-app.js");
  const { useReflex } = await import("/_reflex/stimulus.js");
  window.called = [];
  window.controllers = {};
  const stages = ["Queued", "Delivered", "BeforeMorph", "Success", "Nothing", "Error", "Halted", "Forbidden", "Superseded", "Cancelled"];
  const names = ["increment", "look", "quiet", "stop", "refuse", "fail", "reflex"].flatMap((action) => {
    const capitalised = action[0].toUpperCase() + action.slice(1);
    return [...stages.map((stage) => action + stage), ...["before", "after", "finalize"].map((stage) => stage + capitalised)];
  });
  const make = () => {
    class Recorder extends Controller {
      initialize() { useReflex(this); }
      connect() { controllers[this.identifier] = this; }
    }
    for (const name of names)
      Recorder.prototype[name] = function (element, target, error, id, payload) {
        called.push({ by: this.identifier, name, on: element.id, target, error: error && error.code, id, payload });
      };
    return Recorder;
  };
  const application = Application.start();
  application.handleError = (error, message) => called.push({ failed: message });
  application.register("cycle", make());
  application.register("probe", make());
  window.made = { application, make };
  while (!controllers.cycle || !controllers.probe) await new Promise(requestAnimationFrame);
`;

/** The callbacks that controllers got, once so many calls have come to their end. */
async function called(calls = 1): Promise<readonly string[]> {
  await page.waitForFunction(
    (count) =>
      Reflect.get(window, "called").filter(({ name }: { name: string }) => name === "finalizeReflex")
        .length === count,
    calls,
  );
  return await page.evaluate("called.map(({ by, name }) => by + ' ' + name)");
}

const by = (identifier: string, names: readonly string[]) => names.map((name) => `${identifier} ${name}`);

describe("a controller's callbacks", () => {
  it.each([
    [
      "step",
      ["beforeIncrement", "beforeReflex", "incrementDelivered", "reflexDelivered"],
      ["incrementBeforeMorph", "reflexBeforeMorph", "incrementSuccess", "reflexSuccess"],
      ["afterIncrement", "afterReflex", "finalizeIncrement", "finalizeReflex"],
    ],
    [
      "quiet",
      ["beforeQuiet", "beforeReflex", "quietDelivered", "reflexDelivered"],
      ["quietSuccess", "reflexSuccess", "quietNothing", "reflexNothing"],
      ["afterQuiet", "afterReflex", "finalizeQuiet", "finalizeReflex"],
    ],
    [
      "stop",
      ["beforeStop", "beforeReflex", "stopDelivered", "reflexDelivered"],
      ["stopHalted", "reflexHalted"],
      ["afterStop", "afterReflex", "finalizeStop", "finalizeReflex"],
    ],
    [
      "refuse",
      ["beforeRefuse", "beforeReflex", "refuseDelivered", "reflexDelivered"],
      ["refuseForbidden", "reflexForbidden"],
      ["afterRefuse", "afterReflex", "finalizeRefuse", "finalizeReflex"],
    ],
    [
      "fail",
      ["beforeFail", "beforeReflex", "failDelivered", "reflexDelivered"],
      ["failError", "reflexError"],
      ["afterFail", "afterReflex", "finalizeFail", "finalizeReflex"],
    ],
  ])("come in order, that of the action before that of all: %s", async (id, ...names) => {
    await page.click(`#${id}`);
    expect(await called()).toEqual(by("cycle", names.flat()));
  });

  it("tell of a call that waits for the connection", async () => {
    await line.cut();
    await page.click("#look");
    await line.mend();
    expect((await called()).slice(0, 6)).toEqual(
      by("cycle", [
        ...["beforeLook", "beforeReflex", "lookQueued", "reflexQueued", "lookDelivered", "reflexDelivered"],
      ]),
    );
  });

  it("get the element, the target, the error, the id and the payload", async () => {
    const given = await inPage(`
      const element = document.querySelector("#field");
      const { id } = await controllers.cycle.stimulate("Cycle#look", element);
      const failing = controllers.cycle.stimulate("Cycle#fail");
      await failing.catch(() => {});
      const [looked, failed] = ["finalizeLook", "finalizeFail"].map((name) => called.find((call) => call.name === name));
      return { looked, failed, hasIds: looked.id === id && failed.id === failing.id };
    `);
    expect(given).toEqual({
      hasIds: true,
      looked: {
        ...{ by: "cycle", name: "finalizeLook", on: "field", target: "Cycle#look", error: null },
        id: expect.any(String),
      },
      failed: {
        ...{ by: "cycle", name: "finalizeFail", on: "owner", target: "Cycle#fail", error: "reflex-failed" },
        id: expect.any(String),
      },
    });
  });

  it("come when the call's element has left the page", async () => {
    await page.click("#step");
    await shows(page, "#steps", "1");
    expect(await page.locator("#step").count()).toBe(0);
    expect(await called()).toContain("cycle finalizeIncrement");
  });

  it("come when the controller and its element have left the page", async () => {
    await line.hold();
    await page.click("#look");
    await page.evaluate(`document.querySelector("#owner").remove()`);
    await line.release();
    expect((await called()).slice(-4)).toEqual(
      by("cycle", ["afterLook", "afterReflex", "finalizeLook", "finalizeReflex"]),
    );
  });

  it("go on when one of them throws, which is told to Stimulus", async () => {
    await page.evaluate(`controllers.cycle.lookSuccess = () => { throw new Error("a callback's own"); }`);
    await page.click("#look");
    await called();
    const told = await page.evaluate(
      "called.filter(({ failed, name }) => failed || name === 'reflexSuccess')",
    );
    expect(told).toMatchObject([{ failed: "Error calling lookSuccess" }, { name: "reflexSuccess" }]);
  });

  it("come although the page stops the events", async () => {
    await page.evaluate(`
      document.querySelector("#look").addEventListener("reflex:success", (event) => event.stopPropagation());
    `);
    await page.click("#look");
    expect(await called()).toContain("cycle lookSuccess");
  });
});

describe("the controller of a declared reflex", () => {
  it("is the one around its element that is named like the class, although another one is nearer", async () => {
    await page.evaluate(`document.querySelector("#look").setAttribute("data-controller", "probe")`);
    await page.waitForFunction("controllers.probe.element.id === 'look'");
    await page.click("#look");
    expect((await called())[0]).toBe("cycle beforeLook");
  });

  it("is else the nearest one that uses reflexes, and none where there is none", async () => {
    await page.click("#other");
    expect((await called())[0]).toBe("probe beforeLook");
    await inPage(`await stimulate("Cycle#look", document.querySelector("#steps"));`);
    expect(await page.evaluate("called.filter(({ name }) => name === 'finalizeReflex').length")).toBe(1);
  });

  it("is known by names with namespaces, with and without Reflex at their end", async () => {
    const owners = await inPage(`
      const { application, make } = window.made;
      const element = document.querySelector("#look");
      const owners = [];
      for (const [identifier, target] of [["admin--foo-bar", "Admin::FooBar#x"], ["foo-bar", "FooBarReflex#x"], ["foo-bar", "foo_bar#x"]]) {
        document.querySelector("#owner").setAttribute("data-controller", "");
        document.body.setAttribute("data-controller", identifier);
        application.register(identifier, make());
        while (controllers[identifier] === undefined) await new Promise(requestAnimationFrame);
        document.querySelector("#owner").setAttribute("data-controller", "probe");
        await new Promise(requestAnimationFrame);
        await stimulate(target, element).catch(() => {});
        owners.push(called.at(-1).by);
      }
      return owners;
    `);
    expect(owners).toEqual(["admin--foo-bar", "foo-bar", "foo-bar"]);
  });

  it("has its element described to the reflex", async () => {
    await page.click("#look");
    await called();
    const sent: string[] = await page.evaluate("line.sent.filter((text) => text.includes('Cycle#look'))");
    expect(sent.map((text) => JSON.parse(text).at(-1))).toEqual([
      { controller: ["main", { id: "owner", "data-controller": "cycle" }] },
    ]);
  });
});

describe("a controller's own calls", () => {
  it("are its own, wherever the element is", async () => {
    await inPage(`await controllers.probe.stimulate("Cycle#look", document.querySelector("#field"));`);
    expect(new Set((await called()).map((name) => name.split(" ")[0]))).toEqual(new Set(["probe"]));
  });

  it("are its own also when something has to be loaded for them first", async () => {
    await inPage(`
      const element = document.querySelector("#field");
      await controllers.probe.stimulate("Cycle#look", element, { includeTextContent: true });
    `);
    expect(new Set((await called()).map((name) => name.split(" ")[0]))).toEqual(new Set(["probe"]));
  });

  it("are not what a callback of it calls for somebody else", async () => {
    await inPage(`
      controllers.probe.beforeLook = () => { stimulate("Cycle#quiet", document.querySelector("#look")); };
      await controllers.probe.stimulate("Cycle#look");
      while (called.filter(({ name }) => name === "finalizeReflex").length < 2) await new Promise(requestAnimationFrame);
    `);
    const owners = await page.evaluate(
      "called.filter(({ name }) => name.startsWith('finalize')).map(({ by, name }) => by + ' ' + name).sort()",
    );
    expect(owners).toEqual([
      ...["cycle finalizeQuiet", "cycle finalizeReflex", "probe finalizeLook", "probe finalizeReflex"],
    ]);
  });

  it("take options, and the page is rendered again when they name nothing", async () => {
    await inPage(`await controllers.cycle.stimulate("Cycle#look", { selectors: "#steps" }, 1);`);
    const sent: string[] = await page.evaluate("line.sent.filter((text) => text.includes('Cycle#look'))");
    expect(JSON.parse(sent[0] ?? "").slice(4, 6)).toEqual([[1], "#steps"]);
    const target = await inPage(`
      const call = controllers.cycle.stimulate();
      call.catch(() => {});
      return call.reflex.target;
    `);
    expect(target).toBe("Reflex#refresh");
  });

  it("are in the register that it has", async () => {
    const isSame = await inPage(`
      const call = controllers.cycle.stimulate("Cycle#look");
      return controllers.cycle.reflexes === reflexes() && controllers.cycle.reflexes.last === call.reflex;
    `);
    expect(isSame).toBe(true);
  });
});
