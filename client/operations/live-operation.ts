import type { Operation } from "../../src/protocol/operations.ts";

/** What an operation acts on. */
export type Target = Element | Document | Window;

/** An operation while it is carried out: the `detail` of its events, whose listeners may change it. */
export interface LiveOperation extends Operation {
  /** What it acts on: with `selectAll` a list, without a selector the document. */
  element?: Target | readonly Target[] | undefined;
  /** True: its effect is left out. */
  cancel?: unknown;
  [option: string]: unknown;
}

/**
 * What an operation does to one target. Behind a promise, it is done when that settles. May throw: then it is told on the console.
 */
export type Effect<On extends Target = Target> = (operation: LiveOperation, target: On) => unknown;

/** An option as text: of nothing, of `null`, and of what is no text, empty. */
export function textOf(operation: LiveOperation, option: string): string {
  const value = operation[option] ?? "";
  if (typeof value !== "object") return String(value);
  expected(operation, option, "text");
  return "";
}

/** An option with values by name; without any where it is something else. */
export function recordOf(operation: LiveOperation, option: string): Readonly<Record<string, unknown>> {
  const value = operation[option] ?? {};
  if (typeof value === "object" && !Array.isArray(value)) return value as Record<string, unknown>;
  expected(operation, option, "an object");
  return {};
}

/** An option as names: those of a list, or of a text with white space between. */
export function namesOf(operation: LiveOperation, option: string): readonly string[] {
  const value = operation[option];
  const text = Array.isArray(value) ? value.join(" ") : textOf(operation, option);
  return text.split(/\s+/).filter((name) => name !== "");
}

/** Events of operations bubble and can be cancelled. False when somebody has cancelled it. */
export function dispatch(target: EventTarget, name: string, detail: unknown): boolean {
  return target.dispatchEvent(new CustomEvent(name, { bubbles: true, cancelable: true, detail }));
}

function expected({ operation }: LiveOperation, option: string, what: string): void {
  console.warn(`edge-reflex: the ${option} of ${operation} is not ${what}`);
}
