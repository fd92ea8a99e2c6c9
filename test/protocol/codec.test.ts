import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { callFromElsewhere, encodeCall, isPageUrl } from "../../src/protocol/call-codec.ts";
import { decodeClientFrame, decodeServerFrame, encode } from "../../src/protocol/codec.ts";
import { CLIENT_LIMITS, LIMITS } from "../../src/protocol/limits.ts";
import type { CallDetail, CallMore, ElementSnapshot, ServerFrame } from "../../src/protocol/messages.ts";

const call = (detail: readonly unknown[], target: unknown = "A#b", number: unknown = 1) =>
  decodeClientFrame(JSON.stringify([number, target, ...detail]));
const nest = (levels: number): unknown => (levels === 0 ? 0 : { inner: nest(levels - 1) });
const many = <Item>(length: number, item: Item) => Array.from({ length }, () => item);

describe("decodeClientFrame", () => {
  const attributes = fc.dictionary(
    fc.oneof(fc.string(), fc.constant("data-reflex")),
    fc.oneof(fc.string(), fc.constantFrom("click->A#b", "click->A#b focus->A#c", " click->A#b", "->")),
    { noNullPrototype: true },
  );
  const state = fc.oneof(fc.boolean(), fc.array(fc.string()));
  const element: fc.Arbitrary<ElementSnapshot> = fc.oneof(
    fc.tuple(fc.string(), attributes),
    fc.tuple(fc.string(), attributes, fc.string()),
    fc.tuple(fc.string(), attributes, fc.string(), state),
  );
  const field = fc.oneof(fc.tuple(fc.string(), fc.string()), fc.tuple(fc.string(), fc.string(), fc.string()));
  const more: fc.Arbitrary<CallMore> = fc
    .record(
      {
        dataset: fc.dictionary(fc.string(), fc.string(), { noNullPrototype: true }),
        datasetAll: fc.dictionary(fc.string(), fc.array(fc.string()), { noNullPrototype: true }),
        values: fc.array(fc.string()),
        html: fc.string(),
        params: fc.array(field),
        controller: element,
        quiet: fc.constant<1>(1),
      },
      { requiredKeys: [] },
    )
    // An empty record says what its absence says.
    .map((more): CallMore => ({ text: "", ...more }));
  const detail: fc.Arbitrary<CallDetail> = fc.record(
    {
      element,
      form: fc.array(field),
      args: fc.array(fc.jsonValue(), { maxLength: LIMITS.args }),
      root: fc.constantFrom("#a", "main, .b.c", 'p[data-x="1 2"], [hidden]', "a#b.c"),
      more,
    },
    { requiredKeys: [] },
  );

  it("reads what encodeCall wrote", () => {
    const target = fc.oneof(fc.constant("A#b"), fc.string({ maxLength: LIMITS.targetChars }));
    fc.assert(
      fc.property(target, detail, (target, detail) => {
        const sent = JSON.parse(JSON.stringify(detail));
        // What is absent is undefined, which toEqual takes for the same.
        expect(decodeClientFrame(`[7,${encodeCall(target, detail)}]`)).toEqual({
          kind: "frame",
          frame: { kind: "call", call: { number: 7, target, detail: sent } },
        });
      }),
    );
  });

  it("leaves out what is absent at the end, and writes 0 for it in between", () => {
    expect(encodeCall("A#b", {})).toBe('"A#b"');
    expect(encodeCall("A#b", { element: ["button", { "data-step": "1" }] })).toBe(
      '"A#b",["button",{"data-step":"1"}]',
    );
    expect(encodeCall("A#b", { args: [1] })).toBe('"A#b",0,0,[1]');
  });

  it("reads what encode wrote: where a tab is, and what it wants again", () => {
    const location = (...items: readonly [string, string?]) => decodeClientFrame(encode(["l", ...items]));
    expect(location("/a?b=c")).toMatchObject({ frame: { kind: "location", url: "/a?b=c" } });
    expect(location("/", "0-1z-a")).toMatchObject({ frame: { state: { digest: "0-1z", visit: "a" } } });
    expect(decodeClientFrame(encode(["s", "0.1:a"]))).toMatchObject({
      frame: { kind: "restore", address: "0.1:a" },
    });
  });

  it("reads a hello and what it may leave out, and takes no notice of what a later version adds", () => {
    const hello = ["h", 2, "0123456789a", 3, 4, "/a?b"] as const;
    const read = { kind: "hello", version: 2, tab: "0123456789a", seen: 3, low: 4, url: "/a?b" };
    const positions = new Map<string, string>();
    expect(decodeClientFrame(encode(hello))).toEqual({
      kind: "frame",
      frame: { ...read, state: undefined, positions },
    });
    expect(decodeClientFrame(JSON.stringify([...hello, "0-1", { k1: "e.7" }, { later: true }]))).toEqual({
      kind: "frame",
      frame: { ...read, state: { digest: "0-1", visit: "" }, positions: new Map([["k1", "e.7"]]) },
    });
    expect(decodeClientFrame(encode(["a", 7]))).toMatchObject({ frame: { kind: "ack", low: 7 } });
    expect(decodeClientFrame(encode(["a", 7, 9]))).toMatchObject({ frame: { low: 7, seen: 9 } });
    const later = ['["a",7,1,1]', '["l","/","0-1-2",1]', '["s","",1]', '[1,"A#b",0,0,0,0,0,0,0,"later"]'];
    expect(later.map((text) => decodeClientFrame(text).kind)).toEqual(later.map(() => "frame"));
  });

  it("takes no more places in topics than a page has, and none that is longer than one is", () => {
    const hello = (positions: unknown) => JSON.stringify(["h", 5, "0123456789a", 0, 0, "/", "", positions]);
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, "e.1"]));
    expect(decodeClientFrame(hello(many(CLIENT_LIMITS.keptPositions)))).toMatchObject({ kind: "frame" });
    const wrong = [
      many(CLIENT_LIMITS.keptPositions + 1),
      { k: "x".repeat(LIMITS.positionChars + 1) },
      { k: 7 },
      [],
      7,
      null,
    ];
    for (const positions of wrong) expect(decodeClientFrame(hello(positions)).kind).toBe("malformed");
  });

  it("reads a call of an earlier page load as that call, and of whom it is", () => {
    fc.assert(
      fc.property(detail, (detail) => {
        const text = callFromElsewhere(encodeCall("A#b", detail), "0123456789a", "/x?y");
        expect(decodeClientFrame(`[7,${text}]`)).toEqual({
          kind: "frame",
          frame: {
            kind: "call",
            call: {
              number: 7,
              target: "A#b",
              detail: JSON.parse(JSON.stringify(detail)),
              tab: "0123456789a",
              url: "/x?y",
            },
          },
        });
      }),
    );
    expect(call([0, 0, 0, 0, "no name!"])).toMatchObject({ kind: "bad-call", number: 1 });
    expect(call([0, 0, 0, 0, 0, "//elsewhere"])).toMatchObject({ kind: "bad-call", number: 1 });
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
      near.map((value) => `[1,"A#b",${JSON.stringify(value)}]`),
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
    const times = Math.floor((CLIENT_LIMITS.clientFrameChars - 100) / (open.length + close.length));
    const nested = `${open.repeat(times)}1${close.repeat(times)}`;
    expect(decodeClientFrame(nested).kind).toBe("malformed");
    expect(decodeClientFrame(open.repeat(times)).kind).toBe("malformed");
    expect(decodeClientFrame(`[1,"A#b",0,0,[${nested}]]`)).toMatchObject({
      kind: "bad-call",
      reason: `an argument nests at most ${LIMITS.argDepth} levels`,
    });
  });

  it("takes names of the language for data: they neither stand for members nor reach a prototype", () => {
    const decode = (element: string) => decodeClientFrame(`[1,"A#b",${element}]`).kind;
    expect(decode('["p",{"__proto__":"a","constructor":"b"}]')).toBe("frame");
    expect(decode('["p",{"__proto__":1}]')).toBe("bad-call");
    expect(decode('{"__proto__":["p",{}]}')).toBe("bad-call");
  });

  const bounded: readonly (readonly [string, (size: number) => readonly unknown[], number])[] = [
    ["arguments", (size) => [0, 0, many(size, 1)], LIMITS.args],
    ["levels of an argument", (size) => [0, 0, [nest(size)]], LIMITS.argDepth],
    ["form fields", (size) => [0, many(size, ["a", "b"])], LIMITS.formFields],
    [
      "attributes",
      (size) => [["p", Object.fromEntries(many(size, "").map((_, n) => [n, ""]))]],
      LIMITS.elementAttributes,
    ],
    ["values", (size) => [["p", {}, "", many(size, "a")]], LIMITS.elementValues],
    ["characters of a root", (size) => [0, 0, 0, "a".repeat(size)], LIMITS.rootChars],
    ["selectors of a root", (size) => [0, 0, 0, many(size, "a").join()], LIMITS.rootSelectors],
  ];
  it.each(bounded)(
    "takes as many %s as there may be, and refuses one more by the call's number",
    (_, make, limit) => {
      expect(call(make(limit)).kind).toBe("frame");
      expect(call(make(limit + 1))).toMatchObject({ kind: "bad-call", number: 1 });
    },
  );

  it("refuses a target, an address and a frame that are one character too long", () => {
    expect(call([], "a".repeat(LIMITS.targetChars)).kind).toBe("frame");
    expect(call([], "a".repeat(LIMITS.targetChars + 1)).kind).toBe("bad-call");
    const location = (length: number) =>
      decodeClientFrame(JSON.stringify(["l", `/${"a".repeat(length - 1)}`])).kind;
    expect([location(CLIENT_LIMITS.urlChars), location(CLIENT_LIMITS.urlChars + 1)]).toEqual([
      "frame",
      "malformed",
    ]);
    const padded = (chars: number) => decodeClientFrame('["s",""]'.padEnd(chars)).kind;
    expect(padded(CLIENT_LIMITS.clientFrameChars)).toBe("frame");
    expect(padded(CLIENT_LIMITS.clientFrameChars + 1)).toBe("too-large");
  });

  const badDetails = [
    [null],
    [1],
    [{}],
    [[]],
    [["p"]],
    [[1, {}]],
    [["p", []]],
    [["p", { a: 1 }]],
    [["p", {}, 1]],
    [["p", {}, "", "yes"]],
    [["p", {}, "", [1]]],
    [["p", {}, "", true, 1]],
    [0, {}],
    [0, [["a"]]],
    [0, [["a", 1]]],
    [0, 0, {}],
    [0, 0, 0, 1],
    [0, 0, 0, ""],
    [0, 0, 0, "a,"],
    [0, 0, 0, "a b"],
    [0, 0, 0, "* ~ * ~ * ~ *"],
    [0, 0, 0, "a:has(b)"],
    [0, 0, 0, "[a='b']"],
    [0, 0, 0, "["],
    [0, 0, 0, { params: 0 }],
    [0, 0, 0, { controller: 0 }],
  ];
  it.each(badDetails.map((detail) => [detail]))("refuses the detail %j", (detail) => {
    expect(call(detail)).toMatchObject({ kind: "bad-call", number: 1, reason: expect.any(String) });
  });

  const malformed = [
    "",
    "x",
    "1",
    "{}",
    "[]",
    "null",
    '["x"]',
    '["c"]',
    '[0,"a"]',
    '[1.5,"a"]',
    '[-1,"a"]',
    '["1","a"]',
    '[9007199254740992,"a"]',
    "[1]",
    '["h",2,"tab",0,1,"/"]',
    '["h",2,"0123456789a",-1,1,"/"]',
    '["h",2,"0123456789a",0,1.5,"/"]',
    '["h",2,"0123456789a",0,1,"//elsewhere"]',
    '["h",2,"0123456789abcdefg",0,1,"/"]',
    '["a"]',
    '["a",-1]',
    '["C",1,"a"]',
    '["l"]',
    '["l",1]',
    '["l","//evil.example"]',
    '["l","/",1]',
    '["l","/","no digest"]',
    '["l","/","0-1-2-3"]',
    '["s"]',
    '["s",1]',
    `["s","${"1".repeat(LIMITS.addressChars + 1)}"]`,
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
    [1],
    [2, ["page", "<p>", "title"], ["visit", "/"], ["0.1", ["", "text"]]],
    ["e", 1, "reflex-failed", "text", "id"],
    ["p", 1, "a-b", ["title", "a"]],
    [1, "nothing"],
    [1, "halted", ["title", "a"]],
    ["w", 2, "session", "build"],
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
    "[0]",
    '["1"]',
    "[1,1]",
    '["e",1]',
    '["e",1,2]',
    '["e","1","text"]',
    '[1,"A#b",0]',
    '["x"]',
  ];
  it.each(others)("refuses %j", (text) => {
    expect(decodeServerFrame(text)).toBeUndefined();
  });

  it("never throws, whatever it gets", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const [kind = 1] = decodeServerFrame(text) ?? [];
        expect(["e", "p", "number"]).toContain(typeof kind === "number" ? "number" : kind);
      }),
    );
  });
});
