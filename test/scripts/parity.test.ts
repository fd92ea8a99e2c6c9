import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { findProblems, readReport, readRows } from "../../scripts/parity.mjs";

const EXPECTED = { "1.1": ["Focus"] };

/** A document of one row, whose last cell is given. */
function rowOf(test: string, here = "kept"): string {
  return `| Behaviour | Here | Test |\n|---|---|---|\n| <a id="r1"></a>1.1.1 Focus | ${here} | ${test} |\n`;
}

/** A report of one file in which each test ended as is said. */
function reportOf(tests: Readonly<Record<string, string>>) {
  const assertionResults = Object.entries(tests).map(([title, status]) => ({
    ancestorTitles: ["focus"],
    title,
    status,
  }));
  return readReport({ testResults: [{ name: "/repo/test/focus.test.ts", assertionResults }] }, "/repo");
}

function problemsOf(markdown: string, tests: Readonly<Record<string, string>>): readonly string[] {
  return findProblems(readRows(markdown), reportOf(tests), EXPECTED);
}

const KEPT = "`test/focus.test.ts › focus › is kept`";

describe("the check of docs/parity.md", () => {
  it("is content when every expected row names a test that passed", () => {
    expect(problemsOf(rowOf(KEPT), { "is kept": "passed" })).toEqual([]);
  });

  it("tells which row names a test that did not run, and the nearest that did", () => {
    const [problem, ...others] = problemsOf(rowOf(KEPT), { "is keptt": "passed", unlike: "passed" });
    expect(others).toEqual([]);
    expect(problem).toMatch(
      /^docs\/parity\.md:3: row "1\.1\.1 Focus" names a test that did not run: test\/focus\.test\.ts › focus › is kept/,
    );
    expect(problem).toMatch(/nearest that ran:\n {4}test\/focus\.test\.ts › focus › is keptt\n/);
  });

  it("tells that no test of the file ran, and that none ran at all", () => {
    const elsewhere = rowOf("`test/other.test.ts › focus › is kept`");
    expect(problemsOf(elsewhere, { "is kept": "passed" })[0]).toContain("No test of test/other.test.ts ran");
    expect(problemsOf(rowOf(KEPT), {})[0]).toContain("ran no test");
  });

  it.each(["failed", "skipped", "pending", "todo"])("refuses a test that %s", (status) => {
    expect(problemsOf(rowOf(KEPT), { "is kept": status })).toEqual([
      `docs/parity.md:3: row "1.1.1 Focus" names a test that did not pass in the last npm test (${status}): test/focus.test.ts › focus › is kept`,
    ]);
  });

  it("wants every run of a test to pass, where several projects run it", () => {
    const rows = readRows(rowOf(KEPT));
    const tests = [...reportOf({ "is kept": "passed" }), ...reportOf({ "is kept": "failed" })];
    expect(findProblems(rows, tests, EXPECTED)).toHaveLength(1);
  });

  it("takes the name of a test of many cases for all of them", () => {
    const cell = "`test/focus.test.ts › focus › is kept in %s (%j)`";
    expect(problemsOf(rowOf(cell), { "is kept in a (1)": "passed", "is kept in b (2)": "passed" })).toEqual(
      [],
    );
    expect(
      problemsOf(rowOf(cell), { "is kept in a (1)": "passed", "is kept in b (2)": "failed" })[0],
    ).toContain("is kept in b (2)");
    expect(problemsOf(rowOf(cell), { "is lost in a (1)": "passed" })[0]).toContain("did not run");
  });

  it.each(["", "–", "none", "none: no", "see above", `${KEPT} and more`, `none: ${KEPT}`])(
    "refuses a row with no test and no reason, or with more than tests: %j",
    (cell) => {
      expect(problemsOf(rowOf(cell), { "is kept": "passed" })).toEqual([
        expect.stringMatching(/row "1\.1\.1 Focus" says of its test ".*"\. Expected `test/),
      ]);
    },
  );

  it("takes several tests of a row, and wants each to have passed", () => {
    const both = `${KEPT}<br>\`test/focus.test.ts › focus › is moved\``;
    expect(problemsOf(rowOf(both), { "is kept": "passed", "is moved": "passed" })).toEqual([]);
    expect(problemsOf(rowOf(both), { "is kept": "passed", "is moved": "failed" })).toHaveLength(1);
  });

  it("takes a reason instead of a test", () => {
    expect(problemsOf(rowOf("none: Redis is no part of this"), {})).toEqual([]);
  });

  it.each(["not yet", "Planned with topics", "TODO", "comes soon"])(
    "refuses a row that puts off: %s",
    (here) => {
      expect(problemsOf(rowOf(KEPT, here), { "is kept": "passed" })[0]).toContain("Say what is, and why");
      expect(problemsOf(rowOf(KEPT, `\`${here}\``), { "is kept": "passed" })).toEqual([]);
    },
  );

  it("misses a row that is expected and not there", () => {
    expect(problemsOf("", {})).toEqual([
      'docs/parity.md has no row "1.1.1 Focus", which scripts/parity-rows.json expects.',
    ]);
  });

  it("tells of a row that nothing expects, and of one that is there twice", () => {
    const other = rowOf(KEPT).replace("1.1.1 Focus", "1.1.2 Caret");
    expect(problemsOf(rowOf(KEPT) + other, { "is kept": "passed" })[0]).toContain(
      '"1.1.2 Caret" is not expected',
    );
    expect(problemsOf(rowOf(KEPT) + rowOf(KEPT), { "is kept": "passed" })[0]).toContain("is there twice");
  });

  it("takes a name with markup in it as it is written", () => {
    const row = `| a | Test |\n|---|---|\n| <a id="r1.1.1"></a>1.1.1 \`<select>\` | ${KEPT} |\n`;
    expect(readRows(row)[0]?.name).toBe("1.1.1 `<select>`");
  });

  it("looks at no table but those whose last column is the test", () => {
    expect(readRows("| a | b |\n|---|---|\n| c | d |\n")).toEqual([]);
  });

  it("reads a bar that is escaped as text", () => {
    expect(readRows(rowOf("`test/a.test.ts › a \\| b › c`"))[0]?.tests).toEqual([
      "test/a.test.ts › a | b › c",
    ]);
  });
});

describe("a link to a row of docs/parity.md", () => {
  it("leads to a row that there is", async () => {
    const rows = await readFile("docs/parity.md", "utf8");
    const guide = await readFile("docs/from-stimulusreflex.md", "utf8");
    const links = Array.from(guide.matchAll(/parity\.md#([\w.]+)/g), ([, id]) => id);
    expect(links.length).toBeGreaterThanOrEqual(20);
    expect(links.filter((id) => !rows.includes(`<a id="${id}"></a>`))).toEqual([]);
  });
});

describe("the rows that are expected of docs/parity.md", () => {
  it("are all that StimulusReflex and CableReady do, every operation and every wish", async () => {
    const expected: Readonly<Record<string, readonly string[]>> = JSON.parse(
      await readFile("scripts/parity-rows.json", "utf8"),
    );
    const counts = Object.entries(expected).map(([section, rows]) => [section, rows.length] as const);
    expect(Object.fromEntries(counts)).toEqual({
      "1.1": 20,
      "1.2": 26,
      "1.3": 47,
      "1.4": 10,
      "1.5": 18,
      "1.6": 11,
      "1.7": 7,
      "1.8": 16,
      "1.9": 18,
      "2.1": 14,
      // The 37 operations, custom ones, those that are not of the core, and what it exports.
      "2.2": 40,
      "2.3": 11,
      "2.4": 5,
      "4.4": 12,
      "5": 12,
    });
  });
});
