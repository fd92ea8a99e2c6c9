import type { MethodName, Run } from "./callbacks.ts";

/** A class of errors. */
export type ErrorClass<Raised> = abstract new (...args: never) => Raised;

/** What becomes of errors of some classes. Made by {@link rescueFrom}. */
export interface Rescue {
  readonly errors: readonly ErrorClass<unknown>[];
  readonly run: Run;
}

/** How many causes behind an error are looked at. */
const CAUSES = 16;

/**
 * Has an error of an action, of its callbacks or of the page that it renders end well: what was written is rolled back, then the method or the
 * function runs, and the page is rendered after it. It gets the error. One that throws, be it the same error, has the call
 * refused as if there were none.
 *
 * @typeParam Of the class, to have the names and the function checked against it
 * @example
 * static override readonly rescues = [rescueFrom<Cart>(StockError, "outOfStock")];
 */
export function rescueFrom<Of extends object = object, Raised = Error>(
  errors: ErrorClass<Raised> | readonly ErrorClass<Raised>[],
  run: MethodName<Of> | ((reflex: Of, error: Raised) => unknown),
): Rescue {
  return { errors: Array.isArray(errors) ? errors : [errors as ErrorClass<Raised>], run };
}

/**
 * The rescue for an error, or else for what caused it; `undefined` when there is none.
 *
 * @param rescues those that come first are asked first
 */
export function findRescue(
  rescues: readonly Rescue[],
  error: unknown,
): { readonly rescue: Rescue; readonly error: unknown } | undefined {
  let raised = error;
  for (let depth = 0; depth < CAUSES && raised !== undefined && raised !== null; depth += 1) {
    const rescue = rescues.find(({ errors }) => errors.some((one) => raised instanceof one));
    if (rescue !== undefined) return { rescue, error: raised };
    raised = raised instanceof Error ? raised.cause : undefined;
  }
  return undefined;
}
