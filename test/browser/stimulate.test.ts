import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;
let page: Page;
let stimulusFile: string;

beforeAll(async () => {
  stimulusFile = await readFile("node_modules/@hotwired/stimulus/dist/stimulus.js", "utf8");
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
  // The application's own copy of Stimulus; the adapter is served by the runtime.
  await visitor.context.route("**/stimulus-of-the-app.js", (route) =>
    route.fulfill({ body: stimulusFile, contentType: "text/javascript" }),
  );
  page = await visitor.open("/calls");
  return () => visitor.context.close();
});

/** Runs code as a module of the page and gives back what it returns. */
async function inPage(code: string): Promise<unknown> {
  return await page.evaluate(`(async () => {
    const { stimulate, ReflexError, start } = await import("/_reflex/client.js");
    ${code}
  })()`);
}

const MAKE_CONTROLLER = `
  const { Application, Controller } = await import("/stimulus-of-the-app.js");
  const { useReflex } = await import("/_reflex/stimulus.js");
  class Probe extends Controller { connect() { useReflex(this); Reflect.set(window, "controller", this); } }
  document.querySelector("#target").setAttribute("data-controller", "probe");
  Application.start().register("probe", Probe);
  while (window.controller === undefined) await new Promise(requestAnimationFrame);
`;

describe("stimulate", () => {
  it("resolves when the page has been updated", async () => {
    const text = await inPage(`
      await stimulate("Probe#tick");
      return document.querySelector("#ticks").textContent;
    `);
    expect(text).toBe("1");
  });

  it("passes arguments in order, and an element and its form when one comes first", async () => {
    await inPage(`
      await stimulate("Probe#note", 1, { two: [2] }, null);
      await stimulate("Probe#note", document.querySelector("#target"), "three");
    `);
    const lines = ((await page.textContent("#log")) ?? "").split("\n").map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { tag: "", args: [1, { two: [2] }, null], params: [] },
      { id: "target", dataset: { id: "5" }, args: ["three"], params: [["field", "in form"]] },
    ]);
  });

  it("rejects with a ReflexError that has the code and the id, and no stack of the server", async () => {
    const error = await inPage(`
      const error = await stimulate("Probe#fail").catch((error) => error);
      return { isReflexError: error instanceof ReflexError, code: error.code, target: error.target, text: error.message, callId: error.callId };
    `);
    expect(error).toMatchObject({ isReflexError: true, code: "reflex-failed", target: "Probe#fail" });
    expect(error).toMatchObject({ callId: expect.stringMatching(/^[\w-]{36}$/) });
    expect(JSON.stringify(error)).not.toMatch(/secret|worker\.ts| at /);
  });

  it("refuses a call that is too large before it is sent, and the connection goes on", async () => {
    const code = await inPage(`
      const { code } = await stimulate("Probe#note", "x".repeat(2_000_000)).catch((error) => error);
      await stimulate("Probe#tick");
      return code;
    `);
    expect(code).toBe("call-too-large");
    await shows(page, "#ticks", "1");
  });

  it("uses the one client of the page, however often its module is loaded", async () => {
    const isOne = await inPage(`
      const again = await import("/_reflex/client.js?another=copy");
      return again.start() === start();
    `);
    expect(isOne).toBe(true);
  });
});

describe("useReflex", () => {
  it("gives a controller a stimulate that shows the reflex the controller's element", async () => {
    await inPage(`${MAKE_CONTROLLER} await window.controller.stimulate("Probe#note", "arg");`);
    expect(JSON.parse((await page.textContent("#log")) ?? "")).toMatchObject({ id: "target", args: ["arg"] });
  });

  it("shows the reflex another element when one comes first", async () => {
    await inPage(
      `${MAKE_CONTROLLER} await window.controller.stimulate("Probe#note", document.querySelector("input"));`,
    );
    expect(JSON.parse((await page.textContent("#log")) ?? "")).toMatchObject({
      tag: "input",
      value: "in form",
    });
  });

  it("shares the page's connection", async () => {
    const sockets: string[] = [];
    page.on("websocket", (socket) => sockets.push(socket.url()));
    await inPage(`${MAKE_CONTROLLER} await window.controller.stimulate("Probe#tick");`);
    expect(sockets).toEqual([]);
  });

  it("rejects as stimulate does", async () => {
    const code = await inPage(`${MAKE_CONTROLLER}
      return (await window.controller.stimulate("Probe#nothing").catch((error) => error)).code;`);
    expect(code).toBe("unknown-action");
  });
});
