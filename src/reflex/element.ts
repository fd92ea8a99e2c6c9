import type { ElementSnapshot } from "../protocol/messages.ts";

/**
 * The element that triggered a reflex, as the browser described it. Everything here is the visitor's claim and
 * can be forged: check it as you would check a form field.
 */
export class ReflexElement {
  /** Lower-case tag name; empty when the call came from code without an element. */
  readonly tag: string;
  /** Every attribute as written, by its name in the page; without `data-reflex`, which is how it came to be called. */
  readonly attributes: Readonly<Partial<Record<string, string>>>;
  /** The `data-` attributes, by their camel-case name as in the browser: `data-row-id` is `rowId`. */
  readonly dataset: Readonly<Partial<Record<string, string>>>;
  /** The live value of a form control; absent for other elements. */
  readonly value: string | undefined;
  /** The live state of a checkbox or radio button; absent for other elements. */
  readonly checked: boolean | undefined;
  /** The selected values of a `<select multiple>`; empty for other elements. */
  readonly values: readonly string[];

  /** @param snapshot absent when a call was made without an element */
  constructor(snapshot: ElementSnapshot | undefined) {
    const [tag = "", attributes = {}, value, state] = snapshot ?? [];
    this.tag = tag;
    this.attributes = withoutPrototype(Object.entries(attributes));
    this.dataset = datasetOf(this.attributes);
    this.value = value ?? (tag === "button" ? (attributes.value ?? "") : undefined);
    this.checked = typeof state === "boolean" ? state : undefined;
    this.values = typeof state === "object" ? state : [];
  }

  /** The `id` attribute; empty when there is none, as in the browser. */
  get id(): string {
    return this.attributes.id ?? "";
  }
}

function datasetOf(attributes: Readonly<Partial<Record<string, string>>>): Record<string, string> {
  const entries = Object.entries(attributes)
    .filter(([name]) => name.startsWith("data-"))
    .map(([name, value]) => [toCamelCase(name.slice("data-".length)), value ?? ""] as const);
  return withoutPrototype(entries);
}

/** Whose names come from the browser has no prototype: `constructor` and `__proto__` are absent unless sent. */
function withoutPrototype(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) record[name] = value;
  return record;
}

/** As `HTMLElement.dataset` does (WHATWG HTML, 3.2.6.6). */
function toCamelCase(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
