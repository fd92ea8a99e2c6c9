import type { Operation } from "../../src/protocol/operations.ts";
import type { Giving } from "../given-focus.ts";
import { findOperation, type KnownOperation } from "./effects.ts";
import { dispatch, type LiveOperation, type Target, textOf } from "./live-operation.ts";
import { ELEMENT_EFFECTS, focus } from "./mutations.ts";
import { targetsOf } from "./targets.ts";

/**
 * Carries one operation out, on each of its targets, with the events around it. Throws `MissingElementError` where there is
 * none. Whatever else goes wrong is told on the console.
 *
 * @param leaving what has to be over before the page is left
 * @param giving runs what may give the focus to another element
 * @returns what is still under way: delays, and effects that take their time
 */
export function carryOut(
  sent: Operation,
  leaving?: Promise<unknown>,
  giving: Giving = (update) => update(false),
): readonly Promise<unknown>[] {
  const operation: LiveOperation = { ...sent };
  const known = findOperation(operation.operation);
  if (known === undefined) {
    console.error(
      `edge-reflex: no operation is called ${operation.operation}; expected one that addOperation knows`,
    );
    return [];
  }
  const targets = targetsOf(operation, known.reach);
  operation.element = operation.selectAll ? targets : targets[0];
  const act = (target: Target) => {
    const wait = known.reach === "window" ? leaving : undefined;
    const run = () => giving((isElsewhere) => affect(known, operation, target, isElsewhere));
    return wait === undefined ? run() : wait.then(run);
  };
  return targets.flatMap((target) => carryOutOn(target, operation, act) ?? []);
}

function carryOutOn(
  target: Target,
  operation: LiveOperation,
  act: (target: Target) => unknown,
): Promise<unknown> | undefined {
  const name = operation.operation.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const { cancel } = operation;
  const isWanted = dispatch(target, `cable-ready:before-${name}`, operation) && !operation.cancel;
  // A listener means the element that it was told of, not those behind it.
  operation.cancel = cancel;
  const failed = (error: unknown) =>
    console.error(`edge-reflex: the operation ${operation.operation} failed`, error);
  const run = () => {
    const findEnd = endOf(target, operation);
    const done = () => void dispatch(findEnd(), `cable-ready:after-${name}`, operation);
    const result = isWanted ? act(target) : undefined;
    return result instanceof Promise ? result.then(done) : done();
  };
  const delay = isWanted ? Number(operation.delay ?? 0) : 0;
  if (delay > 0) return new Promise((resolve) => setTimeout(resolve, delay)).then(run).catch(failed);
  try {
    return run()?.catch(failed);
  } catch (error) {
    return void failed(error);
  }
}

function affect(
  { effect, isMutation }: KnownOperation,
  operation: LiveOperation,
  target: Target,
  isElsewhere: boolean,
): unknown {
  if (isElsewhere && effect === ELEMENT_EFFECTS.setFocus) return undefined;
  const before = document.activeElement;
  const result = effect(operation, target);
  if (isMutation) refocus(before, isElsewhere ? "" : textOf(operation, "focusSelector"));
  return result;
}

/** Finds what is told of the end: the target, or what has taken its place; behind one that was removed, the document. */
function endOf(target: Target, { operation }: LiveOperation): () => EventTarget {
  const parent = target instanceof Element ? target.parentElement : null;
  const index = Array.from(parent?.children ?? []).indexOf(target as Element);
  return () => {
    if (!(target instanceof Element) || target.isConnected) return target;
    return (operation === "remove" ? undefined : parent?.children[index]) ?? document;
  };
}

function refocus(before: Element | null, selector: string): void {
  const wanted = selector === "" ? null : document.querySelector(selector);
  if (wanted !== null) focus(wanted);
  else if (before?.isConnected && before !== document.activeElement) focus(before, { preventScroll: true });
}
