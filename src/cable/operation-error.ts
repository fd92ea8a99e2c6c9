/** Why an operation was not taken. */
export type OperationErrorCode =
  /** An option is none that the operation can have, or is no JSON. */
  | "operation-value"
  /** The operation acts on an element, and is not told which. */
  | "operation-selector"
  /** There are too many of them, or they say too much. */
  | "operations-full";

/** An operation that was refused. What was queued before it still is. */
export class OperationError extends Error {
  override readonly name = "OperationError";
  readonly code: OperationErrorCode;
  /** The name of the operation, as it was asked for. */
  readonly operation: string;

  constructor(code: OperationErrorCode, operation: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.operation = operation;
  }
}
