import type { Effect } from "./live-operation.ts";

/**
 * What becomes of an operation whose element is not there: a warning on the console; nothing; an event on the document,
 * `cable-ready:missing-element`; or an error that `perform` throws when it is done with all others.
 */
export type MissingElementPolicy = "warn" | "ignore" | "event" | "exception";

/** What the operations of a page have in common. */
interface Registry {
  readonly custom: Map<string, Effect>;
  onMissingElement: MissingElementPolicy;
  /** The same for what is broadcast in topics, by their keys. */
  readonly streams: Map<string, MissingElementPolicy>;
}

/** One for the page, also when it has two copies of this file: the served one, and in a bundle of the application's. */
const REGISTRY: unique symbol = Symbol.for("edge-reflex.operations");

/** That of this page. */
export function registry(): Registry {
  // Only this function writes the symbol.
  const page = globalThis as { [REGISTRY]?: Registry };
  page[REGISTRY] ??= { custom: new Map(), onMissingElement: "warn", streams: new Map() };
  return page[REGISTRY];
}
