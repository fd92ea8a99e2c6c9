import { readFileSync, writeFileSync } from "node:fs";

/** One figure. */
export interface Measurement {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What the value was compared with in the same run, with its figure; absent when with nothing. */
  readonly against?: string;
  /** The value divided by what it was compared with. */
  readonly ratio?: number;
  readonly bar?: Bar;
}

/** What a figure must not exceed, or what it must reach. Inclusive. */
export type Bar = { readonly of: "value" | "ratio" } & (
  | { readonly most: number }
  | { readonly least: number }
);

const FIGURES_START = "<!-- figures -->";
const FIGURES_END = "<!-- /figures -->";

/** The middle one of an odd number of figures; of an even number, the upper of the two. */
export function median(figures: readonly number[]): number {
  const middle = figures.toSorted((left, right) => left - right)[figures.length >> 1];
  if (middle === undefined) throw new Error("There is no median of no figures");
  return middle;
}

/** Four significant digits: more would be noise. */
function rounded(figure: number): number {
  return Number(figure.toPrecision(4));
}

/** Prints a table, with the bar of each figure and whether it is met. */
export function printTable(measurements: readonly Measurement[]): void {
  const rows = measurements.map(cellsOf);
  const all = [["name", "value", "unit", "against", "ratio", "bar", ""], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of all) console.log(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
}

/** Writes the figures as a list of `{ name, value, unit, against, ratio }`; `null` where nothing was compared. */
export function writeJson(path: string, measurements: readonly Measurement[]): void {
  const list = measurements.map(({ name, value, unit, against, ratio }) => ({
    name,
    value: rounded(value),
    unit,
    against: against ?? null,
    ratio: ratio === undefined ? null : rounded(ratio),
  }));
  writeFileSync(path, `${JSON.stringify(list, null, 2)}\n`);
}

/**
 * Puts the figures as a table into a document, between the lines `<!-- figures -->` and `<!-- /figures -->`.
 * Throws when it has no such lines.
 */
export function writeDocument(path: string, measurements: readonly Measurement[]): void {
  const [before, rest] = readFileSync(path, "utf8").split(FIGURES_START);
  const [, after] = rest?.split(FIGURES_END) ?? [];
  if (before === undefined || after === undefined)
    throw new Error(`${path} has no lines ${FIGURES_START} and ${FIGURES_END}`);
  const head = "| figure | value | against | ratio | bar | |\n|---|---|---|---|---|---|";
  const rows = measurements.map((measurement) => {
    const [name, value, unit, ...others] = cellsOf(measurement);
    return `| ${[`\`${name}\``, `${value} ${unit}`, ...others].join(" | ")} |`;
  });
  writeFileSync(path, `${before}${FIGURES_START}\n${[head, ...rows].join("\n")}\n${FIGURES_END}${after}`);
}

function cellsOf({ name, value, unit, against, ratio, bar }: Measurement): readonly string[] {
  const figure = ratio === undefined ? "" : String(rounded(ratio));
  return [name, String(rounded(value)), unit, against ?? "", figure, ...barCells({ value, ratio }, bar)];
}

function barCells(
  { value, ratio }: { readonly value: number; readonly ratio: number | undefined },
  bar: Bar | undefined,
): readonly string[] {
  if (bar === undefined) return ["", ""];
  const figure = bar.of === "value" ? value : (ratio ?? Number.NaN);
  const [sign, limit, isMet] =
    "most" in bar ? ["≤", bar.most, figure <= bar.most] : ["≥", bar.least, figure >= bar.least];
  return [`${bar.of} ${sign} ${rounded(limit)}`, isMet ? "met" : "NOT MET"];
}
