import { readdirSync, readFileSync } from "node:fs";
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

/** The same of one file. */
function within(places: readonly string[], name: string): readonly string[] {
  return places.filter((place) => place.includes(`/${name}:`));
}

describe("the package's types", { timeout: 60_000 }, () => {
  const { found, expected } = compile("test/types");

  it("refuse a wrong reflex, action or argument in a template, and nothing that is right", () => {
    expect(within(found, "declaring.ts")).toEqual(within(expected, "declaring.ts"));
    expect(within(expected, "declaring.ts").length).toBeGreaterThanOrEqual(15);
  });

  it("refuse a wrong reflex, action, argument or option in stimulate, of a page or a controller, and nothing that is right", () => {
    expect(within(found, "calling.ts")).toEqual(within(expected, "calling.ts"));
    expect(within(expected, "calling.ts").length).toBeGreaterThanOrEqual(12);
  });

  it("know an application's classes by what docs/declaring.md has it write", () => {
    const written = readFileSync("test/types/documented/page.ts", "utf8").trimEnd();
    const indented = written.replace(/^(?=.)/gm, "    ");
    expect(readFileSync("docs/declaring.md", "utf8")).toContain(`\n${indented}\n`);
    const documented = compile("test/types/documented");
    expect(documented.found).toEqual(documented.expected);
    expect(documented.expected).toHaveLength(2);
  });

  it("take any target and any arguments while an application has told nothing of its classes", () => {
    const loose = compile("test/types/loose");
    expect(loose.found).toEqual(loose.expected);
    expect(loose.expected).toHaveLength(1);
  });
});
