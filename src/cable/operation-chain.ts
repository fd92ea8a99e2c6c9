import {
  type CustomOperations,
  type ELEMENT_OPTIONS,
  type ElementOperationName,
  type EVERY_OPTIONS,
  OPERATIONS,
  type Operation,
  type OperationName,
  type TypesOf,
  type WireValues,
} from "../protocol/operations.ts";
import type { Part } from "../render/view.ts";
import { OperationQueue } from "./operation-queue.ts";
import type { Selectable } from "./selectable.ts";

/** What options may be on the server: markup is a view, text in it is escaped. */
interface ServerValues extends Omit<WireValues, "html"> {
  readonly html: Part | { toHtml(): Part };
}

type Spec<Name extends OperationName> = (typeof OPERATIONS)[Name];

type Absent<Values> = { readonly [Name in keyof Values]?: Values[Name] | undefined };

/** The options of every operation, on elements or not. */
type SharedOptions = Absent<TypesOf<typeof EVERY_OPTIONS>>;

/** Which elements are meant, beside the selector itself. */
type AimOptions = Absent<Omit<TypesOf<typeof ELEMENT_OPTIONS>, "selector">> & {
  readonly selector?: Selectable | undefined;
};

/** The options of an operation. */
export type OperationOptions<Name extends OperationName> = TypesOf<Spec<Name>["required"], ServerValues> &
  Absent<TypesOf<Spec<Name>["optional"], ServerValues>> &
  SharedOptions &
  (Name extends ElementOperationName ? AimOptions : unknown);

type HasRequired<Name extends OperationName> = keyof Spec<Name>["required"] extends never ? false : true;

/** What an operation is called with: its element first, if it has one and it is not that of the operation before. */
export type OperationArguments<Name extends OperationName> =
  | (Name extends ElementOperationName ? [selector: Selectable, options: OperationOptions<Name>] : never)
  | [options: OperationOptions<Name>]
  | (HasRequired<Name> extends true
      ? never
      : [] | (Name extends ElementOperationName ? [selector: Selectable] : never));

/** A method for every operation, each of which queues one and returns the chain. */
export type OperationMethods<Chain> = {
  readonly [Name in OperationName]: (...args: OperationArguments<Name>) => Chain;
};

/**
 * Operations that are asked for one after the other, and carried out in that order. An operation on an element that names none
 * is for the element of the one before.
 *
 * Every method throws `OperationError` for what the operation cannot be, saying what was given and what was expected.
 */
export interface Operations<Chain> extends OperationMethods<Chain> {
  /** How many are queued. */
  readonly size: number;
  /** Queues an operation of the application's own, which its pages know by `addOperation`. */
  operation<Name extends keyof CustomOperations>(
    name: Name,
    options: CustomOperations[Name] & SharedOptions & AimOptions,
  ): Chain;
  /**
   * Queues operations that were serialised: as JSON, or as {@link toArray} gives them. Their markup is taken as it is, so it
   * must not be a visitor's.
   */
  apply(serialised: string | readonly Operation[]): Chain;
  /** Forgets which element the operation before was for. */
  reset(): Chain;
  /** What is queued, as it travels. */
  toArray(): readonly Operation[];
  /** The same, for `JSON.stringify`. */
  toJSON(): readonly Operation[];
}

/** What all chains of operations do. Its prototype has a method for each operation of the table. */
export class OperationChain {
  readonly queue: OperationQueue = new OperationQueue();

  get size(): number {
    return this.queue.size;
  }

  operation(name: string, ...args: readonly unknown[]): this {
    this.queue.add(name, args);
    return this;
  }

  apply(serialised: string | readonly Operation[]): this {
    this.queue.apply(serialised);
    return this;
  }

  reset(): this {
    this.queue.reset();
    return this;
  }

  toArray(): readonly Operation[] {
    return this.queue.operations;
  }

  toJSON(): readonly Operation[] {
    return this.toArray();
  }
}

for (const name of Object.keys(OPERATIONS)) {
  const method = function (this: OperationChain, ...args: readonly unknown[]) {
    return this.operation(name, ...args);
  };
  Object.defineProperty(OperationChain.prototype, name, { value: method });
}
