import type { CallMore, ElementSnapshot } from "../protocol/messages.ts";
import type { SignOptions } from "../security/signed-values.ts";
import { shown } from "../state/shown.ts";

/** An attribute does not hold what was asked for. The visitor may have made it up, or the page may have left it out. */
export class ElementValueError extends Error {
  override readonly name = "ElementValueError";
  readonly code = "element-value";
}

/** Verifies a signed value: `undefined` for what is none. */
type Verify = (text: string, options: Pick<SignOptions, "purpose">) => Promise<unknown>;

type Attributes = Readonly<Partial<Record<string, string>>>;

/** What a call may carry of its element beyond the snapshot. */
type ElementContent = Pick<CallMore, "dataset" | "datasetAll" | "html" | "text" | "values">;

/** What is false beside the empty text, as Rails casts it. */
const FALSE = new Set(["0", "f", "F", "false", "FALSE", "off", "OFF"]);

/**
 * The element that triggered a reflex, as the browser described it. Everything here is the visitor's claim and
 * can be forged: check it as you would check a form field. Only {@link signed} values are yours.
 */
export class ReflexElement {
  /** Lower-case tag name; empty when the call came from code without an element. */
  readonly tag: string;
  /** Every attribute as written, by its name in the page; without `data-reflex`, which is how it came to be called. */
  readonly attributes: Attributes;
  /**
   * The `data-` attributes, by their camel-case name as in the browser: `data-row-id` is `rowId`. Those of other elements too,
   * where `data-reflex-dataset` collects them; the element's own win.
   */
  readonly dataset: Attributes;
  /** What `data-reflex-dataset-all` collects: every value of an attribute, by the same names. */
  readonly datasetAll: Readonly<Partial<Record<string, readonly string[]>>>;
  /** The live value of a form control; absent for other elements. */
  readonly value: string | undefined;
  /** The live state of a checkbox or radio button; absent for other elements. */
  readonly checked: boolean | undefined;
  /**
   * The selected values of a `<select multiple>`, or those of all checked boxes of the name in the form, when there are several; empty for
   * other elements.
   */
  readonly values: readonly string[];
  /** The inner HTML, where `data-reflex-include-inner-html` asks for it. */
  readonly html: string | undefined;
  /** The text content, where `data-reflex-include-text-content` asks for it. */
  readonly text: string | undefined;
  readonly #verify: Verify | undefined;

  /** @param snapshot absent when a call was made without an element */
  constructor(snapshot: ElementSnapshot | undefined, content: ElementContent = {}, verify?: Verify) {
    const [tag = "", attributes = {}, value, state] = snapshot ?? [];
    this.tag = tag;
    this.attributes = withoutPrototype(Object.entries(attributes));
    const own = Object.entries(attributes);
    this.dataset = datasetOf([...Object.entries(content.dataset ?? {}), ...own]);
    this.datasetAll = datasetOf(Object.entries(content.datasetAll ?? {}));
    this.value = value ?? (tag === "button" ? (this.attributes.value ?? "") : undefined);
    this.checked = typeof state === "boolean" ? state : undefined;
    this.values = typeof state === "object" ? state : (content.values ?? []);
    this.html = content.html;
    this.text = content.text;
    this.#verify = verify;
  }

  /** The `id` attribute; empty when there is none, as in the browser. */
  get id(): string {
    return this.attributes.id ?? "";
  }

  /**
   * The number in `dataset[name]`, or else in the live `value` or the attribute of that name.
   * Throws {@link ElementValueError} for what is no finite number, and where there is none.
   *
   * @example
   * const step = this.element.numeric("step"); // data-step="2"
   */
  numeric(name: string): number {
    const text = this.#find(name);
    const number = text === undefined || text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(number)) return number;
    const given = text === undefined ? "is not there" : `is ${shown(text)}`;
    const whose = this.tag === "" ? "of the call, which names no element," : `of the element <${this.tag}>`;
    throw new ElementValueError(
      `The ${shown(name)} ${whose} ${given}; expected a number, such as data-${name}="2"`,
    );
  }

  /**
   * Whether the same holds something true: everything but `0`, `f`, `F`, `false`, `FALSE`, `off`, `OFF`, the empty text and nothing at
   * all. An attribute without `data-` is true when it is there, as in HTML, and empty; `checked` is the live state.
   */
  boolean(name: string): boolean {
    if (name === "checked" && this.checked !== undefined) return this.checked;
    const text = this.#find(name);
    const isMark = text === "" && this.#datum(name) === undefined && this.attributes[name] === "";
    return isMark || (text !== undefined && text !== "" && !FALSE.has(text));
  }

  /**
   * The value that `c.var.sign` or `this.sign` made, with the same purpose; `undefined` for everything else: forged, changed, made for
   * another purpose, over, or not there. What `Value` is is the application's promise to itself.
   *
   * @example
   * const id = await this.element.signed<number>("post", { purpose: "edit" });
   */
  async signed<Value = unknown>(
    name: string,
    options: Pick<SignOptions, "purpose"> = {},
  ): Promise<Value | undefined> {
    if (this.#verify === undefined) throw new Error("Signed values are read in a session object");
    const text = this.#find(name);
    // What was signed is what the application signed, with the type that it had there.
    return text === undefined ? undefined : ((await this.#verify(text, options)) as Value | undefined);
  }

  /** The JSON value in an attribute, which anybody may have made up; `undefined` for what is no JSON, and where there is none. */
  unsigned(name: string): unknown {
    const text = this.#find(name);
    if (text === undefined) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      // Text that is no JSON says nothing, as an attribute that is not there.
      return undefined;
    }
  }

  /** In this order: what the page says by `data-`, what the control holds, what the attribute says. */
  #find(name: string): string | undefined {
    return this.#datum(name) ?? (name === "value" ? this.value : undefined) ?? this.attributes[name];
  }

  /** `rowId`, `row-id`, `row_id` and `data-row-id` name the same. */
  #datum(name: string): string | undefined {
    return this.dataset[name] ?? this.dataset[toCamelCase(name.replace(/^data-/, "").replaceAll("_", "-"))];
  }
}

/** By their names in the browser; of those that come twice the last. */
function datasetOf<Value>(attributes: readonly (readonly [string, Value])[]): Record<string, Value> {
  const entries = attributes
    .filter(([name]) => name.startsWith("data-"))
    .map(([name, value]) => [toCamelCase(name.slice("data-".length)), value] as const);
  return withoutPrototype(entries);
}

/** Whose names come from the browser has no prototype: `constructor` and `__proto__` are absent unless sent. */
function withoutPrototype<Value>(entries: Iterable<readonly [string, Value]>): Record<string, Value> {
  const record: Record<string, Value> = Object.create(null);
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** As `HTMLElement.dataset` does (WHATWG HTML, 3.2.6.6). */
function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
