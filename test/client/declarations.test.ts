import { describe, expect, it } from "vitest";
import { parseDeclarations } from "../../client/declarations.ts";

describe("parseDeclarations", () => {
  const cases = [
    ["click->A#b", [["click", "A#b"]]],
    [
      "  click->A#b \n input->C#d ",
      [
        ["click", "A#b"],
        ["input", "C#d"],
      ],
    ],
    ["row:opened->Admin::A#b", [["row:opened", "Admin::A#b"]]],
    ["click->A click-> ->A#b A#b", []],
    ["", []],
  ] as const;
  it.each(cases)("reads %j", (text, expected) => {
    expect(parseDeclarations(text).map(({ eventType, target }) => [eventType, target])).toEqual(expected);
  });
});
