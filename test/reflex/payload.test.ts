import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Payload } from "../../src/reflex/payload.ts";

function payloadOf(values: unknown): Payload {
  const payload = new Payload();
  payload.values = values as Record<string, unknown>;
  return payload;
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : { inner: nested(levels - 1) });

describe("a payload", () => {
  it("is sent as JSON writes it, whatever JSON value it holds, as a copy", () => {
    const values = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }), { noNullPrototype: true });
    fc.assert(
      fc.property(values, (values) => {
        const sent = payloadOf(values).toJson();
        if (Object.keys(values).length === 0) return sent === undefined;
        expect(JSON.stringify(sent)).toBe(JSON.stringify(values));
        return sent !== values;
      }),
    );
  });

  it("with nothing in it is none", () => {
    expect(new Payload().toJson()).toBeUndefined();
  });

  it("takes what says itself how it is written, and leaves out what is undefined", () => {
    expect(payloadOf({ at: new Date(0), none: undefined }).toJson()).toEqual({
      at: "1970-01-01T00:00:00.000Z",
    });
  });

  it.each([
    [{ sum: Number.NaN }, "payload.sum is NaN"],
    [{ rows: [{ id: 1n }] }, "payload.rows[0].id is bigint"],
    [{ done: () => 1 }, "payload.done is function"],
    [{ all: new Map() }, "payload.all is Map"],
    [{ later: Promise.resolve(1) }, "payload.later is Promise"],
    ["text", "payload is string"],
    [null, "payload is object"],
    [[1], "payload is Array"],
  ])("says where JSON would lose a value: %o", (values, message) => {
    expect(() => payloadOf(values).toJson()).toThrow(message);
    expect(() => payloadOf(values).toJson()).toThrow(expect.objectContaining({ code: "payload-value" }));
  });

  it("that contains itself, or nests deeper than an argument may, is refused", () => {
    const values: Record<string, unknown> = {};
    values.self = values;
    expect(() => payloadOf(values).toJson()).toThrow("nothing inside itself");
    expect(payloadOf(nested(LIMITS.argDepth)).toJson()).toEqual(nested(LIMITS.argDepth));
    expect(() => payloadOf(nested(LIMITS.argDepth + 1)).toJson()).toThrow("at most 32 levels");
  });

  it("is at most so many characters long, as JSON", () => {
    const frame = JSON.stringify({ text: "" }).length;
    const most = "x".repeat(LIMITS.payloadChars - frame);
    expect(payloadOf({ text: most }).toJson()).toEqual({ text: most });
    expect(() => payloadOf({ text: `${most}x` }).toJson()).toThrow(
      expect.objectContaining({ code: "payload-size", message: expect.stringContaining("8001") }),
    );
  });
});
