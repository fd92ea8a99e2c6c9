/** The names of what is a method of a class; any name where the class is not given. */
export type MethodName<Of extends object> = object extends Of
  ? string
  : Extract<
      { [Name in keyof Of]: Of[Name] extends (...args: never) => unknown ? Name : never }[keyof Of],
      string
    >;

/** A method of the reflex, by its name, or a function that gets the reflex. */
export type Condition<Of extends object = object> =
  | MethodName<Of>
  | ((reflex: Of) => boolean | Promise<boolean>);

/** For which actions a callback runs; for all when nothing is said. */
export interface CallbackOptions<Of extends object = object> {
  /** The names of the actions that it runs for. */
  readonly only?: readonly MethodName<Of>[];
  /** The names of the actions that it does not run for. */
  readonly except?: readonly MethodName<Of>[];
  /** It runs when this says true. Asked when it is its turn. */
  readonly if?: Condition<Of>;
  /** It does not run when this says true. */
  readonly unless?: Condition<Of>;
}

/** Runs what a callback was put around: the callbacks behind it, and the action. To be awaited, and called once. */
export type Next = () => PromiseLike<void>;

/** When a callback runs. */
export type CallbackKind = "before" | "after" | "around";

/** A method by its name, or a function; whatever types its author gave it, which do not exist at run time. */
export type Run = string | ((...given: readonly never[]) => unknown);

/** {@link CallbackOptions}, whatever class they are about. */
export interface AnyOptions {
  readonly only?: readonly string[];
  readonly except?: readonly string[];
  readonly if?: Run;
  readonly unless?: Run;
}

/**
 * What runs before, after or around actions, or does so no more: one entry of a class's static `callbacks`. Made by {@link before},
 * {@link after}, {@link around}, {@link prepend} and {@link skip}.
 */
export interface Callback {
  readonly kind: CallbackKind;
  readonly run: Run;
  readonly options: AnyOptions;
  /** It comes before what is declared already, in the classes above too. */
  readonly isFirst?: boolean;
  /** It takes back one of a class above. */
  readonly isSkip?: boolean;
  /** When it does not run, as classes below have said. */
  readonly skips?: readonly AnyOptions[];
}

/**
 * Runs before the action. When it ends the call, by `halt()` or `forbid()`, or throws, nothing behind it runs: no action, no callback,
 * no page.
 *
 * @typeParam Of the class, to have the names and the function checked against it
 * @example
 * static override readonly callbacks = [before<Cart>("authenticate", { except: ["ping"] })];
 */
export function before<Of extends object = object>(
  run: MethodName<Of> | ((reflex: Of) => unknown),
  options: CallbackOptions<Of> = {},
): Callback {
  return { kind: "before", run, options };
}

/** Runs after the action, when that has ended well, and before the page is rendered. As {@link before}. */
export function after<Of extends object = object>(
  run: MethodName<Of> | ((reflex: Of) => unknown),
  options: CallbackOptions<Of> = {},
): Callback {
  return { kind: "after", run, options };
}

/**
 * Runs in place of everything behind it, which it goes on with by `await next()`. One that does not call `next` halts the call. As
 * {@link before}; a method gets `next` as its parameter.
 *
 * @example
 * static override readonly callbacks = [around<Cart>(async (cart, next) => { await cart.measure(next); })];
 */
export function around<Of extends object = object>(
  run: MethodName<Of> | ((reflex: Of, next: Next) => unknown),
  options: CallbackOptions<Of> = {},
): Callback {
  return { kind: "around", run, options };
}

/** Has a callback run before those that are declared already, in this class and those above it. */
export function prepend(callback: Callback): Callback {
  return { ...callback, isFirst: true };
}

/**
 * Takes a callback back that is declared already, by a class above: of the same kind, and the same name or function. With options, it
 * is left out only where they hold.
 *
 * @example
 * static override readonly callbacks = [skip(before("authenticate", { only: ["preview"] }))];
 */
export function skip(callback: Callback): Callback {
  return { ...callback, isSkip: true };
}
