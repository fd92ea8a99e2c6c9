import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CacheError } from "../../src/cache/cache-error.ts";
import { decodeValue } from "../../src/cache/decode-value.ts";
import { encodeValue } from "../../src/cache/encode-value.ts";

function roundTrip(value: unknown): unknown {
  return decodeValue(encodeValue("key", value));
}

describe("a cached value", () => {
  it("comes back as structured clone would copy it", () => {
    const value = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(value, (given) => {
        const copy = structuredClone(given);
        expect(roundTrip(given)).toStrictEqual(copy);
      }),
    );
  });

  it("keeps what JSON does not", () => {
    for (const value of [undefined, Number.NaN, -0, Infinity, 12n, new Date(Number.NaN), /a\/b/giu]) {
      expect(roundTrip({ value })).toStrictEqual({ value });
    }
    expect(Object.hasOwn(roundTrip(JSON.parse('{"__proto__":{"a":1}}')) as object, "__proto__")).toBe(true);
    expect(Object.hasOwn(roundTrip(new Map([[1, JSON.parse('{"__proto__":1}')]])) as object, "size")).toBe(
      false,
    );
    const holed = Object.assign([1, 2], { more: 3 });
    delete holed[0];
    expect(roundTrip(holed)).toStrictEqual(holed);
    expect(roundTrip("\ud800 half a character")).toBe("\ud800 half a character");
  });

  it("keeps one object that occurs twice one, and a value that contains itself so", () => {
    const shared = { a: 1 };
    const [one, other] = roundTrip([shared, shared]) as [object, object];
    expect(one).toBe(other);
    const loop: { self?: unknown; list: unknown[] } = { list: [] };
    loop.self = loop;
    loop.list.push(loop, new Map([["loop", loop]]));
    const copy = roundTrip(loop) as typeof loop;
    expect(copy.self).toBe(copy);
    expect((copy.list[1] as Map<string, unknown>).get("loop")).toBe(copy);
  });

  it("keeps two views of one buffer over one buffer, in whatever order they come", () => {
    const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer;
    const views = [new Uint16Array(buffer, 2, 2), new DataView(buffer, 1, 3), buffer, new Uint8Array([9])];
    const copy = roundTrip(views) as [Uint16Array, DataView, ArrayBuffer, Uint8Array];
    expect(copy).toStrictEqual(views);
    expect(copy[0].buffer).toBe(copy[2]);
    expect(copy[1].buffer).toBe(copy[2]);
    expect([copy[1].byteOffset, copy[1].byteLength]).toEqual([1, 3]);
  });

  it("keeps an error's kind, message, stack and cause, and of an object of a class the fields", () => {
    const error = new TypeError("wrong", { cause: new RangeError("far") });
    const copy = roundTrip(error) as TypeError;
    expect(copy).toBeInstanceOf(TypeError);
    expect([copy.message, copy.stack]).toEqual(["wrong", structuredClone(error).stack]);
    expect(copy.cause).toBeInstanceOf(RangeError);
    class Point {
      x = 1;
    }
    expect(roundTrip(new Point())).toStrictEqual({ x: 1 });
  });

  it("is as long as it is stored: JSON and a byte, bytes and what says so", () => {
    expect(encodeValue("key", { a: [1, "é"] })).toHaveLength(
      1 + new TextEncoder().encode('{"a":[1,"é"]}').length,
    );
    expect(encodeValue("key", new Uint8Array(1_000)).length).toBeLessThan(1_100);
  });

  it("cannot be a function, a promise, a symbol or memory that is shared", () => {
    for (const value of [
      () => 1,
      Promise.resolve(),
      Symbol("a"),
      { deep: [() => 1] },
      new SharedArrayBuffer(1),
    ]) {
      expect(() => encodeValue("the key", value)).toThrow(CacheError);
      expect(() => encodeValue("the key", value)).toThrow(/"the key".*structuredClone/);
    }
  });

  it("cannot be nested deeper than the stack", () => {
    let deep: unknown[] = [];
    for (let level = 0; level < 100_000; level += 1) deep = [deep];
    expect(() => encodeValue("key", deep)).toThrow(CacheError);
  });

  it("is none when its format is one that there is not", () => {
    expect(decodeValue(new Uint8Array([99, 1, 2]))).toBeUndefined();
    expect(decodeValue(new Uint8Array())).toBeUndefined();
  });
});
