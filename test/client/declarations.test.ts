import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Declaration, parseDeclarations } from "../../client/declarations.ts";

/** What was read, and what was refused. */
function read(text: string, ownEvent = "click"): [declarations: readonly Declaration[], refused: string[]] {
  const refused: string[] = [];
  return [parseDeclarations(text, ownEvent, (entry) => refused.push(entry)), refused];
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
    ["A", "a class without an action"],
    ["click->A", "an event and a class"],
    ["click->", "an event and nothing"],
    ["->A#b", "an arrow before nothing"],
    ["click@body->A#b", "an unknown place"],
    ["click->A#b:onse", "an unknown option"],
    ["keydown.entr->A#b", "an unknown key"],
    ["keydown.ctrl+enter+a->A#b", "two keys"],
    ["shift+click->A#b", "a modifier that belongs behind a dot"],
    ["click->A#b('x')", "arguments that are no JSON"],
    ["click->A#b(1)(2)", "two lists of arguments"],
    ["click->A#b(1)x", "something behind the arguments"],
    [":once", "an option of nothing"],
  ] as const;
  it.each(refused)("refuses %j, %s, and reads what stands around it", (text) => {
    expect(read(`A#b ${text} A#b`)).toEqual([[entry("A#b", {}), entry("A#b", {})], [text]]);
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
