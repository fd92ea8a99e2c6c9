import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { BrowserJar, shown } from "../support/browser-jar.ts";
import { ORIGIN, type Tab } from "../support/tab.ts";
import { logged } from "../support/worker.ts";

const STATE = ["name", "count", "notice", "theme"] as const;

/** What a page that is loaded now shows. */
async function page(browser: BrowserJar): Promise<Record<string, string | undefined>> {
  const { text } = await browser.load("/state");
  return Object.fromEntries([...STATE, "id", "url"].map((id) => [id, shown(text, id)]));
}

async function objectOf(browser: BrowserJar): Promise<DurableObjectStub> {
  return exports.SessionObject.getByName((await page(browser)).id ?? "");
}

const textOf = (value: unknown) => JSON.stringify(value);

describe("a message", () => {
  it("is shown by the page of the call that set it, and by no page after", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    expect(textOf((await tab.call("Account#say", { args: ["Saved"] })).updates)).toContain("Saved");
    expect((await page(browser)).notice).toBe("silence");
    expect(textOf((await tab.call("Account#count")).updates)).toContain("silence");
  });

  it("waits for the page that the call sends its visitor to", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    const { updates } = await tab.call("Account#sayAndLeave", { args: ["Moved"] });
    expect(updates).toEqual([["visit", "/state?moved=1"]]);
    expect([(await page(browser)).notice, (await page(browser)).notice]).toEqual(["Moved", "silence"]);
  });

  it("stays in the page that shows it while others change the session, also through a sleep", async () => {
    const browser = new BrowserJar();
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    await tab.call("Account#say", { args: ["Saved"] });
    await other.call("Account#count");
    await tab.until(() => tab.pushes.length === 1);
    await evictDurableObject(await objectOf(browser), { webSockets: "hibernate" });
    await other.call("Account#count");
    await tab.until(() => tab.pushes.length === 2);
    // Only the count has changed.
    expect(textOf(tab.pushes)).not.toMatch(/Saved|silence/);
  });

  it("stays in a page that a browser has loaded with it, until the tab calls something", async () => {
    const browser = new BrowserJar();
    await browser.open("/state").then((tab) => tab.call("Account#sayAndLeave", { args: ["Moved"] }));
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    expect([
      shown(browser.texts.get(tab) ?? "", "notice"),
      shown(browser.texts.get(other) ?? "", "notice"),
    ]).toEqual(["Moved", "silence"]);
    await other.call("Account#count");
    await tab.until(() => tab.pushes.length === 1);
    expect(textOf(tab.pushes)).not.toContain("silence");
    expect(textOf((await tab.call("Account#count")).updates)).toContain("silence");
  });

  it("is not shown to another tab that happens to be rendered before its page", async () => {
    const browser = new BrowserJar();
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    await tab.call("Account#sayAndLeave", { args: ["Moved"] });
    await other.call("Account#peek");
    expect(textOf(other.pushes)).not.toContain("Moved");
  });

  it("waits for its own tab's page, whatever another tab calls before", async () => {
    const browser = new BrowserJar();
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    await tab.call("Account#sayAndLeave", { args: ["Moved"] });
    const { updates } = await other.call("Account#nameNobody");
    expect(textOf(updates)).not.toContain("Moved");
    expect((await page(browser)).notice).toBe("Moved");
  });

  it("cannot be set by an action that only reads", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    expect((await tab.call("Account#peekAndFlash")).outcome).toBe("reflex-failed");
  });
});

describe("a message that waits for its page", () => {
  it("is shown by no page of a call that only reads, since that could not say so", async () => {
    const browser = new BrowserJar();
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    await tab.call("Account#sayAndLeave", { args: ["Moved"] });
    const { updates } = await other.call("Account#peek");
    expect(JSON.stringify(updates)).not.toContain("Moved");
    expect([(await page(browser)).notice, (await page(browser)).notice]).toEqual(["Moved", "silence"]);
  });
});

describe("a cookie that an action sets", () => {
  it("is fetched by the browser over HTTP, HttpOnly, and seen by the page at once", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    const reply = await tab.call("Account#dress", { args: ["dark"] });
    expect(textOf(reply.updates)).toContain("dark");
    const answer = await browser.runErrand(reply);
    expect(answer?.headers.getSetCookie()).toEqual(["theme=dark; Path=/; HttpOnly; Secure; SameSite=Lax"]);
    expect((await page(browser)).theme).toBe("dark");
  });

  it("is seen by the pages of all tabs, and sent once", async () => {
    const browser = new BrowserJar();
    const [tab, other] = [await browser.open("/state"), await browser.open("/state")];
    await browser.runErrand(await tab.call("Account#dress", { args: ["dark"] }));
    expect(textOf((await tab.call("Account#dress", { args: ["dark"] })).frame)).not.toContain("errand");
    await other.until(() => textOf(other.frames).includes("dark"));
  });

  it("is read by scripts when it is said so, and goes when it is deleted", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    const answer = await browser.runErrand(await tab.call("Account#dress", { args: ["dark", true] }));
    expect(answer?.headers.getSetCookie()).toEqual(["theme=dark; Path=/; Secure; SameSite=Lax"]);
    await browser.runErrand(await tab.call("Account#undress"));
    expect([(await page(browser)).theme, browser.get("theme")]).toEqual(["plain", undefined]);
  });

  it("cannot take the name of the session's own", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    for (const name of ["__Host-reflex", "reflex", "reflex-tab", "a b", ""]) {
      expect((await tab.call("Account#takeName", { args: [name] })).outcome).toBe("reflex-failed");
    }
  });

  it("is told to no client that does not run errands", async () => {
    const browser = new BrowserJar();
    await page(browser);
    const { Tab: Page } = await import("../support/tab.ts");
    const tab: Tab = await Page.connect(browser.header);
    tab.send(["l", "/state"]);
    expect(textOf((await tab.call("Account#dress", { args: ["dark"] })).frame)).not.toContain("errand");
  });
});

describe("a client that cannot be given a cookie", () => {
  it("cannot log in, and keeps the session that it has", async () => {
    const browser = new BrowserJar();
    await page(browser);
    const { Tab: Page } = await import("../support/tab.ts");
    const tab: Tab = await Page.connect(browser.header);
    tab.send(["l", "/state"]);
    expect((await tab.call("Account#logIn", { args: ["Ada"] })).outcome).toBe("reflex-failed");
    expect((await page(browser)).name).toBe("nobody");
  });
});

describe("an address", () => {
  it("has the host that the visitor knows, in a page and in the page of a call", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    expect((await page(browser)).url).toBe("https://site.example/x?a=1");
    // No patch for it: it is the same.
    expect((await tab.call("Account#count")).updates).toEqual([["", ["1", "1"]]]);
  });
});

describe("what a session has no room for", () => {
  const [keyMax, valueMax] = [LIMITS.sessionKeyChars, LIMITS.sessionValueChars];
  it.each([
    ["a key", keyMax + 1, 1, `"k+ has ${keyMax + 1}; it must be text of 1 to ${keyMax} characters`],
    ["a value", 3, valueMax + 1, `Session "kkk" would take ${valueMax + 1}; expected at most ${valueMax} `],
  ])(
    "is refused by an error that names it, its size and the limit, with nothing of the turn written: %s",
    async (...row) => {
      const [, keyChars, chars, message] = row;
      const browser = new BrowserJar();
      const tab = await browser.open("/state");
      await tab.call("Account#countAndStore", { args: [keyMax, 1] });
      const object = await objectOf(browser);
      const before = await storedIn(object);
      logged.length = 0;
      expect((await tab.call("Account#countAndStore", { args: [keyChars, chars] })).outcome).toBe(
        "reflex-failed",
      );
      expect(String(logged[0]?.cause)).toMatch(new RegExp(message));
      const after = await storedIn(object);
      expect([...after.keys()]).toEqual([...before.keys()]);
      expect(after.get("session")).toMatchObject({ values: valuesOf(before) });
      expect((await page(browser)).count).toBe("1");
    },
  );
});

describe("the life of a session", () => {
  it("is a year by default, and moves on with what is written, without a row of its own", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    expect(await endOf(object)).toBeGreaterThan(Date.now() + SESSION_MS - 60_000);
    await age(object, 2 * 86_400_000);
    await tab.call("Account#count");
    expect(await endOf(object)).toBeGreaterThan(Date.now() + SESSION_MS - 60_000);
  });

  it("moves on with a page that is only read, once in a while", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    await age(object, 2 * 86_400_000);
    await page(browser);
    const end = await endOf(object);
    await page(browser);
    expect([end > Date.now() + SESSION_MS - 60_000, await endOf(object)]).toEqual([true, end]);
  });

  it("tells a tab that is used without loading pages to fetch its cookie with a new date", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    expect(textOf((await tab.call("Account#count")).frame)).not.toContain("errand");
    await age(await objectOf(browser), 2 * 86_400_000);
    const [errand] = (await tab.call("Account#count")).updates;
    expect(errand).toEqual(["errand", ""]);
    expect((await browser.errand("")).status).toBe(204);
    expect(textOf((await tab.call("Account#count")).frame)).not.toContain("errand");
  });

  it("ends on time: everything stored is gone, with the alarm, and open tabs are told", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    await age(object, SESSION_MS - 1000);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    // The alarm of before rang in vain, and is set for the end as it is.
    expect(await runInDurableObject(object, (_, { storage }) => storage.getAlarm())).toBe(
      await endOf(object),
    );
    await age(object, 1000);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect((await tab.closed).reason).toBe("session-expired");
    const left = await runInDurableObject(object, async (_, { storage }) => [
      [...storage.kv.list()].length,
      await storage.getAlarm(),
    ]);
    expect(left).toEqual([0, null]);
    expect((await page(browser)).count).toBe("0");
  });

  it("shows in every page that is open when it ends", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    await age(object, SESSION_MS);
    await runDurableObjectAlarm(object);
    await tab.closed;
    const again = await browser.back(tab, "/state", { seen: 1 });
    await again.until(() => textOf(again.frames).includes('id=\\"count\\">0<'));
  });

  it("is shorter for a session that says so, and rolls all the same", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    expect((await tab.call("Account#forget", { args: [59_999] })).outcome).toBe("reflex-failed");
    await tab.call("Account#forget", { args: [60_000] });
    const object = await objectOf(browser);
    const end = await endOf(object);
    expect([end > Date.now() + 50_000, end <= Date.now() + 60_000]).toEqual([true, true]);
    expect(await runInDurableObject(object, (_, { storage }) => storage.getAlarm())).toBe(end);
    await age(object, 10_000);
    await tab.call("Account#count");
    expect(await endOf(object)).toBeGreaterThanOrEqual(end);
    await age(object, 60_001);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect((await page(browser)).count).toBe("0");
  });

  it("leaves nothing of a visitor who stores nothing", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#peek");
    const left = await runInDurableObject(await objectOf(browser), async (_, { storage }) => [
      [...storage.kv.list()].length,
      await storage.getAlarm(),
    ]);
    expect(left).toEqual([0, null]);
  });

  it("counts exactly when two tabs read, wait and write a thousand times each", {
    timeout: 60_000,
  }, async () => {
    const browser = new BrowserJar();
    const tabs = [await browser.open("/state"), await browser.open("/state")];
    const thousand = Array.from({ length: 1000 });
    await Promise.all(
      tabs.map(async (tab) => {
        for (const _ of thousand) await tab.call("Account#countSlowly");
      }),
    );
    expect((await page(browser)).count).toBe("2000");
  });

  it("counts exactly when pages read, wait and write while calls do", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    const both = Array.from({ length: 30 }, () => [
      tab.call("Account#countSlowly"),
      browser.load("/count-slowly", { method: "POST", headers: { Origin: ORIGIN } }),
    ]);
    await Promise.all(both.flat());
    expect((await page(browser)).count).toBe("60");
  });

  it("survives a kill of its object between two calls", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    await runInDurableObject(await objectOf(browser), (_, ctx) => ctx.abort("killed")).catch(() => {});
    expect((await tab.closed).code).toBe(1006);
    expect((await page(browser)).count).toBe("1");
  });
});

/** Everything that is stored, by its key. */
async function storedIn(object: DurableObjectStub): Promise<ReadonlyMap<string, unknown>> {
  return await runInDurableObject(object, (_, { storage }) => new Map(storage.kv.list()));
}

function valuesOf(stored: ReadonlyMap<string, unknown>): unknown {
  return Reflect.get(Object(stored.get("session")), "values");
}

async function endOf(object: DurableObjectStub): Promise<number> {
  return await runInDurableObject(
    object,
    (_, { storage }) => storage.kv.get<{ expiresAt: number }>("session")?.expiresAt ?? 0,
  );
}

/** Lets a session be so much older. */
async function age(object: DurableObjectStub, milliseconds: number): Promise<void> {
  await runInDurableObject(object, (_, { storage }) => {
    const row = storage.kv.get<{ expiresAt: number }>("session");
    if (row === undefined) throw new Error("Nothing is stored");
    storage.kv.put("session", { ...row, expiresAt: row.expiresAt - milliseconds });
  });
  await evictDurableObject(object, { webSockets: "hibernate" });
}
