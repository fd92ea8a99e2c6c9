import { SOURCES } from "./sources.generated.ts";

/** A few lines of source as a page shows them: which file they are from, and the text. */
export interface Excerpt {
  readonly file: string;
  readonly text: string;
}

/** A line with which something begins at the top of a file of TypeScript, what is said about it included. */
const BEGINNING =
  /^(?:\/\*\*|\/\/|(?:export |declare |default |abstract |async )*(?:import|const|function|class|interface|type|for|if) |export default )/;

/**
 * Cuts out of a file of this showcase what has these names: declarations of TypeScript (`Books`), members of classes
 * (`Books.search`), what it exports as `default`, rules of a style sheet by their selectors. In the order of the names.
 *
 * Throws an `Error` for a file or a name that is not there: what a page shows has been moved or renamed.
 */
export function excerpt(file: string, ...names: readonly string[]): Excerpt {
  const source = SOURCES[file];
  if (source === undefined) throw new Error(`${JSON.stringify(file)} is no source of the showcase`);
  const lines = source.split("\n");
  const cut = file.endsWith(".css") ? ruleOf : declarationOf;
  return {
    file,
    text: names.map((name) => cut(lines, name)?.join("\n") ?? missing(file, name)).join("\n\n"),
  };
}

function missing(file: string, name: string): never {
  throw new Error(
    `${file} has nothing of the name ${JSON.stringify(name)}; expected a declaration, a member or a rule`,
  );
}

/** From its first line to before the next thing that begins. */
function declarationOf(lines: readonly string[], name: string): readonly string[] | undefined {
  const [outer = "", member] = name.split(".");
  const start = lines.findIndex((line) => BEGINNING.test(line) && nameIn(line) === outer);
  if (start === -1) return undefined;
  const after = lines.findIndex((line, index) => index > start && BEGINNING.test(line));
  const declaration = withoutEmptyEnd(lines.slice(start, after === -1 ? undefined : after));
  return member === undefined ? declaration : memberOf(declaration, member);
}

function nameIn(line: string): string | undefined {
  return /\b(?:const|function|class|interface|type|export) (\w+)/.exec(
    line.replace(/^export (?!default)/, ""),
  )?.[1];
}

/** A method or a field, brought to the left. */
function memberOf(declaration: readonly string[], name: string): readonly string[] | undefined {
  const start = declaration.findIndex((line) => /^ {2}(?:[a-z]+ )*([#\w]+)/.exec(line)?.[1] === name);
  if (start === -1) return undefined;
  const isShort = /[;}]$/.test(declaration[start] ?? "");
  const end = isShort
    ? start
    : declaration.findIndex((line, index) => index > start && /^ {2}[}\])]/.test(line));
  return declaration.slice(start, end + 1).map((line) => line.replace(/^ {2}/, ""));
}

function ruleOf(lines: readonly string[], selector: string): readonly string[] | undefined {
  const start = lines.indexOf(`${selector} {`);
  const end = lines.indexOf("}", start);
  return start === -1 ? undefined : lines.slice(start, end + 1);
}

function withoutEmptyEnd(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}
