import { readdirSync } from "node:fs";
import ts from "typescript";
import { describe, expect, it } from "vitest";

const MARK = "@ts-expect-error";

/**
 * Compiles what applications write, with the marks of expected errors taken for nothing.
 *
 * @returns where errors are, and behind which lines they are expected, as `file:line`
 */
function compile(directory: string): {
  readonly found: readonly string[];
  readonly expected: readonly string[];
} {
  const { config } = ts.readConfigFile(`${directory}/tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, directory);
  // The package as it is, not as it was built last.
  const compilerOptions = { ...options, customConditions: ["edge-reflex-source"] };
  const host = ts.createCompilerHost(compilerOptions);
  const paths = readdirSync(directory).filter((name) => name.endsWith(".ts"));
  const files = paths.map((name) => `${process.cwd()}/${directory}/${name}`);
  host.readFile = (path) => {
    const text = ts.sys.readFile(path);
    return files.includes(path) ? text?.replaceAll(MARK, "expected") : text;
  };
  const program = ts.createProgram(files, compilerOptions, host);
  const found = files.flatMap((path) => {
    const file = program.getSourceFile(path);
    return program.getSemanticDiagnostics(file).map(({ file, start = 0 }) => {
      const line = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start).line + 1;
      return `${path}:${line}`;
    });
  });
  const expected = files.flatMap((path) =>
    (ts.sys.readFile(path) ?? "")
      .split("\n")
      .flatMap((line, index) => (line.includes(MARK) ? [`${path}:${index + 2}`] : [])),
  );
  return { found: [...new Set(found)], expected };
}

describe("the package's types", () => {
  it("refuse a wrong reflex, action or argument in a template, and nothing that is right", () => {
    const { found, expected } = compile("test/types");
    expect(found.filter((place) => place.includes("/declaring.ts:"))).toEqual(
      expected.filter((place) => place.includes("/declaring.ts:")),
    );
    expect(expected.length).toBeGreaterThanOrEqual(15);
  }, 60_000);
});
