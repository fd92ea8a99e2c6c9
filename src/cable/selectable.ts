/** What says which element is meant: a selector, or an object that knows its own. */
export type Selectable = string | { toDomSelector(): string } | { toDomId(): string };

/** The selector that is meant; `undefined` for what says none. Asks the object, whose methods may throw. */
export function selectorOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  const selector = ask(value, "toDomSelector");
  if (selector !== undefined) return selector;
  const id = ask(value, "toDomId");
  return id === undefined ? undefined : `#${id.replace(/^#/, "")}`;
}

function ask(value: unknown, method: string): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const answer: unknown = Reflect.get(value, method);
  return typeof answer === "function" ? String(answer.call(value)) : undefined;
}
