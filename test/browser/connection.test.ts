import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { online, Site, shows, stimulate } from "../support/site.ts";

let site: Site;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

const STATE = "data-reflex-connection";

describe("a page's connection", () => {
  it("is named on the root element: connecting, online, offline, online again", async () => {
    const visitor = await site.visitor();
    const page = await visitor.context.newPage();
    await page.addInitScript((name) => {
      const states: (string | null)[] = [];
      Reflect.set(window, "states", states);
      const observer = new MutationObserver(() => states.push(document.documentElement.getAttribute(name)));
      observer.observe(document, { subtree: true, attributeFilter: [name] });
    }, STATE);
    await page.goto("/calls");
    await online(page);
    await stimulate(page, "Probe#tick");
    await site.evict("close");
    await page.waitForFunction(() => Reflect.get(window, "states").length >= 4);
    expect(await page.evaluate(() => Reflect.get(window, "states"))).toEqual([
      "connecting",
      "online",
      "offline",
      "online",
    ]);
    await visitor.context.close();
  });

  it("needs no more of a Content-Security-Policy than 'self'", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/strict");
    await page.fill("#field", "typed");
    await page.click("#moves");
    await shows(page, "#ticks", "2");
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });

  it("sends a call made before the socket is open as soon as it is", async () => {
    const visitor = await site.visitor();
    const page = await visitor.context.newPage();
    // The first socket goes where nobody answers, and the pause after it is the longest that it can be.
    await page.addInitScript({
      content: `
        const { WebSocket } = window;
        let url = "ws://localhost:1/";
        window.WebSocket = function (wanted, protocol) {
          const socket = new WebSocket(url || wanted, protocol);
          url = "";
          return socket;
        };
        Math.random = () => 0.999;
        addEventListener("DOMContentLoaded", async () => {
          const { stimulate } = await import("/_reflex/client.js");
          window.stateAtCall = document.documentElement.getAttribute("${STATE}");
          stimulate("Probe#tick");
        });`,
    });
    await page.goto("/calls");
    await shows(page, "#ticks", "1");
    expect(await page.evaluate(() => Reflect.get(window, "stateAtCall"))).not.toBe("online");
    await visitor.context.close();
  });

  it("has a call answered that was on its way when everything restarted, and runs it once", async () => {
    const visitor = await site.visitor();
    const page = await visitor.context.newPage();
    const sent = new Promise<void>((resolve) => {
      page.on("websocket", (socket) =>
        socket.on("framesent", ({ payload }) => String(payload).includes("Probe#slow") && resolve()),
      );
    });
    await page.goto("/calls");
    await online(page);
    const outcome = stimulate(page, "Probe#slow");
    await sent;
    // What a deploy does here: every socket is dropped, and what ran is gone.
    await site.harness.update((options) => options);
    expect(await outcome).toBe("done");
    expect(await page.textContent("#ticks")).toBe("1");
    await page.reload();
    expect(await page.textContent("#ticks")).toBe("1");
    await visitor.context.close();
  });

  it("has a call made by the next page that a reload left unanswered, and runs it once", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await stimulate(page, "Probe#tick");
    // One that is sent, and one that has no socket to be sent on.
    await page.evaluate(`import("/_reflex/client.js").then(({ start, stimulate }) => {
      stimulate("Probe#slow").catch(() => undefined);
      start().consumer.leave(false);
      stimulate("Probe#tick").catch(() => undefined);
    })`);
    await page.reload();
    await shows(page, "#ticks", "3");
    await page.reload();
    await online(page);
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    await shows(page, "#ticks", "4");
    await visitor.context.close();
  });

  it("leaves its calls to the next page though a frame in it has nothing to leave", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await page.evaluate(`new Promise((loaded) => {
      const frame = document.createElement("iframe");
      frame.addEventListener("load", loaded);
      frame.src = "/elsewhere";
      document.documentElement.append(frame);
    })`);
    await page
      .frameLocator("iframe")
      .locator('html[data-reflex-connection="online"]')
      .waitFor({ state: "attached" });
    await page.evaluate(`import("/_reflex/client.js").then(({ start, stimulate }) => {
      start().consumer.leave(false);
      for (const _ of [1, 2]) stimulate("Probe#tick").catch(() => undefined);
    })`);
    await page.reload();
    await shows(page, "#ticks", "2");
    await visitor.context.close();
  });

  it("shows on a page at another address what a call did that the page before it left", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await page.evaluate(`import("/_reflex/client.js").then(({ start, stimulate }) => {
      start().consumer.leave(false);
      stimulate("Probe#note", "left").catch(() => undefined);
    })`);
    await page.goto("/calling");
    await page.waitForFunction(() => document.querySelector("#log")?.textContent?.includes("left"));
    await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
    await visitor.context.close();
  });

  it("goes on when the browser shows it again as it was left", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    const transition = (name: string) =>
      page.evaluate((name) => dispatchEvent(new PageTransitionEvent(name, { persisted: true })), name);
    await transition("pagehide");
    await page.locator(`html[${STATE}=offline]`).waitFor({ state: "attached" });
    const other = await visitor.open("/calls");
    expect(await stimulate(other, "Probe#tick")).toBe("done");
    const call = stimulate(page, "Probe#tick");
    await transition("pageshow");
    expect(await call).toBe("done");
    await Promise.all([shows(page, "#ticks", "3"), shows(other, "#ticks", "3")]);
    await visitor.context.close();
  });

  it("gives a duplicated tab an identity of its own, and runs once what both were left", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await page.evaluate(
      `import("/_reflex/client.js").then(({ stimulate }) => { stimulate("Probe#slow").catch(() => {}); })`,
    );
    // What a browser does that duplicates the tab as it goes: the new one begins with a copy of its storage.
    await page.goto("about:blank");
    await page.goBack();
    const kept = await page.evaluate(() => sessionStorage.getItem("edge-reflex.calls"));
    const copy = await visitor.context.newPage();
    await copy.addInitScript((kept) => {
      if (kept !== null) sessionStorage.setItem("edge-reflex.calls", kept);
    }, kept);
    await copy.goto("/calls");
    await online(copy);
    await Promise.all([shows(page, "#ticks", "1"), shows(copy, "#ticks", "1")]);
    expect(await Promise.all([stimulate(page, "Probe#tick"), stimulate(copy, "Probe#tick")])).toEqual([
      "done",
      "done",
    ]);
    await Promise.all([shows(page, "#ticks", "3"), shows(copy, "#ticks", "3")]);
    await visitor.context.close();
  });

  it("tells the server the page's new address when script changed it", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    await page.evaluate(() => history.pushState(null, "", "/elsewhere"));
    expect(await stimulate(page, "Probe#tick")).toBe("done");
    expect(await page.textContent("#elsewhere")).toBe("elsewhere");
    await visitor.context.close();
  });
});

describe("a hibernated session object", () => {
  it("wakes for the second click on the socket that slept with it", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/morph");
    const dropped: unknown[] = [];
    page.on("websocket", (socket) => dropped.push(socket));
    await page.click("#tick");
    await shows(page, "#ticks", "1");
    await site.evict();
    await page.click("#tick");
    await shows(page, "#ticks", "2");
    expect(dropped).toEqual([]);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });
});

describe("a session that is over", () => {
  it("refuses the socket for good, and every call settles", async () => {
    const visitor = await site.visitor();
    const page = await visitor.open("/calls");
    // An object that stored nothing does not exist for the harness.
    await stimulate(page, "Probe#tick");
    await visitor.context.clearCookies();
    await site.evict("close");
    await page.locator('html[data-reflex-connection="refused"]').waitFor({ state: "attached" });
    expect(await stimulate(page, "Probe#tick")).toBe("connection-refused");
    await visitor.context.close();
  });
});
