/**
 * Every operation: one explicit instruction to the page, by its CableReady name. The server checks by this table what it is
 * given; client and server have their types from it.
 */

/** What an operation acts on, and what its events are dispatched to. */
export type OperationTarget = "element" | "document" | "window";

/** What an option may be. A list: one of these words. */
export type OptionKind = keyof OptionValues | readonly string[];

/** The kinds of options with the types of their values, as they travel. */
interface OptionValues {
  /** Markup. On the server a view; text is escaped. */
  readonly html: string;
  /** Nothing, `null`, is the empty text. */
  readonly text: string | number | boolean | null;
  /** Class names: several in a text are separated by white space. */
  readonly names: string | readonly string[];
  readonly integer: number;
  readonly flag: boolean;
  /** Values by name: JSON. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Anything that JSON can write. */
  readonly json: unknown;
}

type Options = Readonly<Record<string, OptionKind>>;

/** What one operation takes beside the options that all of its target take. */
export interface OperationSpec {
  readonly target: OperationTarget;
  readonly required: Options;
  readonly optional: Options;
}

/** What changes the page gives the focus where it is told to, or back. */
const FOCUS = { focusSelector: "text" } as const;
const NONE = {} as const;
const STORAGE = { type: ["local", "session"] } as const;
const POSITION = { position: ["beforebegin", "afterbegin", "beforeend", "afterend"] } as const;
const HISTORY = { title: "text", state: "record" } as const;
const SCROLL = ["start", "center", "end", "nearest"] as const;

/** The operations by their names: CableReady's 37, and `announce`. */
export const OPERATIONS = {
  append: on("element", { html: "html" }, FOCUS),
  prepend: on("element", { html: "html" }, FOCUS),
  insertAdjacentHtml: on("element", { html: "html" }, { ...POSITION, ...FOCUS }),
  insertAdjacentText: on("element", { text: "text" }, { ...POSITION, ...FOCUS }),
  innerHtml: on("element", { html: "html" }, FOCUS),
  outerHtml: on("element", { html: "html" }, FOCUS),
  replace: on("element", { html: "html" }, FOCUS),
  textContent: on("element", { text: "text" }, FOCUS),
  remove: on("element", {}, FOCUS),
  graft: on("element", { parent: "text" }, FOCUS),
  morph: on("element", { html: "html" }, { childrenOnly: "flag", permanentAttributeName: "text", ...FOCUS }),
  addCssClass: on("element", { name: "names" }, NONE),
  removeCssClass: on("element", { name: "names" }, NONE),
  setAttribute: on("element", { name: "text" }, { value: "text" }),
  removeAttribute: on("element", { name: "text" }, NONE),
  setDatasetProperty: on("element", { name: "text" }, { value: "text" }),
  setProperty: on("element", { name: "text" }, { value: "json" }),
  setStyle: on("element", { name: "text" }, { value: "text" }),
  setStyles: on("element", { styles: "record" }, NONE),
  setValue: on("element", { value: "text" }, NONE),
  setFocus: on("element", {}, NONE),
  scrollIntoView: on(
    "element",
    {},
    { behavior: ["auto", "smooth", "instant"], block: SCROLL, inline: SCROLL },
  ),
  dispatchEvent: on("element", { name: "text" }, { detail: "json" }),
  setMeta: on("document", { name: "text", content: "text" }, NONE),
  setTitle: on("document", { title: "text" }, NONE),
  setCookie: on("document", { cookie: "text" }, NONE),
  setStorageItem: on("document", { key: "text", value: "text" }, STORAGE),
  removeStorageItem: on("document", { key: "text" }, STORAGE),
  clearStorage: on("document", {}, STORAGE),
  consoleLog: on("document", { message: "json" }, { level: ["log", "info", "warn", "error"] }),
  consoleTable: on("document", { data: "json" }, { columns: "names" }),
  notification: on("document", { title: "text" }, { options: "record" }),
  announce: on("document", { text: "text" }, { politeness: ["polite", "assertive"] }),
  pushState: on("window", { url: "text" }, HISTORY),
  replaceState: on("window", { url: "text" }, HISTORY),
  go: on("window", { delta: "integer" }, NONE),
  redirectTo: on("window", { url: "text" }, { action: ["advance", "replace"], turbo: "flag" }),
  reload: on("window", {}, NONE),
} as const satisfies Readonly<Record<string, OperationSpec>>;

/** What every operation takes. */
export const EVERY_OPTIONS = { batch: "text", cancel: "flag", delay: "integer" } as const;

/** What every operation on elements takes, too. */
export const ELEMENT_OPTIONS = { selector: "text", xpath: "flag", selectAll: "flag" } as const;

/**
 * Operations of an application's own, by name, with their options: for applications to add to.
 *
 * @example
 * declare module "edge-reflex" {
 *   interface CustomOperations {
 *     playSound: { readonly src: string };
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications add to it by merging, which a type alias does not do
export interface CustomOperations {}

/** The name of an operation that every page knows. */
export type OperationName = keyof typeof OPERATIONS;

/** The names of the operations that act on elements. */
export type ElementOperationName = {
  [Name in OperationName]: (typeof OPERATIONS)[Name]["target"] extends "element" ? Name : never;
}[OperationName];

/** What the options of these kinds are typed as; `Values`: the types of the kinds. */
export type TypesOf<Kinds extends Options, Values = OptionValues> = {
  readonly [Name in keyof Kinds]: Kinds[Name] extends keyof Values
    ? Values[Kinds[Name]]
    : Kinds[Name] extends readonly (infer Word)[]
      ? Word
      : never;
};

/** The types of options as they travel. */
export type WireValues = OptionValues;

/** An operation as it travels in JSON, and as `perform` takes it: its name and its options side by side. */
export interface Operation {
  readonly operation: string;
  readonly [option: string]: unknown;
}

function on<
  const Target extends OperationTarget,
  const Required extends Options,
  const Optional extends Options,
>(target: Target, required: Required, optional: Optional) {
  return { target, required, optional };
}
