import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { BrowserJar, shown } from "../support/browser-jar.ts";
import type { Tab } from "../support/tab.ts";
import { renders } from "../support/worker.ts";

/** What a page says that it shows in an element: of the last update that says so, else as it was loaded. */
function shows(browser: BrowserJar, tab: Tab, id: string): string | undefined {
  const texts = [
    browser.texts.get(tab) ?? "",
    ...tab.frames.map((frame) => JSON.stringify(frame).replaceAll("\\", "")),
  ];
  return texts.map((text) => shown(text, id)).findLast((text) => text !== undefined);
}

async function objectOf(browser: BrowserJar): Promise<DurableObjectStub> {
  return exports.SessionObject.getByName(shown((await browser.load("/state")).text, "id") ?? "");
}

/** The states of tabs that are stored, by their keys. */
async function stored(object: DurableObjectStub): Promise<readonly string[]> {
  return await runInDurableObject(object, (_, { storage }) => {
    const row = storage.kv.get<{ values: Map<string, unknown> }>("session");
    return [...(row?.values.keys() ?? [])].filter((key) => key.startsWith("reflex.tab."));
  });
}

async function close(tab: Tab, code = 4000): Promise<void> {
  tab.socket.close(code);
  await tab.closed;
}

/** What a reply shows, patches included: the values of all updates as one text. */
const textOf = (updates: readonly Update[]) => JSON.stringify(updates);

describe("the state of a tab", () => {
  it("is its own: another tab of the session has none of it", async () => {
    const browser = new BrowserJar();
    const [one, other] = [await browser.open("/state"), await browser.open("/state")];
    await one.call("Account#step", { args: [4] });
    expect(textOf((await one.call("Account#say", { args: ["x"] })).updates)).not.toContain('"1"');
    await other.call("Account#count");
    const { updates } = await other.call("Account#step", { args: [2] });
    expect(textOf(updates)).toContain("2");
    expect((await stored(await objectOf(browser))).length).toBe(2);
  });

  it("is rendered for its own tab alone when it changes", async () => {
    const browser = new BrowserJar();
    const [one, other] = [await browser.open("/state"), await browser.open("/state")];
    for (const tab of [one, other]) await tab.call("Account#peek");
    renders.length = 0;
    await one.call("Account#step", { args: [4] });
    await other.call("Account#count");
    // One for each call, and one for the tab that did not count.
    await one.until(() => one.pushes.length === 1);
    expect(renders.filter((path) => path === "/state")).toHaveLength(3);
  });

  it("survives a reload: the page is rendered with it at once, and needs no update", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    await close(tab);
    const next = await browser.open("/state", { before: browser.names.get(tab) ?? "" });
    expect(shown(browser.texts.get(next) ?? "", "step")).toBe("4");
    await next.call("Account#peek");
    expect(next.pushes).toEqual([]);
    expect(await stored(await objectOf(browser))).toEqual([`reflex.tab.${browser.names.get(next)}`]);
  });

  it("comes to a page that was loaded without a word of the tab, as soon as that says whose it is", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    await close(tab);
    const next = await browser.open("/state", { before: browser.names.get(tab) ?? "", leaves: false });
    expect(shown(browser.texts.get(next) ?? "", "step")).toBe("1");
    await next.until(() => shows(browser, next, "step") === "4");
  });

  it("is taken from a page that was loaded with that of another tab", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    // A tab that is opened within the seconds in which another one says that it is left.
    const other = await browser.open("/state", { before: browser.names.get(tab) ?? "", follows: false });
    expect(shown(browser.texts.get(other) ?? "", "step")).toBe("4");
    await other.until(() => shows(browser, other, "step") === "1");
    // The other tab's step is as it was: there is nothing to say of it.
    expect((await tab.call("Account#count")).updates).toEqual([["", ["1", "1"]]]);
  });

  it("survives a sleep and a lost socket", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    const object = await objectOf(browser);
    await evictDurableObject(object, { webSockets: "hibernate" });
    expect(textOf((await tab.call("Account#count")).updates)).not.toContain('"step">1');
    await evictDurableObject(object);
    expect(await stored(object)).toHaveLength(1);
  });

  it("is a copy in a tab that was duplicated", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    const twin = await browser.open("/state", { before: browser.names.get(tab) ?? "" });
    await twin.call("Account#step", { args: [5] });
    expect(await stored(await objectOf(browser))).toHaveLength(2);
    const { updates } = await tab.call("Account#count");
    expect(textOf(updates)).not.toContain("5");
  });

  it.each(["awake", "asleep meanwhile"])(
    "comes back with the visitor who goes back to a page: %s",
    async (how) => {
      const browser = new BrowserJar();
      const first = await browser.open("/state");
      await first.call("Account#step", { args: [4] });
      await close(first, 1000);
      const second = await browser.open("/state", { before: browser.names.get(first) ?? "" });
      await second.call("Account#step", { args: [7] });
      await close(second, 1000);
      if (how !== "awake") await evictDurableObject(await objectOf(browser));
      const again = await browser.back(first, "/state", { before: browser.names.get(second) ?? "", seen: 1 });
      await again.until(() => JSON.stringify(again.frames).includes("7"));
      const { updates } = await again.call("Account#count");
      expect(textOf(updates)).not.toContain("4");
    },
  );

  it("stays with a tab that has lost its socket while a duplicate of it comes", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    await close(tab, 1000);
    const twin = await browser.open("/state", { before: browser.names.get(tab) ?? "" });
    await twin.call("Account#step", { args: [5] });
    const again = await browser.back(tab, "/state", { seen: 1 });
    // Nothing to say of its step: it is as it was.
    expect((await again.call("Account#count")).updates).toEqual([["", ["1", "1"]]]);
  });

  it("is not mixed with that of another tab which was left in the same seconds", async () => {
    const browser = new BrowserJar();
    const [one, other] = [await browser.open("/wizard"), await browser.open("/wizard")];
    for (const tab of [one, other]) await tab.call("Account#peek");
    await one.call("Account#step", { args: [40] });
    await other.call("Account#step", { args: [50] });
    await close(other);
    // Both are loaded again; the cookie of the one that was left last is seen by both.
    await close(one);
    const again = await browser.open("/wizard", {
      before: browser.names.get(one) ?? "",
      follows: browser.names.get(other) ?? "",
    });
    await again.call("Account#peek");
    expect(JSON.stringify(again.frames)).toContain("50");
  });

  it("is written by the handler of a page too, for the page that it serves", async () => {
    const browser = new BrowserJar();
    const first = await browser.open("/wizard");
    expect(shown(browser.texts.get(first) ?? "", "step")).toBe("1");
    await first.call("Account#peek");
    await close(first);
    const second = await browser.open("/wizard", { before: browser.names.get(first) ?? "" });
    expect(shown(browser.texts.get(second) ?? "", "step")).toBe("2");
    await second.call("Account#peek");
    expect(await stored(await objectOf(browser))).toEqual([`reflex.tab.${browser.names.get(second)}`]);
  });

  it("goes when the application clears it", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    await tab.call("Account#stepBack");
    expect(await stored(await objectOf(browser))).toEqual([]);
  });

  it("keeps its time for a tab that was open for days, and whose end was never heard of", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    const object = await objectOf(browser);
    await age(object, 3 * 86_400_000);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    await evictDurableObject(object);
    await runInDurableObject(object, (_, { storage }) => storage.setAlarm(Date.now() + 1));
    await runDurableObjectAlarm(object);
    expect(await stored(object)).toHaveLength(1);
  });

  it("goes when its tab has been gone for a time, and stays while the tab is there", async () => {
    const browser = new BrowserJar();
    const [here, gone] = [await browser.open("/state"), await browser.open("/state")];
    for (const tab of [here, gone]) await tab.call("Account#step", { args: [4] });
    await close(gone);
    const object = await objectOf(browser);
    await age(object, 86_400_001);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await stored(object)).toEqual([`reflex.tab.${browser.names.get(here)}`]);
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeGreaterThan(Date.now() + 86_000_000);
  });
});

describe("the state that a page has written for its tab", () => {
  it("goes after its time though the tab never came", async () => {
    const browser = new BrowserJar();
    await browser.load("/wizard");
    const object = await objectOf(browser);
    const alarm = await runInDurableObject(object, (_, { storage }) => storage.getAlarm());
    expect(alarm).toBeLessThanOrEqual(Date.now() + 86_400_000);
  });

  it("is kept of so many tabs and no more: those that are open stay", { timeout: 30_000 }, async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#step", { args: [4] });
    for (let count = 0; count < LIMITS.tabStates + 10; count += 1) await browser.load("/wizard");
    const object = await objectOf(browser);
    const keys = await stored(object);
    const apart = await runInDurableObject(
      object,
      (_, { storage }) => [...storage.kv.list({ prefix: "session:reflex.tab." })].length,
    );
    expect(keys.length + apart).toBeLessThanOrEqual(LIMITS.tabStates);
    expect(keys).toContain(`reflex.tab.${browser.names.get(tab)}`);
  });
});

/** Makes what is stored of tabs older. */
async function age(object: DurableObjectStub, milliseconds: number): Promise<void> {
  await runInDurableObject(object, (_, { storage }) => {
    const row = storage.kv.get<{ values: Map<string, { at: number }> }>("session");
    if (row === undefined) throw new Error("Nothing is stored");
    for (const [key, value] of row.values)
      if (key.startsWith("reflex.tab.")) row.values.set(key, { ...value, at: value.at - milliseconds });
    storage.kv.put("session", row);
  });
  await evictDurableObject(object, { webSockets: "hibernate" });
}
