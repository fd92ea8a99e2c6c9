import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../../src/protocol/limits.ts";
import { KINDS, type Kind, membersOf } from "../../../src/state/structures/kinds.ts";
import { Slots } from "../../../src/state/structures/slots.ts";

const text = await readFile("docs/structures.md", "utf8");

/** The row of the table that tells of a kind. */
function rowOf(kind: string): string {
  const row = text
    .split("\n")
    .find((line) => line.startsWith(`| \`${kind}(name`) || line.startsWith(`| \`${kind}<T>(name`));
  if (row === undefined) throw new Error(`docs/structures.md has no row for ${kind}`);
  return row;
}

/** What an application may ask of a kind; it asks slots by way of `Slots`. */
function publicMembers(kind: Kind): readonly string[] {
  const { type } = kind === KINDS.slots ? { type: Slots } : kind;
  return [...membersOf({ ...kind, type }).keys()].filter((member) => member !== "value");
}

describe("the document on structures", () => {
  it.each(Object.entries(KINDS))(
    "names everything that can be asked of a %s, and nothing else",
    (name, kind) => {
      const [, , , , ...columns] = rowOf(name).split("|");
      const named = Array.from(columns.join("").matchAll(/`(\w+)/g), ([, member]) => member);
      expect(named.sort()).toEqual([...publicMembers(kind)].sort());
    },
  );

  it.each([
    ["name of a structure", LIMITS.structureNameChars],
    ["key", LIMITS.structureKeyChars],
    ["items, members or keys of one structure", LIMITS.structureItems],
    ["nesting of JSON", LIMITS.structureDepth],
    ["digits of a decimal number", LIMITS.decimalDigits],
    ["one structure of a session", LIMITS.sessionValueChars],
    ["one structure of a key", LIMITS.keyedStructureBytes],
    ["structures of a key", LIMITS.keyedStructures],
  ])("gives the bound that holds: %s", (what, limit) => {
    const row = text.split("\n").find((line) => line.startsWith(`| ${what} | `));
    expect(row?.replaceAll(",", "")).toMatch(new RegExp(`\\| ${limit}\\b`));
  });
});
