import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeClientFrame, decodeServerFrame, encode, isPageUrl } from "../../src/protocol/codec.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { ClientFrame } from "../../src/protocol/messages.ts";

const call = (detail: unknown, target: unknown = "A#b", number: unknown = 1) =>
  decodeClientFrame(JSON.stringify(["c", number, target, detail]));
const nest = (levels: number): unknown => (levels === 0 ? 0 : { inner: nest(levels - 1) });
const many = <Item>(length: number, item: Item) => Array.from({ length }, () => item);
const element = (more: object) => ({ element: { tag: "p", attributes: {}, ...more } });

describe("decodeClientFrame", () => {
  it("reads what encode wrote", () => {
    const detail = fc.record(
      {
        element: fc.record(
          {
            tag: fc.string(),
            attributes: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
            value: fc.string(),
            checked: fc.boolean(),
            values: fc.array(fc.string()),
          },
          { requiredKeys: ["tag", "attributes"] },
        ),
        form: fc.array(fc.tuple(fc.string(), fc.string())),
        args: fc.array(fc.jsonValue(), { maxLength: LIMITS.args }),
      },
      { requiredKeys: [] },
    );
    const frames: fc.Arbitrary<ClientFrame> = fc.oneof(
      fc.constant<ClientFrame>(["s"]),
      fc.webPath().map((path): ClientFrame => ["l", `/${path.replace(/^\/+/, "")}`]),
      fc.tuple(
        fc.constant("c" as const),
        fc.nat().map((n) => n + 1),
        fc.string({ maxLength: LIMITS.targetChars }),
        detail,
      ),
    );
    fc.assert(
      fc.property(frames, (frame) => {
        const sent = JSON.parse(JSON.stringify(frame));
        expect(decodeClientFrame(encode(frame))).toEqual({ kind: "frame", frame: sent });
      }),
    );
  });

  it("never throws, whatever it gets", () => {
    fc.assert(fc.property(fc.string(), (text) => void decodeClientFrame(text)));
    fc.assert(fc.property(fc.json(), (text) => void decodeClientFrame(`["c",1,"A#b",${text}]`)));
    for (const open of ["[", '{"a":']) decodeClientFrame(`["c",1,"A#b",{"args":${open.repeat(100_000)}`);
    decodeClientFrame(`["c",1,"A#b",{"args":[${"[".repeat(100_000)}${"]".repeat(100_000)}]}]`);
  });

  const bounded: readonly (readonly [string, (size: number) => unknown, number])[] = [
    ["arguments", (size) => ({ args: many(size, 1) }), LIMITS.args],
    ["levels of an argument", (size) => ({ args: [nest(size)] }), LIMITS.argDepth],
    ["form fields", (size) => ({ form: many(size, ["a", "b"]) }), LIMITS.formFields],
    [
      "attributes",
      (size) => element({ attributes: Object.fromEntries(many(size, "").map((_, n) => [n, ""])) }),
      LIMITS.elementAttributes,
    ],
    ["values", (size) => element({ values: many(size, "a") }), LIMITS.elementValues],
  ];
  it.each(bounded)(
    "takes as many %s as there may be, and refuses one more by the call's number",
    (_, make, limit) => {
      expect(call(make(limit)).kind).toBe("frame");
      expect(call(make(limit + 1))).toMatchObject({ kind: "bad-call", number: 1 });
    },
  );

  it("refuses a target, an address and a frame that are one character too long", () => {
    expect(call({}, "a".repeat(LIMITS.targetChars)).kind).toBe("frame");
    expect(call({}, "a".repeat(LIMITS.targetChars + 1)).kind).toBe("bad-call");
    const location = (length: number) =>
      decodeClientFrame(JSON.stringify(["l", `/${"a".repeat(length - 1)}`])).kind;
    expect([location(LIMITS.urlChars), location(LIMITS.urlChars + 1)]).toEqual(["frame", "malformed"]);
    expect(decodeClientFrame(" ".repeat(LIMITS.clientFrameChars + 1))).toMatchObject({ kind: "too-large" });
  });

  const badDetails = [
    1,
    null,
    [],
    { element: 1 },
    { element: { attributes: {} } },
    { element: { tag: "p" } },
    element({ attributes: { a: 1 } }),
    element({ value: 1 }),
    element({ checked: "yes" }),
    element({ values: [1] }),
    { form: {} },
    { form: [["a"]] },
    { form: [["a", 1]] },
    { args: {} },
  ];
  it.each(badDetails)("refuses the detail %j", (detail) => {
    expect(call(detail)).toMatchObject({ kind: "bad-call", number: 1, reason: expect.any(String) });
  });

  const malformed = [
    "",
    "x",
    "1",
    "{}",
    "[]",
    '["x"]',
    '["c"]',
    '["c",0,"a",{}]',
    '["c",1.5,"a",{}]',
    '["c",1,"a",{},1]',
    '["l"]',
    '["l","/",1]',
    '["s",1]',
  ];
  it.each(malformed)("takes %j for no frame at all", (text) => {
    expect(decodeClientFrame(text).kind).toBe("malformed");
  });
});

describe("isPageUrl", () => {
  it.each(["/", "/a?b=c", "/%C3%BC"])("takes %s", (url) => {
    expect(isPageUrl(url)).toBe(true);
  });
  it.each(["", "a", "//evil.example", "/\\evil.example", "/a b", "/ü", "https://x.example/"])(
    "refuses %j",
    (url) => {
      expect(isPageUrl(url)).toBe(false);
    },
  );
});

describe("decodeServerFrame", () => {
  const frames = ['["r",1,"done",[]]', '["r",1,"refused","reflex-failed","text","id"]', '["p",[]]'];
  it.each(frames)("reads %s", (text) => {
    expect(decodeServerFrame(text)).toEqual(JSON.parse(text));
  });
  it.each(["", "{}", '["r",0,"done",[]]', '["r",1,"done"]', '["r",1,"odd",[]]', '["p",1]', '["x"]'])(
    "refuses %j",
    (text) => {
      expect(decodeServerFrame(text)).toBeUndefined();
    },
  );
});
