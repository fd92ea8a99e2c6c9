import { runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Gate, shop } from "../support/shop.ts";
import { newTabId, Tab, visit } from "../support/tab.ts";

const TABLES = [
  "CREATE TABLE stock (item TEXT PRIMARY KEY, count INTEGER NOT NULL CHECK (count >= 0)) STRICT",
  "CREATE TABLE orders (key TEXT PRIMARY KEY, item TEXT NOT NULL) STRICT",
  "CREATE TABLE careless_orders (item TEXT NOT NULL) STRICT",
];

const STOCK = 100;

beforeAll(() => env.DB.batch(TABLES.map((sql) => env.DB.prepare(sql))));
beforeEach(() => stockUp(STOCK));

/** A shop that has sold nothing. */
async function stockUp(count: number): Promise<void> {
  const { DB } = env;
  await DB.batch([
    DB.prepare("DELETE FROM orders"),
    DB.prepare("DELETE FROM careless_orders"),
    DB.prepare("INSERT OR REPLACE INTO stock (item, count) VALUES ('tea', ?)").bind(count),
  ]);
  shop.runs.length = 0;
}

/** What the database holds. */
async function books() {
  return await env.DB.prepare(
    `SELECT (SELECT count FROM stock) AS stock, (SELECT count(*) FROM orders) AS orders,
      (SELECT count(*) FROM careless_orders) AS careless`,
  ).first();
}

async function stubOf(cookie: string): Promise<DurableObjectStub> {
  return exports.SessionObject.getByName(await (await visit("/id", { headers: { Cookie: cookie } })).text());
}

/** What the session holds. */
async function sessionOf({ cookie }: Tab): Promise<unknown> {
  return await (await visit("/shop", { headers: { Cookie: cookie } })).json();
}

/** Kills an object, with all that runs in it. */
async function kill(stub: DurableObjectStub): Promise<void> {
  await expect(runInDurableObject(stub, (_, state) => state.abort("killed by the test"))).rejects.toThrow();
}

/** What goes wrong with a call: it is killed at a gate, its answer is lost, or nothing. */
type Fate = Gate | "answer lost" | "well";

/** Makes one call, through what goes wrong, until it is answered. */
async function order(tab: Tab, name: string, number: number, fate: Fate): Promise<Tab> {
  const { cookie } = tab;
  const comeBack = async () => {
    const again = await Tab.open("/", cookie, { tab: name, seen: 0, low: number, state: "" });
    again.callAs(number, "Shop#order");
    expect((await again.reply(number)).outcome).toBe("nothing");
    return again;
  };
  if (fate === "before" || fate === "after") {
    Object.assign(shop, { gate: fate, isHeld: false });
    // Its name is asked of a page, which would wait for the call.
    const stub = await stubOf(cookie);
    tab.callAs(number, "Shop#order");
    await vi.waitUntil(() => shop.isHeld, { interval: 1 });
    await kill(stub);
    return await comeBack();
  }
  tab.callAs(number, "Shop#order");
  expect((await tab.reply(number)).outcome).toBe("nothing");
  return fate === "answer lost" ? await comeBack() : tab;
}

describe("a reflex that writes to D1", () => {
  it("has its effect once by the recipe and once more for each crash without it, however often it runs", async () => {
    const fates = fc.array(fc.constantFrom<Fate>("before", "after", "answer lost", "well"), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(fates, async (all) => {
        await stockUp(STOCK);
        const name = newTabId();
        let tab = await Tab.open("/", undefined, { tab: name });
        for (const [at, fate] of all.entries()) tab = await order(tab, name, at + 1, fate);
        const killed = all.filter((fate) => fate === "before" || fate === "after").length;
        const killedAfter = all.filter((fate) => fate === "after").length;
        expect(shop.runs).toHaveLength(all.length + killed);
        expect(new Set(shop.runs).size).toBe(all.length);
        expect(await books()).toEqual({
          stock: STOCK - all.length,
          orders: all.length,
          careless: all.length + killedAfter,
        });
        // The database changed something in a run whose session was never committed.
        expect(await sessionOf(tab)).toEqual({ ordered: all.length, changed: all.length - killedAfter });
        tab.socket.close();
      }),
      { numRuns: 8, examples: [[["after"]], [["before"]], [["answer lost"]]] },
    );
  }, 20_000);
});

describe("a reflex that throws after it has written to D1", () => {
  it("leaves what it wrote, and nothing in the session, and is not run again", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const first = await tab.call("Shop#orderInVain");
    expect(first.outcome).toBe("reflex-failed");
    await kill(await stubOf(tab.cookie));
    const again = await Tab.open("/", tab.cookie, { tab: name, state: "" });
    expect(await again.call("Shop#orderInVain")).toMatchObject({ outcome: "reflex-failed", id: first.id });
    expect(shop.runs).toHaveLength(1);
    expect(await books()).toEqual({ stock: STOCK - 1, orders: 1, careless: 1 });
    expect(await sessionOf(tab)).toEqual({});
  });
});

describe("a batch of D1", () => {
  it("does nothing when one of its statements fails, and so does the session", async () => {
    await stockUp(0);
    const tab = await Tab.open("/");
    expect((await tab.call("Shop#order")).outcome).toBe("reflex-failed");
    expect(await books()).toEqual({ stock: 0, orders: 0, careless: 0 });
    expect(await sessionOf(tab)).toEqual({});
  });
});
