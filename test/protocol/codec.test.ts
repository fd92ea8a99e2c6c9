import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeClientFrame, decodeServerFrame, encode, isPageUrl } from "../../src/protocol/codec.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { ClientFrame, ServerFrame } from "../../src/protocol/messages.ts";

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
    const kinds = ["frame", "malformed", "too-large", "bad-call"];
    // JSON near to frames: their words and shapes, with what does not belong in every place.
    const word = fc.constantFrom(
      "l",
      "c",
      "s",
      "/",
      "A#b",
      "element",
      "form",
      "args",
      "tag",
      "__proto__",
      1,
      null,
    );
    const { near } = fc.letrec<{ near: unknown }>((tie) => ({
      near: fc.oneof(
        { maxDepth: 5 },
        word,
        fc.array(tie("near"), { maxLength: 5 }),
        fc
          .array(fc.tuple(word.map(String), tie("near")), { maxLength: 4 })
          .map((entries) => Object.fromEntries(entries)),
      ),
    }));
    const text = fc.oneof(
      fc.string(),
      fc.json(),
      near.map((value) => JSON.stringify(value)),
      near.map((value) => `["c",1,"A#b",${JSON.stringify(value)}]`),
    );
    fc.assert(
      fc.property(text, (text) => {
        expect(kinds).toContain(decodeClientFrame(text).kind);
      }),
    );
  });

  const nestings = [
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"args":', "}]"],
  ] as const;
  it.each(nestings)("refuses %s nested as deeply as a frame has room for", (open, close) => {
    const times = Math.floor((LIMITS.clientFrameChars - 100) / (open.length + close.length));
    const nested = `${open.repeat(times)}1${close.repeat(times)}`;
    expect(decodeClientFrame(nested).kind).toBe("malformed");
    expect(decodeClientFrame(open.repeat(times)).kind).toBe("malformed");
    expect(decodeClientFrame(`["c",1,"A#b",{"args":[${nested}]}]`)).toMatchObject({
      kind: "bad-call",
      reason: `an argument nests at most ${LIMITS.argDepth} levels`,
    });
  });

  it("takes names of the language for data: they neither stand for members nor reach a prototype", () => {
    const decode = (detail: string) => decodeClientFrame(`["c",1,"A#b",${detail}]`).kind;
    expect(decode('{"__proto__":{"args":1,"form":1,"element":1},"constructor":1}')).toBe("frame");
    expect(decode('{"element":{"tag":"p","attributes":{"__proto__":"a","constructor":"b"}}}')).toBe("frame");
    expect(decode('{"element":{"tag":"p","attributes":{"__proto__":1}}}')).toBe("bad-call");
    expect(decode('{"element":{"__proto__":{"tag":"p","attributes":{}}}}')).toBe("bad-call");
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
    const padded = (chars: number) => decodeClientFrame('["s"]'.padEnd(chars)).kind;
    expect(padded(LIMITS.clientFrameChars)).toBe("frame");
    expect(padded(LIMITS.clientFrameChars + 1)).toBe("too-large");
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
    '["c",-1,"a",{}]',
    '["c","1","a",{}]',
    '["c",9007199254740992,"a",{}]',
    '["c",1,"a"]',
    '["l",1]',
    '["l","//evil.example"]',
    '["C",1,"a",{}]',
    "null",
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
  const frames: readonly ServerFrame[] = [
    ["r", 1, "done", []],
    [
      "r",
      2,
      "done",
      [
        ["page", "<p>", "title"],
        ["visit", "/"],
      ],
    ],
    ["r", 1, "refused", "reflex-failed", "text", "id"],
    ["p", [["title", "a"]]],
  ];
  it.each(frames.map((frame) => [frame]))("reads what encode wrote: %j", (frame) => {
    expect(decodeServerFrame(encode(frame))).toEqual(frame);
  });

  const others = [
    "",
    "<html>",
    "null",
    "{}",
    "[]",
    '["r",0,"done",[]]',
    '["r","1","done",[]]',
    '["r",1,"done"]',
    '["r",1,"done",{}]',
    '["r",1,"refused",1]',
    '["r",1,"odd",[]]',
    '["p",1]',
    '["c",1,"A#b",{}]',
    '["x"]',
  ];
  it.each(others)("refuses %j", (text) => {
    expect(decodeServerFrame(text)).toBeUndefined();
  });

  it("never throws, whatever it gets", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const frame = decodeServerFrame(text);
        if (frame !== undefined) expect(["r", "p"]).toContain(frame[0]);
      }),
    );
  });
});
