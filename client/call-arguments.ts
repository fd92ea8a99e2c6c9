/** What `stimulate` takes besides target, element and arguments. */
export interface CallOptions {
  /** What page morphs are limited to, in the place of `data-reflex-root`. */
  readonly selectors?: string | readonly string[];
  /** The promise settles when operations are carried out and the browser has painted, not as soon as the page is changed. */
  readonly resolveLate?: boolean;
  /** False: the call carries no form. */
  readonly serializeForm?: boolean;
  /** Which form: the nearest element around the call's that it matches, else the first of the page. */
  readonly formSelector?: string;
  /** Neither side logs the call. */
  readonly suppressLogging?: boolean;
  /** The reflex sees the element's inner HTML. */
  readonly includeInnerHTML?: boolean;
  /** The reflex sees the element's text. */
  readonly includeTextContent?: boolean;
  /** The attributes that the reflex sees, in the place of the element's. */
  readonly attrs?: Readonly<Record<string, string>>;
}

/** Their names: shorter so than one by one. */
const OPTION =
  /^(selectors|attrs|resolveLate|suppressLogging|serializeForm|formSelector|include(InnerHTML|TextContent))$/;

/**
 * Tells apart what stands behind a target: an element, then options, then arguments. Options are an object that has keys, all
 * of them names of options: any other object is an argument.
 */
export function readArguments(given: readonly unknown[]): {
  readonly element: Element | undefined;
  readonly options: CallOptions;
  readonly args: readonly unknown[];
} {
  const args = [...given];
  const element = args[0] instanceof Element ? (args.shift() as Element) : undefined;
  const keys = Object.keys(Object(args[0]));
  const hasOptions = keys.length > 0 && keys.every((key) => OPTION.test(key));
  // What has options' names alone for keys is options.
  return { element, options: hasOptions ? (args.shift() as CallOptions) : {}, args };
}
