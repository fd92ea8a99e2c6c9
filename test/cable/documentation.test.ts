import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { ELEMENT_OPTIONS, EVERY_OPTIONS, OPERATIONS } from "../../src/protocol/operations.ts";

const text = await readFile("docs/operations.md", "utf8");
const rows = text.split("\n").filter((line) => /^\| `\w+` \|/.test(line));

/** The cells of the row that begins with a name. */
function cellsOf(name: string): readonly string[] {
  const row = rows.find((line) => line.startsWith(`| \`${name}\` |`));
  if (row === undefined) throw new Error(`docs/operations.md has no row for ${name}`);
  return row.split("|").slice(1, -1);
}

const namesIn = (cell = "") => Array.from(cell.matchAll(/`(\w+)`/g), ([, name]) => name);

describe("the document on operations", () => {
  it.each(Object.entries(OPERATIONS))("names the options of %s, and no others", (name, spec) => {
    const options = [...Object.keys(spec.required), ...Object.keys(spec.optional)];
    expect(namesIn(cellsOf(name)[1])).toEqual(options);
  });

  it("names the words that an option may be, once for the operations that have it", () => {
    for (const { required, optional } of Object.values(OPERATIONS)) {
      for (const [option, words] of Object.entries({ ...required, ...optional })) {
        // Those of `scrollIntoView` are the browser's.
        if (!Array.isArray(words) || /^(behavior|block|inline)$/.test(option)) continue;
        const told = rows.filter((row) => namesIn(row.split("|")[2]).includes(option));
        const said = told.map((row) => namesIn(row.split("|")[3]));
        expect(said).toContainEqual(expect.arrayContaining(words));
      }
    }
  });

  it("names the options of all operations, and no operation that there is not", () => {
    const shared = { ...EVERY_OPTIONS, ...ELEMENT_OPTIONS };
    const policies = ["warn", "ignore", "event", "exception"];
    const known = [...Object.keys(OPERATIONS), ...Object.keys(shared), ...policies];
    expect(rows.map((row) => namesIn(row)[0]).sort()).toEqual(known.sort());
  });

  it("gives the bounds that hold", () => {
    const bounds = text.replaceAll(",", "");
    expect(bounds).toContain(`Up to ${LIMITS.operations} operations of ${LIMITS.operationsChars} characters`);
    expect(bounds).toContain(`up to ${LIMITS.keptReplyChars / 2} characters an answer`);
  });
});
