import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CacheError } from "../../src/cache/cache-error.ts";
import { shardOf } from "../../src/cache/cache-key.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { MemoryCache } from "../support/memory-cache.ts";

const SECOND = 1_000;

/** The error that something rejects with. */
async function errorOf(work: Promise<unknown>): Promise<CacheError> {
  const error: unknown = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof CacheError) return error;
  throw new Error(`Expected a CacheError, got ${String(error)}`);
}

describe("reading and writing", () => {
  it("behaves as a map of copies, whatever the values, keys and shards", async () => {
    const value = fc.anything({ withMap: true, withDate: true }).filter((given) => given !== undefined);
    const entries = fc.array(fc.tuple(fc.string({ minLength: 1, unit: "grapheme" }), value), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(entries, fc.integer({ min: 1, max: 9 }), async (pairs, shards) => {
        const { cache } = new MemoryCache({ shards });
        for (const [key, value] of pairs) expect(await cache.write(key, value)).toBe(true);
        const model = new Map(pairs.map(([key, value]) => [key, structuredClone(value)]));
        expect(await cache.readMulti(...model.keys())).toStrictEqual(model);
        for (const [key, value] of model) expect(await cache.read(key)).toStrictEqual(value);
      }),
      { numRuns: 30 },
    );
  });

  it("tells null, which is a value, from none", async () => {
    const { cache } = new MemoryCache();
    await cache.write("a", null);
    expect([await cache.read("a"), await cache.exist("a")]).toEqual([null, true]);
    expect([await cache.read("b"), await cache.exist("b")]).toEqual([undefined, false]);
    await cache.write("a", undefined);
    expect(await cache.exist("a")).toBe(false);
  });

  it("asks each shard once for many keys, and writes a row for each", async () => {
    const fixture = new MemoryCache({ shards: 3, capacityBytes: 100_000 });
    const pairs = Array.from({ length: 60 }, (_, at) => [`key ${at}`, at] as const);
    await fixture.cache.writeMulti(pairs);
    expect([fixture.calls.length, fixture.rowsWritten]).toEqual([3, 60]);
    expect(await fixture.cache.readMulti(...pairs.map(([key]) => key), "missing")).toEqual(new Map(pairs));
    expect([fixture.calls.length, fixture.rowsWritten]).toEqual([6, 60]);
    expect(await fixture.cache.writeMulti({ one: 1, two: undefined })).toBe(true);
    expect(await fixture.cache.read("one")).toBe(1);
  });

  it("takes as many messages as it needs for values that do not fit one", async () => {
    const fixture = new MemoryCache({ shards: 1, capacityBytes: 100_000_000 });
    const value = new Uint8Array(1_900_000);
    const keys = Array.from({ length: 10 }, (_, at) => `key ${at}`);
    await fixture.cache.writeMulti(keys.map((key) => [key, value] as const));
    expect((await fixture.cache.readMulti(...keys)).size).toBe(10);
    expect(fixture.calls).toEqual(["write", "write", "read", "read"]);
  });

  it("finds nothing when an entry has expired or has another version", async () => {
    const { cache, time } = new MemoryCache();
    await cache.write("a", 1, { expiresIn: SECOND });
    await cache.write("b", 2, { version: 7 });
    time.passUntil(SECOND - 1);
    expect(await cache.read("a")).toBe(1);
    time.passUntil(SECOND);
    expect(await cache.read("a")).toBeUndefined();
    expect([await cache.read("b", { version: "7" }), await cache.read("b", { version: 8 })]).toEqual([
      2,
      undefined,
    ]);
    expect([await cache.exist("b", { version: 8 }), await cache.exist("b")]).toEqual([false, true]);
  });

  it("deletes one, what begins so, or all, and says what there was", async () => {
    const { cache } = new MemoryCache();
    await cache.writeMulti({ "a:1": 1, "a:2": 2, b: 3 });
    expect([await cache.delete("b"), await cache.delete("b")]).toEqual([true, false]);
    expect([await cache.deleteMatched("a"), await cache.deleteMatched("a")]).toEqual([2, 0]);
    await cache.write("c", 1);
    expect([await cache.clear(), await cache.exist("c")]).toEqual([true, false]);
  });
});

describe("a namespace", () => {
  it("is what its keys begin with, and a namespace in it so too", async () => {
    const { cache } = new MemoryCache();
    const inner = cache.namespace("a").namespace("b");
    await inner.write("key", 1);
    expect([await cache.read("a:b:key"), await cache.namespace("a").read("b:key")]).toEqual([1, 1]);
    expect(await inner.readMulti("key")).toEqual(new Map([["key", 1]]));
    expect(await inner.increment("key")).toBe(2);
  });

  it("is cleared by itself", async () => {
    const { cache } = new MemoryCache();
    await cache.writeMulti({ "a:1": 1, "a:2": 2, a: 3, "ab:1": 4 });
    await cache.namespace("a").deleteMatched("2");
    expect((await cache.readMulti("a:1", "a:2", "a", "ab:1")).size).toBe(3);
    expect(await cache.namespace("a").clear()).toBe(true);
    expect([...(await cache.readMulti("a:1", "a:2", "a", "ab:1")).keys()]).toEqual(["a", "ab:1"]);
  });
});

describe("fetch", () => {
  it("computes what is missing once for all who ask at once, and never while it is there", async () => {
    const fixture = new MemoryCache();
    let runs = 0;
    let finish = (_: string) => {};
    const compute = () => {
      runs += 1;
      return new Promise<string>((resolve) => {
        finish = resolve;
      });
    };
    const asked = Array.from({ length: 50 }, () => fixture.cache.fetch("key", compute));
    await fixture.settle();
    finish("value");
    expect(await Promise.all(asked)).toEqual(Array(50).fill("value"));
    expect(await fixture.cache.fetch("key", compute)).toBe("value");
    expect([runs, fixture.rowsWritten, fixture.timers.size]).toEqual([1, 1, 0]);
  });

  it("gives what a function throws to its caller alone, and lets the next in line compute", async () => {
    const fixture = new MemoryCache();
    let fail = (_: Error) => {};
    const first = fixture.cache.fetch(
      "key",
      () =>
        new Promise<number>((_, reject) => {
          fail = reject;
        }),
    );
    await fixture.settle();
    const others = [2, 3].map((number) => fixture.cache.fetch("key", () => number));
    await fixture.settle();
    fail(new Error("mine"));
    await expect(first).rejects.toThrow("mine");
    expect(await Promise.all(others)).toEqual([2, 2]);
    expect(fixture.failures).toEqual([]);
  });

  it("lets the next in line compute when one takes too long, who gets its value and stores nothing", async () => {
    const fixture = new MemoryCache();
    let finish = (_: string) => {};
    const slow = fixture.cache.fetch(
      "key",
      { timeout: 100 },
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    await fixture.settle();
    fixture.time.passUntil(50);
    const next = fixture.cache.fetch("key", { timeout: 100 }, () => "next");
    await fixture.settle();
    fixture.time.passUntil(100);
    expect(await next).toBe("next");
    finish("late");
    expect(await slow).toBe("late");
    expect([await fixture.cache.read("key"), fixture.rowsWritten]).toEqual(["next", 1]);
  });

  it("stores nothing that was deleted or written while it was computed", async () => {
    for (const change of ["delete", "deleteMatched", "write"] as const) {
      const fixture = new MemoryCache();
      let finish = (_: string) => {};
      const old = fixture.cache.fetch(
        "key",
        () =>
          new Promise<string>((resolve) => {
            finish = resolve;
          }),
      );
      await fixture.settle();
      const waits = fixture.cache.fetch("key", () => "computed after");
      await fixture.settle();
      if (change === "write") await fixture.cache.write("key", "written");
      else await fixture.cache[change]("key");
      const expected = change === "write" ? "written" : "computed after";
      expect(await waits).toBe(expected);
      finish("out of date");
      expect(await old).toBe("out of date");
      expect(await fixture.cache.read("key")).toBe(expected);
    }
  });

  it("stores nothing for undefined, which all who wait get, and stores null", async () => {
    const fixture = new MemoryCache();
    let runs = 0;
    const none = () => {
      runs += 1;
      return undefined;
    };
    expect(await Promise.all([1, 2, 3].map(() => fixture.cache.fetch("key", none)))).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([runs, fixture.rowsWritten]).toEqual([1, 0]);
    expect(await fixture.cache.fetch("key", () => null)).toBeNull();
    expect(await fixture.cache.fetch("key", () => 1)).toBeNull();
  });

  it("gives others an expired value while one renews it, for as long as it was asked to", async () => {
    const fixture = new MemoryCache();
    const options = { expiresIn: SECOND, raceConditionTtl: 500 };
    await fixture.cache.fetch("key", options, () => "old");
    fixture.time.passUntil(SECOND + 499);
    let finish = (_: string) => {};
    const renewing = fixture.cache.fetch(
      "key",
      options,
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    await fixture.settle();
    expect(await fixture.cache.fetch("key", options, () => "never called")).toBe("old");
    expect(await fixture.cache.read("key")).toBeUndefined();
    fixture.time.passUntil(SECOND + 500);
    const waits = fixture.cache.fetch("key", options, () => "never called");
    await fixture.settle();
    finish("new");
    expect([await renewing, await waits, await fixture.cache.read("key")]).toEqual(["new", "new", "new"]);
  });

  it("computes by force whatever there is, and stores that", async () => {
    const { cache } = new MemoryCache();
    await cache.write("key", "old");
    expect(await cache.fetch("key", { force: true }, () => "new")).toBe("new");
    expect(await cache.read("key")).toBe("new");
    await cache.fetch("key", { force: true }, () => undefined);
    expect(await cache.exist("key")).toBe(false);
  });

  it("computes another version, and keeps that", async () => {
    const { cache } = new MemoryCache();
    await cache.fetch("key", { version: 1 }, () => "one");
    expect(await cache.fetch("key", { version: 1 }, () => "never called")).toBe("one");
    expect(await cache.fetch("key", { version: 2 }, () => "two")).toBe("two");
    expect(await cache.read("key")).toBe("two");
  });

  it("computes of many keys those that are missing, and gives all in their order", async () => {
    const { cache } = new MemoryCache();
    await cache.writeMulti({ b: "there", d: null });
    const computed: string[] = [];
    const values = await cache.fetchMulti(["a", "b", "c", "d", "a"], {}, (key) => {
      computed.push(key);
      return `computed ${key}`;
    });
    expect([...values]).toEqual([
      ["a", "computed a"],
      ["b", "there"],
      ["c", "computed c"],
      ["d", null],
    ]);
    expect(computed.sort()).toEqual(["a", "c"]);
    const forced = await cache.fetchMulti(["b"], { force: true }, () => "new");
    expect([forced.get("b"), await cache.read("b")]).toEqual(["new", "new"]);
  });

  it("gives the value, logs, and stores nothing when there is no room", async () => {
    const fixture = new MemoryCache({ shards: 1, capacityBytes: 10 });
    expect(await fixture.cache.fetch("key", () => "longer than that")).toBe("longer than that");
    expect(await fixture.cache.fetch("key", { force: true }, () => "longer than that")).toBe(
      "longer than that",
    );
    expect(fixture.failures).toMatchObject([
      { operation: "fetch", key: "key", cause: { code: "cache-full" } },
      { operation: "fetch", key: "key", cause: { code: "cache-full" } },
    ]);
    expect(await fixture.cache.exist("key")).toBe(false);
  });
});

describe("counting", () => {
  it("is exact, starts at zero, and writes one row", async () => {
    const fixture = new MemoryCache();
    await Promise.all(Array.from({ length: 100 }, () => fixture.cache.increment("n")));
    expect([await fixture.cache.read("n"), fixture.rowsWritten]).toEqual([100, 100]);
    expect(await fixture.cache.increment("n", 5)).toBe(105);
    expect(await fixture.cache.decrement("n", 200)).toBe(-95);
    expect(await fixture.cache.decrement("new")).toBe(-1);
  });

  it("keeps the expiry that there is, and takes the one given where there is none", async () => {
    const { cache, time } = new MemoryCache();
    await cache.increment("n", 1, { expiresIn: SECOND });
    time.passUntil(SECOND - 1);
    expect(await cache.increment("n", 1, { expiresIn: SECOND })).toBe(2);
    time.passUntil(SECOND);
    expect(await cache.increment("n")).toBe(1);
    time.passUntil(900 * SECOND);
    expect(await cache.read("n")).toBe(1);
  });

  it("refuses what is no whole number, and what would not be exact, and changes nothing", async () => {
    const fixture = new MemoryCache();
    await fixture.cache.writeMulti({ text: "1", half: 0.5, large: Number.MAX_SAFE_INTEGER });
    const rows = fixture.rowsWritten;
    for (const key of ["text", "half", "large"]) {
      const error = await errorOf(fixture.cache.increment(key));
      expect([error.code, error.key]).toEqual(["cache-number", key]);
    }
    for (const by of [0.5, Number.NaN, "1" as unknown as number, 2 ** 53]) {
      expect((await errorOf(fixture.cache.increment("n", by))).code).toBe("cache-option");
      expect((await errorOf(fixture.cache.decrement("n", by))).code).toBe("cache-option");
    }
    expect(fixture.rowsWritten).toBe(rows);
  });
});

describe("wrong use", () => {
  const max = LIMITS.cacheKeyChars;

  it("is a key that is empty, too long or no text: it says so, and nothing is asked", async () => {
    const fixture = new MemoryCache();
    const { cache } = fixture;
    for (const key of ["", "k".repeat(max + 1), "\ud800", 7 as unknown as string]) {
      const uses = [
        cache.read(key),
        cache.readMulti("good", key),
        cache.write(key, 1),
        cache.writeMulti([
          ["good", 1],
          [key, 1],
        ]),
        cache.fetch(key, () => 1),
        cache.fetchMulti([key], {}, () => 1),
        cache.delete(key),
        cache.deleteMatched(key),
        cache.exist(key),
        cache.increment(key),
        cache.decrement(key),
      ];
      for (const use of uses) expect((await errorOf(use)).code).toBe("cache-key");
      expect(() => cache.namespace(key)).toThrow(CacheError);
    }
    expect(fixture.calls).toEqual([]);
    expect(await cache.write("k".repeat(max), 1)).toBe(true);
    const error = await errorOf(cache.namespace("a").write("k".repeat(max), 1));
    expect(error.message).toContain(`has ${max + 2} characters with its namespaces; expected at most ${max}`);
  });

  it("is a value that cannot be copied or is too large: it says which, how large, and the limit", async () => {
    const fixture = new MemoryCache({ shards: 1, capacityBytes: 10_000_000 });
    const { cache } = fixture;
    const uncloneable = await errorOf(cache.write("the key", () => 1));
    expect([uncloneable.code, uncloneable.key]).toEqual(["cache-value", "the key"]);
    expect(uncloneable.message).toContain("the key");
    // JSON takes a byte before and two quotes.
    const limit = LIMITS.cacheValueBytes;
    expect(await cache.write("fits", "x".repeat(limit - 3))).toBe(true);
    const large = "x".repeat(limit - 2);
    const rows = fixture.rowsWritten;
    for (const use of [
      cache.write("the key", large),
      cache.writeMulti({ other: 1, "the key": large }),
      cache.fetch("the key", () => large),
      cache.fetch("the key", { force: true }, () => large),
    ]) {
      const error = await errorOf(use);
      expect([error.code, error.key]).toEqual(["cache-too-large", "the key"]);
      expect(error.message).toContain(`"the key" takes ${limit + 1} bytes; expected at most ${limit}`);
    }
    expect([fixture.rowsWritten, fixture.timers.size]).toEqual([rows, 0]);
    // Nobody waits for the value that could not be stored.
    expect(await cache.fetch("the key", () => 1)).toBe(1);
  });

  it("is a value for which there is no room: it says which, how large, and the capacity", async () => {
    const { cache } = new MemoryCache({ shards: 1, capacityBytes: 20 });
    await cache.write("kept", "12345");
    const error = await errorOf(cache.write("key", "more than that"));
    expect([error.code, error.key]).toEqual(["cache-full", "key"]);
    expect(error.message).toMatch(/"key", which takes 20 bytes: its object holds 20, .* take 12/);
    expect((await errorOf(cache.namespace("long namespace").increment("n"))).code).toBe("cache-full");
    expect(await cache.read("kept")).toBe("12345");
  });

  it("is an option out of its range", async () => {
    const { cache } = new MemoryCache();
    const wrong = [
      { expiresIn: 0 },
      { expiresIn: -1 },
      { expiresIn: Number.POSITIVE_INFINITY },
      { expiresIn: LIMITS.cacheEntryMs + 1 },
      { raceConditionTtl: LIMITS.cacheEntryMs + 1 },
      { expiresIn: "1" as unknown as number },
      { raceConditionTtl: Number.NaN },
      { timeout: 0 },
      { timeout: LIMITS.cacheLeaseMs + 1 },
      { version: "v".repeat(LIMITS.cacheVersionChars + 1) },
      { version: {} as string },
    ];
    for (const options of wrong) {
      const error = await errorOf(cache.fetch("key", options, () => 1));
      expect([error.code, error.message]).toEqual([
        "cache-option",
        expect.stringContaining(Object.keys(options)[0] ?? ""),
      ]);
    }
  });
});

describe("a cache that does not answer", () => {
  const troubles = ["unreachable", "throws", "silent"] as const;

  /** What is asked while a shard says nothing is given up when its time is over. */
  async function outcome<Result>(fixture: MemoryCache, work: Promise<Result>): Promise<Result> {
    await fixture.settle();
    fixture.time.passUntil(fixture.time.now + LIMITS.cacheAnswerMs + 10_000);
    return await work;
  }

  it.each(troubles)(
    "fails no page (%s): fetch computes, reading misses, writing says false",
    async (trouble) => {
      const fixture = new MemoryCache();
      const { cache } = fixture;
      fixture.trouble = trouble;
      expect(
        await outcome(
          fixture,
          cache.fetch("a", () => "computed"),
        ),
      ).toBe("computed");
      expect(
        await outcome(
          fixture,
          cache.fetch("a", { force: true }, () => "computed"),
        ),
      ).toBe("computed");
      expect(await outcome(fixture, cache.read("a"))).toBeUndefined();
      expect(await outcome(fixture, cache.readMulti("a"))).toEqual(new Map());
      expect(await outcome(fixture, cache.exist("a"))).toBe(false);
      expect(await outcome(fixture, cache.write("a", 1))).toBe(false);
      expect(await outcome(fixture, cache.delete("a"))).toBe(false);
      expect(fixture.failures.map(({ operation, key }) => `${operation} ${key}`)).toEqual(
        ["fetch", "fetch", "read", "read", "exist", "write", "delete"].map((operation) => `${operation} a`),
      );
      expect(await outcome(fixture, cache.deleteMatched("a"))).toBe(0);
      expect(await outcome(fixture, cache.clear())).toBe(false);
      expect(fixture.timers.size).toBe(0);
    },
  );

  it.each(troubles)("cannot count (%s), and says so", async (trouble) => {
    const fixture = new MemoryCache();
    fixture.trouble = trouble;
    const error = await outcome(fixture, errorOf(fixture.cache.increment("n")));
    expect([error.code, error.key, error.cause instanceof Error]).toEqual(["cache-unreachable", "n", true]);
    expect(fixture.failures).toHaveLength(1);
  });

  it("gives what was computed also when it is gone by then", async () => {
    const fixture = new MemoryCache();
    const compute = () => {
      fixture.trouble = "throws";
      return "computed";
    };
    expect(await fixture.cache.fetch("key", compute)).toBe("computed");
    expect(fixture.failures).toHaveLength(1);
    await expect(
      fixture.cache.fetch("key", () => {
        throw new Error("mine");
      }),
    ).rejects.toThrow("mine");
  });

  it("is an error where there is none at all", async () => {
    const fixture = new MemoryCache();
    fixture.trouble = "missing";
    const { cache } = fixture;
    for (const use of [cache.read("a"), cache.fetch("a", () => 1), cache.write("a", 1), cache.clear()]) {
      await expect(use).rejects.toThrow("There is no cache");
    }
    expect(fixture.timers.size).toBe(0);
  });

  it("still refuses wrong use", async () => {
    const fixture = new MemoryCache();
    fixture.trouble = "throws";
    expect((await errorOf(fixture.cache.write("key", () => 1))).code).toBe("cache-value");
    expect(fixture.failures).toEqual([]);
  });
});

describe("the shard of a key", () => {
  it("is the same for ever", () => {
    const keys = ["clicks", "rates:EUR", "é", "k".repeat(512)];
    expect(keys.map((key) => shardOf(key, 8))).toEqual([6, 5, 1, 6]);
  });

  it("spreads keys evenly", () => {
    const counts = Array<number>(8).fill(0);
    for (let at = 0; at < 8_000; at += 1) {
      const shard = shardOf(`user:${at}`, 8);
      counts[shard] = (counts[shard] ?? 0) + 1;
    }
    for (const count of counts) expect(count).toBeGreaterThan(850);
  });
});
