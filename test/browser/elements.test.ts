import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, follow } from "../support/following.ts";
import type { Hook, ProxyHooks } from "../support/proxy.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitors: Visitor[] = [];
/** What the project does to frames. */
let hooks: ProxyHooks;

beforeAll(async () => {
  site = await Site.start("fixture");
  hooks = site.proxy.hooks;
});
afterAll(() => site.stop());
afterEach(async () => {
  site.proxy.hooks = hooks;
  await Promise.all(visitors.map(({ context }) => context.close()));
  visitors = [];
});

async function newVisitor(): Promise<Visitor> {
  const visitor = await site.visitor();
  visitors.push(visitor);
  return visitor;
}

/** Opens a page, and waits until its elements follow their topics. */
async function open(visitor: Visitor, path: string): Promise<Page> {
  const page = await visitor.open(`/following/${path}`);
  await follow(page);
  return page;
}

/** Waits until a page's log has these texts and no others. */
async function logs(page: Page, ...texts: readonly string[]): Promise<void> {
  await expect.poll(() => page.locator("#log li").allTextContents(), { timeout: 10_000 }).toEqual(texts);
}

/** The calls by which the pages of the site follow topics, as they go up. */
function streamCalls(): string[] {
  const calls: string[] = [];
  const up: Hook = (text, connection) => {
    const [, target] = JSON.parse(text.startsWith("[") ? text : "[]");
    if (/^Reflex#(un)?stream$/.test(target)) calls.push(target);
    return hooks.up?.(text, connection) ?? "forward";
  };
  site.proxy.hooks = { ...hooks, up };
  return calls;
}

describe("an element that streams from a topic", () => {
  it("has what is broadcast there carried out in every page that has one, once and in order", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const pages = await Promise.all([
      open(ada, "stream"),
      open(ada, "stream?several=1"),
      open(bob, "stream?bound=1"),
    ]);
    const [first] = pages;
    await call(first, "Follow#say", "room", "one", "two");
    await call(first, "Follow#say", "elsewhere", "not here");
    await call(first, "Follow#say", "room", "three");
    for (const page of pages) await logs(page, "one", "two", "three");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });

  it("asks once for all that follow the same, and leaves the topic with the last of them", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "stream?topic=left&several=1");
    const other = await open(bob, "stream?topic=left");
    expect(calls).toEqual(["Reflex#stream", "Reflex#stream"]);
    await page.evaluate(() => {
      const [first] = document.querySelectorAll("cable-ready-stream-from");
      // Moved, not removed.
      document.body.prepend(first ?? "");
      document.querySelector("cable-ready-stream-from:last-of-type")?.remove();
    });
    await call(other, "Follow#say", "left", "one");
    await logs(page, "one");
    expect(calls).toHaveLength(2);
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await expect.poll(() => calls.at(-1)).toBe("Reflex#unstream");
    await call(other, "Follow#say", "left", "two");
    await logs(other, "one", "two");
    // What comes to the one behind what came to the other would be there. An update would not fit the page, which script has changed.
    await call(page, "Follow#note", "behind it");
    await logs(page, "one");
  });

  it("goes on when another one goes that follows the same topic by another identifier", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "both?topic=both");
    const other = await open(bob, "stream?topic=both");
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await call(page, "Follow#note", "behind it");
    await call(other, "Follow#say", "both", "one");
    await logs(page, "one");
    expect(calls).not.toContain("Reflex#unstream");
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await expect.poll(() => calls.at(-1)).toBe("Reflex#unstream");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });

  it("follows its topic in the session that takes the place of the page's", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "stream?topic=renewed");
    const other = await open(bob, "stream?topic=renewed");
    expect(calls).toHaveLength(2);
    await call(page, "Follow#renew");
    await expect.poll(() => calls.length, { timeout: 10_000 }).toBe(3);
    await call(page, "Follow#own");
    await call(other, "Follow#say", "renewed", "one");
    await logs(page, "one");
  });

  it("says nothing of its calls: no event, no line in the console", async () => {
    const ada = await newVisitor();
    await ada.context.addInitScript(() => {
      const told: string[] = [];
      Reflect.set(window, "told", told);
      for (const stage of ["before", "delivered", "success", "after", "finalize"])
        document.addEventListener(`reflex:${stage}`, ({ type }) => told.push(type), true);
      document.addEventListener("DOMContentLoaded", () =>
        document.documentElement.setAttribute("data-reflex-debug", ""),
      );
    });
    const lines: string[] = [];
    ada.context.on("console", (line) => lines.push(line.text()));
    const page = await open(ada, "stream?topic=quiet");
    expect(await page.evaluate("told")).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("is defined, and follows, when an update brings the first one", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await ada.open("/following/stream?topic=late&late=1");
    const files = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    await call(page, "Reflex#refresh");
    expect((await files()).filter((name) => name.includes("elements.js"))).toEqual([]);
    await call(page, "Follow#own");
    await follow(page);
    const other = await bob.open("/following/stream?topic=late&late=1");
    await call(other, "Follow#say", "late", "one");
    await logs(page, "one");
    expect(ada.complaints).toEqual([]);
  });

  it("follows nothing in a preview of Turbo's", async () => {
    const calls = streamCalls();
    const page = await open(await newVisitor(), "stream?topic=preview");
    await page.evaluate(() => {
      document.documentElement.setAttribute("data-turbo-preview", "");
      const copy = document.querySelector("cable-ready-stream-from")?.cloneNode();
      (copy as Element).setAttribute("identifier", "another");
      document.body.append(copy as Element);
    });
    await call(page, "Follow#own");
    expect(calls).toEqual(["Reflex#stream"]);
  });

  it.each([
    ["warn", "stream?topic=missing", 1, 0],
    ["ignore", "stream?topic=missing&missing=ignore", 0, 0],
    ["event", "stream?topic=missing&missing=event", 0, 1],
  ] as const)("treats what has no element as it says: %s", async (_, path, warnings, events) => {
    const ada = await newVisitor();
    const page = await open(ada, path);
    await page.evaluate(() => {
      Reflect.set(window, "missing", 0);
      document.addEventListener("cable-ready:missing-element", () => {
        Reflect.set(window, "missing", Reflect.get(window, "missing") + 1);
      });
    });
    await call(page, "Follow#miss", "missing");
    await call(page, "Follow#say", "missing", "behind it");
    await logs(page, "behind it");
    expect(ada.complaints.filter((text) => text.includes("#nowhere"))).toHaveLength(warnings);
    expect(await page.evaluate("missing")).toBe(events);
  });

  it.each(["stays awake", "sleeps", "forgets its tabs"])(
    "misses nothing and repeats nothing when the connection goes and its session %s",
    async (what) => {
      const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
      const topic = `cut-${what.replaceAll(" ", "-")}`;
      const page = await open(ada, `stream?topic=${topic}`);
      const other = await open(bob, `stream?topic=${topic}`);
      await call(other, "Follow#say", topic, "before");
      await logs(page, "before");
      if (what === "sleeps") await site.evictVisitor(ada);
      await call(other, "Follow#say", topic, "awake");
      await logs(page, "before", "awake");
      await ada.context.setOffline(true);
      await page.evaluate(() => dispatchEvent(new Event("offline")));
      for (const connection of site.proxy.connections)
        if (connection.headers["user-agent"] !== undefined) connection.kill();
      await online(other);
      await call(other, "Follow#say", topic, "away", "still");
      await logs(other, "before", "awake", "away", "still");
      if (what === "forgets its tabs") await site.evictVisitor(ada, "close");
      await ada.context.setOffline(false);
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await logs(page, "before", "awake", "away", "still");
      await call(other, "Follow#say", topic, "after");
      await logs(page, "before", "awake", "away", "still", "after");
    },
  );
});

describe("elements of pages that Turbo puts into each other's place", () => {
  it("follow the topics of the page that is shown, each as it comes and goes", async () => {
    const body = await readFile("node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js", "utf8");
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    await ada.context.route("**/turbo-of-the-app.js", (route) =>
      route.fulfill({ body, contentType: "text/javascript" }),
    );
    // Turbo loads the file of elements with the first page that needs it.
    const page = await ada.context.newPage();
    await page.goto("/following/drive/none");
    await online(page);
    await page.waitForFunction("'Turbo' in window");
    const other = await open(bob, "stream?topic=drive-a");
    const to = async (name: string) => {
      await page.click(`#to-${name}`);
      await page.waitForFunction(
        (name) =>
          document.querySelector("#name")?.textContent === name &&
          !document.documentElement.hasAttribute("data-turbo-preview"),
        name,
      );
      if (name !== "none") await follow(page);
    };
    const counts = async (text: string) =>
      await expect.poll(() => page.locator(".count").textContent(), { timeout: 10_000 }).toBe(text);
    const calls = streamCalls();
    await to("drive-a");
    await call(other, "Follow#say", "drive-a", "one");
    await logs(page, "one");
    await call(other, "Follow#change", "drive-a");
    await counts("1");
    await to("drive-b");
    await expect.poll(() => calls.filter((target) => target === "Reflex#unstream")).toHaveLength(2);
    await call(other, "Follow#say", "drive-a", "two");
    await call(other, "Follow#say", "drive-b", "other");
    await logs(page, "other");
    await to("drive-a");
    await call(other, "Follow#change", "drive-a");
    await counts("2");
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#name")?.textContent === "drive-b");
    await follow(page);
    await call(other, "Follow#change", "drive-b");
    await counts("1");
    await to("none");
    await expect.poll(() => calls.filter((target) => target === "Reflex#unstream")).toHaveLength(8);
    expect(calls.filter((target) => target === "Reflex#stream")).toHaveLength(8);
    // A page that none of this was told to does not say that it was.
    const hello = Promise.withResolvers<string>();
    const up: Hook = (text, connection) => {
      if (text.startsWith('["h"') && text.includes("/drive/none")) hello.resolve(text);
      return hooks.up?.(text, connection) ?? "forward";
    };
    site.proxy.hooks = { ...hooks, up };
    for (const connection of site.proxy.connections)
      if (connection.headers["user-agent"] !== undefined) connection.kill();
    expect(JSON.parse(await hello.promise)[7]).toEqual({});
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });
});
