import { isRecord } from "../protocol/is-record.ts";
import { LIMITS } from "../protocol/limits.ts";
import type { Operation } from "../protocol/operations.ts";
import { OperationError } from "./operation-error.ts";
import { camelized, type Given, optionsOf, specOf, writeOptions } from "./operation-options.ts";
import { copyOption, shortened, writeOption } from "./option-values.ts";

/**
 * Operations in the order in which they were asked for, each as it travels. Remembers the element that the last one was for.
 */
export class OperationQueue {
  #operations: Operation[] = [];
  #chars = 0;
  /** What the last operation on an element acted on. */
  #last: { readonly selector: string; readonly xpath?: true } | undefined;

  get size(): number {
    return this.#operations.length;
  }

  /** What is queued, to be kept by the caller. */
  get operations(): readonly Operation[] {
    return [...this.#operations];
  }

  /**
   * Adds one operation. Throws {@link OperationError} for what it cannot be.
   *
   * @param args a selector and options, or either, or none
   */
  add(name: string, args: readonly unknown[]): void {
    const { target, required } = specOf(name);
    const given = optionsOf(name, args);
    const options = writeOptions(name, given, writeOption);
    for (const option of Object.keys(required)) {
      if (options[option] === undefined)
        throw new OperationError("operation-value", name, `${name} has no ${option}; expected one`);
    }
    this.#push(name, target === "element" ? this.#aimed(name, options) : options);
  }

  /**
   * Adds operations that travelled as JSON, their markup as it is: it must not be a visitor's. Names may be written with
   * underscores. Throws {@link OperationError}, and then has added none of them.
   */
  apply(serialised: string | readonly Given[]): void {
    const [operations, chars] = [[...this.#operations], this.#chars];
    try {
      for (const item of parsed(serialised)) this.#apply(item);
    } catch (error) {
      this.#operations = operations;
      this.#chars = chars;
      throw error;
    }
  }

  /** Forgets which element was meant last. */
  reset(): void {
    this.#last = undefined;
  }

  /** Takes what is queued, and begins anew. */
  take(): readonly Operation[] {
    const operations = this.#operations;
    this.#operations = [];
    this.#chars = 0;
    this.reset();
    return operations;
  }

  #apply(item: unknown): void {
    const { operation, ...options } = isRecord(item) ? item : {};
    if (typeof operation !== "string" || !/^[a-z]\w*$/i.test(operation))
      throw notOperations(item, 'an operation such as { "operation": "remove", "selector": "#cart" }');
    const name = camelized(operation);
    this.#push(name, writeOptions(name, options, copyOption));
  }

  /** The options with the element that the operation acts on; without a word on it, that of the last one. */
  #aimed(name: string, options: Given): Given {
    const { selector = this.#last?.selector, xpath } = options;
    // A selector of its own is no XPath because the last one was.
    const isXpath = xpath ?? (options.selector === undefined && this.#last?.xpath === true);
    if (typeof selector !== "string" || selector.trim() === "") {
      // Events may be the document's.
      if (name === "dispatchEvent") return options;
      const expected = 'expected one such as "#cart", or an operation before it that has one';
      throw new OperationError("operation-selector", name, `${name} has no selector; ${expected}`);
    }
    this.#last = { selector, ...(isXpath === true && { xpath: true }) };
    return { ...this.#last, ...options };
  }

  #push(name: string, options: Given): void {
    const operation = { operation: name, ...options };
    const chars = this.#chars + JSON.stringify(operation).length;
    if (this.#operations.length >= LIMITS.operations)
      throw full(name, `they are ${LIMITS.operations} already`);
    if (chars > LIMITS.operationsChars)
      throw full(name, `they would take ${chars} characters of at most ${LIMITS.operationsChars}`);
    this.#chars = chars;
    this.#operations.push(operation);
  }
}

function parsed(serialised: string | readonly unknown[]): readonly unknown[] {
  try {
    const value: unknown = typeof serialised === "string" ? JSON.parse(serialised) : serialised;
    if (Array.isArray(value)) return value;
  } catch (cause) {
    throw notOperations(serialised, "JSON", cause);
  }
  throw notOperations(serialised, "a list of operations");
}

function notOperations(value: unknown, expected: string, cause?: unknown): OperationError {
  const message = `apply got ${shortened(value)}; expected ${expected}`;
  return new OperationError("operation-value", "apply", message, { cause });
}

function full(name: string, why: string): OperationError {
  const advice = "send them in parts, or morph what holds them all";
  return new OperationError("operations-full", name, `${name} is one operation too many: ${why}; ${advice}`);
}
