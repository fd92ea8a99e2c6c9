import type { Operation } from "../src/protocol/operations.ts";
import type { Giving } from "./given-focus.ts";
import { carryOut } from "./operations/carry-out.ts";
import { dispatch, type Effect } from "./operations/live-operation.ts";
import { type MissingElementPolicy, registry } from "./operations/registry.ts";
import { MissingElementError } from "./operations/targets.ts";

export type { Operation } from "../src/protocol/operations.ts";
export type { Effect, LiveOperation, Target } from "./operations/live-operation.ts";
export type { MissingElementPolicy } from "./operations/registry.ts";
export { MissingElementError } from "./operations/targets.ts";

/** How operations are carried out. */
export interface PerformOptions {
  /** What becomes of one whose element is not there; absent: as {@link configure} says. */
  readonly onMissingElement?: MissingElementPolicy | undefined;
  /** What has to be over before the page is left: another one waits for it. */
  readonly leaving?: Promise<unknown> | undefined;
  /** The key of the topic in which they were broadcast: an element that follows it may say what becomes of one without an element. */
  readonly topic?: string | undefined;
  /** Runs what may give the focus to another element; absent: the visitor has not gone elsewhere since these were asked for. */
  readonly giving?: Giving | undefined;
}

/**
 * Carries operations out in their order. One that fails is told on the console and stops no other.
 *
 * Throws {@link MissingElementError}, when all others are carried out, where `onMissingElement` is `exception`.
 *
 * @param operations as the server has written them: `cableCar().toArray()`, say
 * @example
 * const { perform } = await import("/_reflex/operations.js");
 * perform(await (await fetch("/greeting")).json());
 */
export function perform(operations: readonly Operation[], options: PerformOptions = {}): void {
  const { missing } = performAll(operations, options);
  if (missing !== undefined) throw missing;
}

/** As {@link perform}. Resolves when what was delayed is done, too; rejects where that would throw. */
export async function performAsync(
  operations: readonly Operation[],
  options: PerformOptions = {},
): Promise<void> {
  const { missing, pending } = performAll(operations, options);
  await Promise.all(pending);
  if (missing !== undefined) throw missing;
}

/**
 * Adds an operation of the application's own, or puts one in the place of another. Its events, delay and cancelling are those of
 * every operation.
 *
 * @param effect is given the operation, and its element: each one of those that its selector names, or the document
 * @example
 * addOperation("playSound", ({ src }) => new Audio(src).play());
 */
export function addOperation(name: string, effect: Effect): void {
  if (typeof effect !== "function")
    throw new TypeError(`addOperation(${JSON.stringify(name)}) got ${String(effect)}; expected a function`);
  registry().custom.set(name, effect);
}

/** Adds several, by their names. */
export function addOperations(effects: Readonly<Record<string, Effect>>): void {
  for (const [name, effect] of Object.entries(effects)) addOperation(name, effect);
}

/** Says what becomes of all operations of the page whose element is not there, those of reflexes included. */
export function configure({ onMissingElement }: { readonly onMissingElement: MissingElementPolicy }): void {
  registry().onMissingElement = onMissingElement;
}

function performAll(
  operations: readonly Operation[],
  { topic = "", onMissingElement = policyFor(topic), leaving, giving }: PerformOptions,
): { readonly missing: Error | undefined; readonly pending: readonly Promise<unknown>[] } {
  const pending: Promise<unknown>[] = [];
  const left = [...operations];
  /** Tells when the last operation of a batch is over, whatever became of it. */
  const over = (operation: Operation) => {
    const { batch } = operation;
    left.splice(left.indexOf(operation), 1);
    if (batch && !left.some((other) => other.batch === batch))
      dispatch(document, "cable-ready:batch-complete", { batch });
  };
  let missing: Error | undefined;
  for (const operation of operations) {
    try {
      const own = carryOut(operation, leaving, giving);
      if (own.length === 0) over(operation);
      else pending.push(Promise.all(own).then(() => over(operation)));
    } catch (error) {
      if (!(error instanceof MissingElementError)) throw error;
      over(operation);
      if (onMissingElement === "exception") missing ??= error;
      else tellMissing(operation, error, onMissingElement);
    }
  }
  return { missing, pending };
}

function policyFor(topic: string): MissingElementPolicy {
  const { streams, onMissingElement } = registry();
  return streams.get(topic) ?? onMissingElement;
}

function tellMissing(operation: Operation, { message }: Error, policy: MissingElementPolicy): void {
  const detail = { warning: message, operation };
  if (policy === "event") dispatch(document, "cable-ready:missing-element", detail);
  else if (policy === "warn") console.warn(`edge-reflex: ${message}`);
}
