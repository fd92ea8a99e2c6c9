import type { AnyOptions, Callback, Run } from "./callbacks.ts";

/**
 * The callbacks of a class, in the order in which they run.
 *
 * @param lists what each class declares, that of the highest one first
 *
 * Throws a `TypeError` for a skip of what is not there.
 */
export function chainOf(lists: readonly (readonly Callback[])[]): readonly Callback[] {
  let chain: readonly Callback[] = [];
  for (const entry of lists.flat()) {
    if (entry.isSkip === true) chain = without(chain, entry);
    else chain = entry.isFirst === true ? [entry, ...chain] : [...chain, entry];
  }
  return chain;
}

function without(chain: readonly Callback[], { kind, run, options }: Callback): readonly Callback[] {
  if (!chain.some((callback) => callback.kind === kind && callback.run === run)) {
    const name = typeof run === "string" ? JSON.stringify(run) : "of a function";
    throw new TypeError(
      `it skips the ${kind} callback ${name}, which no class above declares; expected the same kind and the same name or function`,
    );
  }
  const isAlways = Object.keys(options).length === 0;
  return chain.flatMap((callback) => {
    if (callback.kind !== kind || callback.run !== run) return [callback];
    return isAlways ? [] : [{ ...callback, skips: [...(callback.skips ?? []), options] }];
  });
}

/** One run of a chain. */
export interface ChainRun {
  readonly reflex: object;
  /** The name of the action. */
  readonly method: string;
  /** True once the call has been halted or forbidden, also when the application's code has caught what ends it. */
  isStopped(): boolean;
  /** Halts the call: an around callback went without what it is around. */
  halt(): void;
  action(): Promise<void>;
}

/**
 * Runs an action with its callbacks: those before it and around it in their order, and behind it those after it, in their order.
 * What is declared behind an around callback runs inside it. Rejects with what any of them throws, at once.
 */
export async function runChain(chain: readonly Callback[], run: ChainRun): Promise<void> {
  const afters: Callback[] = [];
  for (const [index, callback] of chain.entries()) {
    if (callback.kind === "after") afters.push(callback);
    else if (await applies(callback, run)) {
      if (callback.kind === "around") {
        await runAround(callback, chain.slice(index + 1), run);
        return await runAfter(afters, run);
      }
      await call(callback.run, run.reflex);
      if (run.isStopped()) return;
    }
  }
  await run.action();
  await runAfter(afters, run);
}

async function runAfter(callbacks: readonly Callback[], run: ChainRun): Promise<void> {
  for (const callback of callbacks) {
    if (run.isStopped()) return;
    if (await applies(callback, run)) await call(callback.run, run.reflex);
  }
}

async function runAround({ run: body }: Callback, rest: readonly Callback[], run: ChainRun): Promise<void> {
  let inner: Promise<void> | undefined;
  let isAwaited = false;
  let isSettled = false;
  let isOver = false;
  const settled = () => {
    isSettled = true;
  };
  const next = (): PromiseLike<void> => {
    if (inner !== undefined) throw new Error("next() was called twice in an around callback; expected once");
    if (isOver) throw new Error("next() came after its around callback had ended; await what leads to it");
    const running = runChain(rest, run);
    // Where the callback itself throws, its error is the call's.
    running.then(settled, settled);
    inner = running;
    return {
      // biome-ignore lint/suspicious/noThenProperty: it stands for a promise, and has to know whether it is awaited
      then: (...handlers) => {
        isAwaited = true;
        return running.then(...handlers);
      },
    };
  };
  try {
    await call(body, run.reflex, next);
  } finally {
    isOver = true;
  }
  if (inner === undefined) run.halt();
  // Whoever awaits it gets its error, and may go on without. Of what nobody awaits, or not to its end, the error is the call's: half an
  // action is not to be committed.
  else if (!isAwaited || !isSettled) await inner;
}

async function applies({ options, skips = [] }: Callback, run: ChainRun): Promise<boolean> {
  if (!(await holds(options, run))) return false;
  for (const skip of skips) if (await holds(skip, run)) return false;
  return true;
}

/** Conditions are asked only where the names say that it may matter. */
async function holds(options: AnyOptions, { reflex, method }: ChainRun): Promise<boolean> {
  if (options.only !== undefined && !options.only.includes(method)) return false;
  if (options.except?.includes(method) === true) return false;
  if (options.if !== undefined && !(await call(options.if, reflex))) return false;
  return options.unless === undefined || !(await call(options.unless, reflex));
}

/** Calls a method by its name, or a function with the reflex. */
export function call(run: Run, reflex: object, ...given: readonly unknown[]): unknown {
  // Which types they take is what their author has declared: an application's promise to itself.
  if (typeof run !== "string") return (run as (...given: readonly unknown[]) => unknown)(reflex, ...given);
  const method: unknown = Reflect.get(reflex, run);
  if (typeof method !== "function") throw new TypeError(`${run} is no longer a method of its reflex`);
  return method.apply(reflex, given);
}
