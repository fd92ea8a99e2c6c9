import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { CacheSource } from "../../src/app/cache-source.ts";
import type { Cache } from "../../src/cache/cache.ts";
import { shardOf } from "../../src/cache/cache-key.ts";
import type { CacheFailure } from "../../src/cache/shard-calls.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Tab, visit } from "../support/tab.ts";
import { computing, logged } from "../support/worker.ts";

/** A cache as a queue's consumer would have it, and what its log was told. */
function openCache(): { cache: Cache; failures: CacheFailure[] } {
  const failures: CacheFailure[] = [];
  const cache = new CacheSource({}, (failure) => failures.push(failure)).cacheFor({ exports });
  return { cache, failures };
}

function shardWith(key: string): DurableObjectStub {
  return exports.CacheObject.getByName(`cache:${shardOf(key, 8)}`);
}

async function clicks(): Promise<string> {
  const page = await (await visit("/clicks")).text();
  return /id="clicks">(.*?)<\/p>/.exec(page)?.[1] ?? page;
}

function openTabs(count: number): Promise<readonly Tab[]> {
  return Promise.all(Array.from({ length: count }, () => Tab.open()));
}

describe("the cache", () => {
  it("counts a thousand increments of fifty sessions to exactly a thousand, and pages show them", {
    timeout: 60_000,
  }, async () => {
    await openCache().cache.delete("clicks");
    const tabs = await openTabs(50);
    const calls = tabs.flatMap((tab) => Array.from({ length: 20 }, () => tab.call("Probe#countForAll")));
    const outcomes = await Promise.all(calls);
    expect(new Set(outcomes.map(({ outcome }) => outcome))).toEqual(new Set(["nothing"]));
    expect(await clicks()).toBe("1000");
  });

  it("keeps what a reflex did to it that failed", async () => {
    const { cache } = openCache();
    await cache.write("clicks", 5);
    const tab = await Tab.open();
    expect((await tab.call("Probe#countForAllThenThrow")).outcome).toBe("reflex-failed");
    expect(await cache.read("clicks")).toBe(6);
  });

  it("has one of fifty sessions compute what all ask for at once", {
    timeout: 60_000,
  }, async () => {
    computing.begin();
    const tabs = await openTabs(50);
    const answers = tabs.map((tab) => tab.call("Probe#computeForAll", { args: ["one for all", 10_000] }));
    await vi.waitUntil(() => computing.sessions.length > 0);
    computing.isDone = true;
    const pages = (await Promise.all(answers)).map(({ updates }) => JSON.stringify(updates));
    expect(computing.sessions).toHaveLength(1);
    for (const page of pages) expect(page).toContain(`computed by ${computing.sessions[0]}`);
  });

  it("has another session compute when the one that did is gone", async () => {
    computing.begin();
    const [holder, heir] = [await Tab.open(), await Tab.open()];
    holder.callAs(1, "Probe#computeForAll", { args: ["inherited", 200] });
    await vi.waitUntil(() => computing.sessions.length === 1);
    const answer = heir.call("Probe#computeForAll", { args: ["inherited", 200] });
    const holderObject = exports.SessionObject.getByName(computing.sessions[0] ?? "");
    await runInDurableObject(holderObject, (_, ctx) => ctx.abort("gone")).catch(() => {});
    await vi.waitUntil(() => computing.sessions.length === 2);
    computing.isDone = true;
    expect(JSON.stringify((await answer).updates)).toContain(`computed by ${computing.sessions[1]}`);
    expect(computing.sessions[1]).not.toBe(computing.sessions[0]);
    expect(await openCache().cache.read("inherited")).toBe(`computed by ${computing.sessions[1]}`);
  });

  it("has one of those who wait compute when its object ends, and does not store what was being computed", async () => {
    const { cache, failures } = openCache();
    const computed: number[] = [];
    let isDone = false;
    const compute = (one: number) =>
      cache.fetch("cut off", async () => {
        computed.push(one);
        await vi.waitUntil(() => isDone);
        return one;
      });
    const holder = compute(1);
    await vi.waitUntil(() => computed.length === 1);
    const others = [compute(2), compute(3), compute(4)];
    // What comes behind them at their object has them waiting there.
    await cache.exist("cut off");
    await runInDurableObject(shardWith("cut off"), (_, ctx) => ctx.abort("gone")).catch(() => {});
    await vi.waitUntil(() => computed.length === 2);
    // Behind those who ask again.
    await cache.exist("cut off");
    isDone = true;
    expect(await holder).toBe(1);
    expect(new Set(await Promise.all(others))).toEqual(new Set([computed[1]]));
    expect([computed.length, await cache.read("cut off")]).toEqual([2, computed[1]]);
    expect(failures.map(({ operation }) => operation)).toEqual(["fetch", "fetch", "fetch"]);
  });

  it("keeps entries through an eviction of its objects", async () => {
    const { cache } = openCache();
    const value = { at: new Date(0), list: new Map([["a", new Uint8Array([1, 2])]]) };
    await cache.write("kept", value, { version: "1" });
    await evictDurableObject(shardWith("kept"));
    expect(await cache.read("kept", { version: "1" })).toStrictEqual(value);
    expect(await cache.read("kept", { version: "2" })).toBeUndefined();
  });

  it("stays within its capacity, keeps what has no expiry, and lets go what was used longest ago", async () => {
    const { cache } = openCache();
    await cache.clear();
    const keys = Array.from({ length: 3_000 }, (_, at) => `key ${at}`).filter((key) => shardOf(key, 8) === 0);
    const value = new Uint8Array(10_000);
    await cache.write(keys[0] ?? "", "for ever");
    await cache.writeMulti(
      keys.slice(1).map((key) => [key, value] as const),
      { expiresIn: 3_600_000 },
    );
    // The tests' application gives each of its objects a million bytes.
    const kept = await cache.readMulti(...keys);
    expect(keys.length * 10_000).toBeGreaterThan(3_000_000);
    expect([...kept.keys()]).toEqual([keys[0], ...keys.slice(-(kept.size - 1))]);
    expect((kept.size - 1) * 10_000).toBeLessThan(1_000_000);
    expect(kept.size * 10_100).toBeGreaterThan(1_000_000);
    await evictDurableObject(shardWith(keys[0] ?? ""));
    const [, oldest = "", second = ""] = [...kept.keys()];
    await cache.read(oldest);
    await cache.write(keys[1] ?? "", value, { expiresIn: 3_600_000 });
    expect([await cache.exist(oldest), await cache.exist(second)]).toEqual([true, false]);
    await cache.clear();
  });

  it("deletes what has expired by an alarm, of which there is none while nothing expires", async () => {
    const { cache } = openCache();
    const shard = shardWith("short");
    await cache.clear();
    const rows = () =>
      runInDurableObject(shard, (_, { storage }) => storage.sql.exec("SELECT key FROM entries").toArray());
    const alarm = () => runInDurableObject(shard, (_, { storage }) => storage.getAlarm());
    // The first alarm may be one of a test before.
    await runDurableObjectAlarm(shard);
    await cache.write("short", 1);
    expect(await alarm()).toBeNull();
    await cache.write("short", 1, { expiresIn: 1 });
    expect(await alarm()).not.toBeNull();
    await vi.waitUntil(async () => !(await cache.exist("short")));
    expect(await rows()).toEqual([{ key: "short" }]);
    expect(await runDurableObjectAlarm(shard)).toBe(true);
    expect([await rows(), await alarm()]).toEqual([[], null]);
  });

  it("has its alarm set also for entries that expire as late as they may", async () => {
    const { cache } = openCache();
    const longest = LIMITS.cacheEntryMs;
    await cache.clear();
    await runDurableObjectAlarm(shardWith("late"));
    await cache.fetch("late", { expiresIn: longest, raceConditionTtl: longest }, () => 1);
    const alarmAt = await runInDurableObject(shardWith("late"), (_, { storage }) => storage.getAlarm());
    expect(alarmAt).toBeGreaterThanOrEqual(Date.now() + 2 * longest - 60_000);
    await cache.delete("late");
  });

  it("fails no page when its objects fail, and tells the log", async () => {
    const { cache, failures } = openCache();
    await cache.write("clicks", 7);
    await runInDurableObject(shardWith("clicks"), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE entries RENAME TO away");
    });
    logged.length = 0;
    expect(await clicks()).toBe("0");
    expect(logged).toMatchObject([{ event: "cache-failed", target: "fetch", key: "clicks" }]);
    expect(String(logged[0]?.cause)).toContain("no such table");
    expect([await cache.read("clicks"), await cache.write("clicks", 1)]).toEqual([undefined, false]);
    await expect(cache.increment("clicks")).rejects.toMatchObject({ code: "cache-unreachable" });
    expect(failures.map(({ operation }) => operation)).toEqual(["read", "write", "increment"]);
    await runInDurableObject(shardWith("clicks"), (_, { storage }) => {
      storage.sql.exec("ALTER TABLE away RENAME TO entries");
    });
    expect(await clicks()).toBe("7");
  });

  it("refuses what is too large with nothing written, though the local runtime would take it", async () => {
    const { cache } = openCache();
    await expect(cache.write("large", "x".repeat(2_100_000))).rejects.toMatchObject({
      code: "cache-too-large",
      key: "large",
      message: expect.stringMatching(/"large" takes 2100003 bytes; expected at most 1996000/),
    });
    expect(await cache.exist("large")).toBe(false);
  });
});
