import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { SessionObject } from "../../durable-objects/session-object.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { BrowserJar, shown } from "../support/browser-jar.ts";
import { gate } from "../support/identity-site.ts";

async function state(browser: BrowserJar, id: string): Promise<string | undefined> {
  return shown((await browser.load("/state")).text, id);
}

async function objectOf(browser: BrowserJar): Promise<DurableObjectStub<SessionObject>> {
  return exports.SessionObject.getByName((await state(browser, "id")) ?? "");
}

interface StoredRow {
  readonly expiresAt?: number;
  readonly alarmAt?: number;
}

/** Changes what is stored of a session, and lets its object start anew. */
async function rewrite(object: DurableObjectStub, change: (row: StoredRow) => StoredRow): Promise<void> {
  await runInDurableObject(object, (_, { storage }) => {
    const row = storage.kv.get<StoredRow>("session");
    if (row === undefined) throw new Error("Nothing is stored");
    storage.kv.put("session", change(row));
  });
  await evictDurableObject(object, { webSockets: "hibernate" });
}

async function stored(object: DurableObjectStub): Promise<StoredRow | undefined> {
  return await runInDurableObject(object, (_, { storage }) => storage.kv.get<StoredRow>("session"));
}

describe("a reset that cannot be stored", () => {
  it("leaves the session as it was", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    expect((await tab.call("Gate#resetAndStore", { args: [12_000_000] })).outcome).toBe("reflex-failed");
    expect(await state(browser, "count")).toBe("1");
    await tab.call("Account#count");
    expect(await state(browser, "count")).toBe("2");
  });
});

describe("the alarm of a session", () => {
  it("ends nothing that was seen while it waited for its turn", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    await rewrite(object, (row) => ({ ...row, expiresAt: Date.now() - 1 }));
    delete gate.open;
    tab.callAs(2, "Gate#countWhenOpened");
    await vi.waitFor(() => expect(gate.open).toBeDefined());
    await runInDurableObject(object, async (instance) => {
      const rung = instance.alarm();
      gate.open?.();
      await rung;
    });
    expect((await tab.reply(2)).outcome).toBe("done");
    expect(await state(browser, "count")).toBe("2");
  });

  it("ends nothing whose end is not known: of a session that an older version has written since", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    await rewrite(object, ({ expiresAt: _, alarmAt: __, ...row }) => row);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await state(browser, "count")).toBe("1");
    expect((await stored(object))?.expiresAt).toBeGreaterThan(Date.now() + SESSION_MS - 60_000);
  });

  it("is set again when it was lost", async () => {
    const browser = new BrowserJar();
    const tab = await browser.open("/state");
    await tab.call("Account#count");
    const object = await objectOf(browser);
    // As after as many failures as the platform has patience for.
    await runInDurableObject(object, (_, { storage }) => storage.deleteAlarm());
    await rewrite(object, (row) => ({ ...row, alarmAt: Date.now() - 86_400_000 }));
    await tab.call("Account#count");
    expect(await runInDurableObject(object, (_, { storage }) => storage.getAlarm())).not.toBeNull();
  });
});
