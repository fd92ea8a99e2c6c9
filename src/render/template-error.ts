const SHOWN_CHARS = 100;

/**
 * A template that cannot be rendered: a part where none may stand, or a value that a part cannot show. The
 * message names the template by its literal text, the part by its number from 1, and what was given.
 */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
  readonly code = "template";

  constructor(strings: readonly string[], part: number, problem: string) {
    super(`Part ${part + 1} of the template ${quoteTemplate(strings, part)}: ${problem}`);
  }
}

/** Shows any value in an error message: its kind and its JSON, cut at 100 characters. Never throws. */
export function showValue(value: unknown): string {
  if (typeof value === "function") return `a function (${String(value.name) || "anonymous"})`;
  if (typeof value === "symbol") return String(value);
  if (value instanceof Promise) return "a promise (await it before it becomes a part)";
  return cut(textOf(value, JSON.stringify) ?? textOf(value, String) ?? "an object");
}

/** `undefined` for what JSON cannot write (a cycle, a bigint), and for what has no string form either. */
function textOf(value: unknown, write: (value: unknown) => string | undefined): string | undefined {
  try {
    return write(value);
  } catch {
    // The caller goes on with the next way of writing it.
    return undefined;
  }
}

/** The literal text around the part, with `${…}` for every part and `${?}` for the one in question. */
function quoteTemplate(strings: readonly string[], part: number): string {
  const before = strings.slice(0, part + 1).join("${…}");
  const after = strings.slice(part + 1).join("${…}");
  const start = before.length > SHOWN_CHARS / 2 ? `…${before.slice(-SHOWN_CHARS / 2)}` : before;
  return `\`${start.trimStart()}\${?}${after.slice(0, SHOWN_CHARS / 2).trimEnd()}\``.replace(/\s+/g, " ");
}

function cut(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
