import type { Reach } from "./effects.ts";
import { type LiveOperation, type Target, textOf } from "./live-operation.ts";

/** What an operation acts on is not there. */
export class MissingElementError extends Error {
  override readonly name = "MissingElementError";

  constructor({ operation, selector }: LiveOperation, cause: unknown) {
    const why = selector === undefined ? "it has no selector" : `nothing matches ${JSON.stringify(selector)}`;
    super(`The operation ${operation} has no element: ${why}`, { cause });
  }
}

/**
 * What an operation acts on. Throws {@link MissingElementError} where there are none, also for a selector that is none.
 */
export function targetsOf(operation: LiveOperation, reach: Reach): readonly Target[] {
  if (reach === "window") return [window];
  if (reach === "document" || (reach === "any" && operation.selector === undefined)) return [document];
  let found: readonly Element[] = [];
  let cause: unknown;
  try {
    const selector = textOf(operation, "selector");
    const all = operation.xpath ? byPath(selector) : Array.from(document.querySelectorAll(selector));
    found = operation.selectAll ? all : all.slice(0, 1);
  } catch (error) {
    cause = error;
  }
  if (found.length === 0) throw new MissingElementError(operation, cause);
  return found;
}

function byPath(path: string): readonly Element[] {
  const result = document.evaluate(path, document, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
  const nodes = Array.from({ length: result.snapshotLength }, (_, index) => result.snapshotItem(index));
  return nodes.filter((node) => node instanceof Element);
}
