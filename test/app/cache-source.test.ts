import { describe, expect, it } from "vitest";
import { CacheSource } from "../../src/app/cache-source.ts";
import type { ClassContext } from "../../src/app/object-classes.ts";
import { createReflex } from "../../src/index.ts";
import worker from "../support/worker.ts";
import { workerContext } from "../support/worker-context.ts";

describe("the cache of an application", () => {
  it("is to be had outside of reflexes and pages, for whoever has a context", async () => {
    const ctx = workerContext();
    const cache = worker.cache(ctx);
    await cache.write("from a queue", 1);
    expect(await worker.cache(ctx).read("from a queue")).toBe(1);
  });

  it("that its Worker does not export says what to add, at the first call and not before", async () => {
    const cache = new CacheSource({}, () => {}).cacheFor({ exports: {} } as ClassContext);
    await expect(cache.fetch("key", () => 1)).rejects.toThrow(
      /export const { CacheObject } = reflex.*\[exports\.CacheObject\]/,
    );
  });

  it("has from 1 to 256 objects, of from 1 to 8 billion bytes", () => {
    const { app, reflexes } = { app: { fetch: () => new Response() }, reflexes: {} };
    for (const cache of [{ shards: 0 }, { shards: 257 }, { shards: 1.5 }, { bytes: 0 }, { bytes: 8e9 + 1 }]) {
      expect(() => createReflex({ app, reflexes, cache })).toThrow(/cache\.(shards|bytes): .*; expected/);
    }
    expect(() => createReflex({ app, reflexes, cache: { shards: 256, bytes: 8e9 } })).not.toThrow();
  });
});
