import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Declaration, parseDeclarations } from "../../client/declarations.ts";
import { explainEntry } from "../../client/explain-entry.ts";

/** What was read, and what was doubted and is wrong. */
function read(text: string, ownEvent = "click"): [declarations: readonly Declaration[], wrong: string[]] {
  const doubted: string[] = [];
  const declarations = parseDeclarations(text, ownEvent, (entry) => doubted.push(entry));
  return [declarations, doubted.filter((entry) => explainEntry(entry) !== undefined)];
}

/** An entry as it stands for the one that is written. */
function entry(written: string, parts: Partial<Declaration>): Declaration {
  const plain = { eventType: "click", keys: "", place: "element", args: [], options: "" } as const;
  return { entry: written, target: "A#b", ...plain, ...parts };
}

/** Writes an entry, as an application would. */
function write({ eventType, keys, place, target, args, options }: Declaration, space: string): string {
  const event = eventType + (keys && `.${keys}`) + (place === "element" ? "" : `@${place}`);
  const json = args.map((arg) => JSON.stringify(arg)).join(`,${space}`);
  return `${event}->${target}${json === "" ? "" : `(${space}${json})`}${options}`;
}

const word = fc.stringMatching(/^[a-z][a-zA-Z]{0,8}$/);
const event = fc.oneof(
  fc.record({ eventType: fc.stringMatching(/^[a-z]{1,6}([:.-][a-z]{1,6}){0,2}$/), keys: fc.constant("") }),
  fc.record({
    eventType: fc.constantFrom("keydown", "keyup", "keypress"),
    keys: fc
      .tuple(
        fc.subarray(["ctrl", "alt", "shift", "meta"]),
        fc.constantFrom("enter", "esc", "page_up", "7", "?", "x"),
      )
      .map(([modifiers, key]) => [...modifiers, key].join("+")),
  }),
);
const declaration = fc
  .record({
    event,
    place: fc.constantFrom("element", "window", "document"),
    target: fc.tuple(fc.stringMatching(/^[A-Z]\w{0,6}(::[A-Z]\w{0,4})?$/), word).map(([a, b]) => `${a}#${b}`),
    args: fc.array(fc.jsonValue({ maxDepth: 2 }), { maxLength: 3 }),
    options: fc
      .subarray(["once", "prevent", "stop", "self", "capture", "passive"])
      .map((options) => options.map((option) => `:${option}`).join("")),
  })
  // JSON has no negative zero.
  .map(({ event, args, ...rest }) => ({ ...event, ...rest, args: JSON.parse(JSON.stringify(args)) }))
  .filter(
    ({ eventType }) => !/^key(down|up|press)\.|:(once|prevent|stop|self|capture|passive)$/.test(eventType),
  );

describe("parseDeclarations", () => {
  it("reads every entry as it was written, whatever its arguments hold", () => {
    fc.assert(
      fc.property(
        fc.array(declaration, { maxLength: 4 }),
        fc.constantFrom("", " ", "\n  "),
        (declarations, space) => {
          const written = declarations.map((parts) => write({ entry: "", ...parts }, space));
          const expected = declarations.map((parts, index) => ({ entry: written[index], ...parts }));
          expect(read(`${space}${written.join(` ${space}`)}${space}`)).toEqual([expected, []]);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  const entries: readonly [string, Partial<Declaration>][] = [
    ["A#b", {}],
    ["click->Admin::A#b", { target: "Admin::A#b" }],
    ["row:opened->A#b", { eventType: "row:opened" }],
    ["shown.bs.modal->A#b", { eventType: "shown.bs.modal" }],
    ["DOMContentLoaded@document->A#b", { eventType: "DOMContentLoaded", place: "document" }],
    ["keydown.ctrl->A#b", { eventType: "keydown", keys: "ctrl" }],
    ["A#b()", {}],
    ['A#b(")(", [" "], "\\"")', { args: [")(", [" "], '"'] }],
    ["input", { eventType: "input", target: "Reflex#refresh" }],
    [
      "input@window:once",
      { eventType: "input", place: "window", target: "Reflex#refresh", options: ":once" },
    ],
    ["row:opened", { eventType: "row:opened", target: "Reflex#refresh" }],
  ];
  it.each(entries)("reads %j", (text, parts) => {
    expect(read(text)).toEqual([[entry(text, parts)], []]);
  });

  it("takes the element's own event where none is named", () => {
    expect(read("A#b", "submit")).toEqual([[entry("A#b", { eventType: "submit" })], []]);
  });

  const refused = [
    ["A", "it names no action"],
    ["click->A", "it names no action"],
    ["click->", "it names no action"],
    ["->A#b", "it has another shape"],
    ["click@body->A#b", "@body is neither @window nor @document"],
    ["click->A#b:onse", ":onse is no option"],
    ["click->A::B#b:once:onse", ":once:onse is no option"],
    ["shift+click->A#b", "modifiers belong to a key, as in keydown.ctrl+a"],
    ["click->A#b('x')", "its arguments are no JSON"],
    ["click->A#b(1)(2)", "its arguments are no JSON"],
    ["click->A#b(1)x", "x is no option"],
    ["click(1)", "it has another shape"],
    [":once", "it names no action"],
  ] as const;
  it.each(refused)("leaves out %j and reads what stands around it: %s", (text, reason) => {
    expect(read(`A#b ${text} A#b`)).toEqual([[entry("A#b", {}), entry("A#b", {})], [text]]);
    expect(explainEntry(text)).toContain(`has ${JSON.stringify(text)}, which does nothing: ${reason}`);
  });

  it.each([
    ["keydown.entr->A#b", "the key entr is not known"],
    ["keydown.ctrl+enter+a->A#b", "enter and a are more than one key"],
    ["keydown.entr", "the key entr is not known"],
  ])("doubts the keys of %j: %s", (text, reason) => {
    expect(read(text)[1]).toEqual([text]);
    expect(explainEntry(text)).toContain(reason);
  });

  it("has a reason for every entry that it leaves out, and none for what it reads", () => {
    const pieces = [
      "click",
      "keydown",
      ".",
      "ctrl",
      "+",
      "a",
      "@",
      "window",
      "->",
      "A",
      "#",
      "b",
      "(",
      "1",
      ")",
      ":once",
      ":",
    ];
    const entries = fc.array(fc.constantFrom(...pieces), { maxLength: 9 }).map((all) => all.join(""));
    fc.assert(
      fc.property(entries, (text) => {
        const doubted: string[] = [];
        const isRead = parseDeclarations(text, "click", (entry) => doubted.push(entry)).length > 0;
        if (!isRead) expect(doubted.map(explainEntry)).not.toContain(undefined);
        else if (!/\.|^[^#]*keydown\./.test(text)) expect(doubted).toEqual([]);
      }),
      { numRuns: 20_000 },
    );
  });

  it("refuses all that stands behind arguments which do not end", () => {
    expect(read('A#b click->C#d("x) A#b')).toEqual([[entry("A#b", {})], ['click->C#d("x) A#b']]);
  });

  it("reads nothing in nothing", () => {
    expect(read("  \n")).toEqual([[], []]);
  });

  it("takes a time that follows the length of what is hostile", () => {
    const text = `A#b(${'"\\"('.repeat(50_000)}`;
    const started = performance.now();
    expect(read(text)[1]).toHaveLength(1);
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});
