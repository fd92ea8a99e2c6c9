import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

// Holds docs/parity.md to the tests that it names: `npm run parity`, after `npm test`.

const DOCUMENT = "docs/parity.md";

/**
 * The rows that the document has to have, by section; a row is named by its section, its place in it and its title:
 * `1.1.4 Event alone`. Kept apart from the document, so that a deleted row is noticed.
 */
const ROWS = "scripts/parity-rows.json";

/** What the last `npm test` says of every test, in vitest's JSON. */
const REPORT = "test/.artefacts/tests.json";

/** Between a test's file, the names of what it stands in, and its own. */
const SEPARATOR = " › ";

/** A test as a cell names it; several are parted by `<br>`. */
const TEST = /`([^`]+ › [^`]+)`/g;

/** A row that has no behaviour to test says why: `none: Rails generators make files of Rails`. */
const NO_TEST = /^none: (.{10,})$/s;

/** Words that put a row off. Names of code are left out of this. */
const PROMISE = /\b(not yet|planned|to-?do|tbd|soon|in (a )?later|for now)\b/i;

/** What stands for any text in the name of a test of many cases, as vitest has it. */
const PLACEHOLDER = /%[sdifjo]/;

const NEAREST = 3;

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();

async function main() {
  const rows = readRows(await readFile(DOCUMENT, "utf8"));
  const tests = readReport(await readLastReport());
  const problems = findProblems(rows, tests, JSON.parse(await readFile(ROWS, "utf8")));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) {
    console.error(`\n${DOCUMENT} has ${problems.length} problems.`);
    process.exit(1);
  }
  const named = new Set(rows.flatMap((row) => row.tests));
  const untested = rows.filter((row) => row.tests.length === 0).length;
  console.log(
    `${DOCUMENT}: ${rows.length} rows. ${named.size} tests that they name passed in the last npm test; ` +
      `${untested} rows say why they have none.`,
  );
}

async function readLastReport() {
  const text = await readFile(REPORT, "utf8").catch(() => {
    console.error(`${REPORT} is not there, so nothing says which tests passed. Run npm test first.`);
    process.exit(1);
  });
  return JSON.parse(text);
}

/**
 * The rows of every table whose last column is "Test".
 *
 * @param {string} markdown
 * @returns {{ line: number, name: string, cells: string[], tests: string[] }[]} `tests` is empty where the last cell names none
 */
export function readRows(markdown) {
  const rows = [];
  let isTable = false;
  for (const [index, text] of markdown.split("\n").entries()) {
    const cells = readCells(text);
    if (cells === undefined || cells.at(-1) === "Test") isTable = cells !== undefined;
    else if (isTable && !/^:?-+:?$/.test(cells[0])) rows.push(readRow(cells, index + 1));
  }
  return rows;
}

/** The cells of a line, a `|` written as `\|` being text; `undefined` for a line that is no row. */
function readCells(line) {
  if (!line.startsWith("|")) return undefined;
  const cells = line
    .trim()
    .replace(/^\||\|$/g, "")
    .split(/(?<!\\)\|/);
  return cells.map((cell) => cell.replaceAll("\\|", "|").trim());
}

function readRow(cells, line) {
  const name = cells[0].replace(/<a id="[^"]*"><\/a>/g, "").trim();
  const tests = Array.from(cells.at(-1).matchAll(TEST), ([, test]) => test);
  return { line, name, cells, tests };
}

/**
 * What the last run says of each test, by its name as the document writes it. A test that ran in several projects is there
 * several times.
 *
 * @param {{ testResults: { name: string, assertionResults: { ancestorTitles: string[], title: string, status: string }[] }[] }} report
 * @param {string} [root] where the report's files are, by default this directory
 * @returns {{ name: string, status: string }[]}
 */
export function readReport({ testResults }, root = process.cwd()) {
  return testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      name: [relative(root, file).replaceAll("\\", "/"), ...ancestorTitles, title].join(SEPARATOR),
      status,
    })),
  );
}

/**
 * What is wrong with the document, each as a line that names the row.
 *
 * @param {ReturnType<typeof readRows>} rows
 * @param {ReturnType<typeof readReport>} tests
 * @param {Readonly<Record<string, readonly string[]>>} expected the names of rows that have to be there, by section
 * @returns {string[]}
 */
export function findProblems(rows, tests, expected) {
  return [...findMissingRows(rows, expected), ...rows.flatMap((row) => findRowProblems(row, tests))];
}

function findMissingRows(rows, expected) {
  const names = Object.entries(expected).flatMap(([section, titles]) =>
    titles.map((title, index) => `${section}.${index + 1} ${title}`),
  );
  const counts = Map.groupBy(rows, ({ name }) => name);
  const missing = names
    .filter((name) => !counts.has(name))
    .map((name) => `${DOCUMENT} has no row ${JSON.stringify(name)}, which ${ROWS} expects.`);
  const surplus = rows
    .filter(({ name }) => !names.includes(name))
    .map((row) => tell(row, `is not expected. Add it to ${ROWS}, or correct its name.`));
  const repeated = [...counts.values()]
    .filter(({ length }) => length > 1)
    .map(([, second]) => tell(second, "is there twice. Keep one."));
  return [...missing, ...surplus, ...repeated];
}

function findRowProblems(row, tests) {
  return [...findPromises(row), ...findTestProblems(row, tests)];
}

function findPromises(row) {
  const promise = PROMISE.exec(
    row.cells
      .slice(1, -1)
      .join(" ")
      .replace(/`[^`]*`/g, ""),
  );
  return promise === null ? [] : [tell(row, `says "${promise[0]}". Say what is, and why.`)];
}

function findTestProblems(row, tests) {
  const cell = row.cells.at(-1);
  const rest = cell.replace(TEST, "").replaceAll("<br>", "").trim();
  if (row.tests.length > 0 && rest === "")
    return row.tests.flatMap((name) => findTestProblem(row, name, tests));
  if (row.tests.length === 0 && NO_TEST.test(cell)) return [];
  const wanted = 'Expected `test/file.test.ts › describe › test`, or "none: " and a reason';
  return [tell(row, `says of its test ${JSON.stringify((rest || cell).slice(0, 100))}. ${wanted}.`)];
}

function findTestProblem(row, name, tests) {
  const found = findTests(name, tests);
  if (found.length === 0)
    return [tell(row, `names a test that did not run: ${name}${tellNearest(name, tests)}`)];
  const other = found.find(({ status }) => status !== "passed");
  if (other === undefined) return [];
  return [tell(row, `names a test that did not pass in the last npm test (${other.status}): ${other.name}`)];
}

/** The test of that very name, or all cases of a test of many. */
function findTests(name, tests) {
  const same = tests.filter((test) => test.name === name);
  if (same.length > 0) return same;
  const parts = name.split(PLACEHOLDER).map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  if (parts.length === 1) return [];
  const pattern = new RegExp(`^${parts.join(".*")}$`, "s");
  return tests.filter((test) => pattern.test(test.name));
}

/** The names most like one that is not there, those of its own file before others. */
function tellNearest(name, tests) {
  const [file] = name.split(SEPARATOR);
  const inFile = tests.filter((test) => test.name.startsWith(file + SEPARATOR));
  if (inFile.length === 0 && tests.length === 0) return "\n  The last npm test ran no test.";
  const candidates = inFile.length > 0 ? inFile : tests;
  const likeness = new Map(candidates.map((test) => [test.name, measureLikeness(test.name, name)]));
  const nearest = [...likeness].sort(([, left], [, right]) => right - left).slice(0, NEAREST);
  const remark = inFile.length > 0 ? "" : `\n  No test of ${file} ran in the last npm test.`;
  return `${remark}\n  The nearest that ran:${nearest.map(([text]) => `\n    ${text}`).join("")}`;
}

/** Dice's coefficient over pairs of characters: 1 for the same text, 0 for nothing in common. */
function measureLikeness(left, right) {
  const pairsOfLeft = pairsOf(left);
  const pairsOfRight = pairsOf(right);
  const shared = [...pairsOfLeft].filter((pair) => pairsOfRight.has(pair));
  return (2 * shared.length) / (pairsOfLeft.size + pairsOfRight.size);
}

function pairsOf(text) {
  return new Set(Array.from({ length: Math.max(text.length - 1, 0) }, (_, at) => text.slice(at, at + 2)));
}

function tell({ line, name }, problem) {
  return `${DOCUMENT}:${line}: row ${JSON.stringify(name)} ${problem}`;
}
