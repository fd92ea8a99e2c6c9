/** What a structure cannot do. */
export type StructureErrorCode =
  /** What was asked of a structure, or how it was declared, cannot be. */
  | "structure-value"
  /** The name of a structure, or the key that structures are bound to, cannot be one. */
  | "structure-name"
  /** Under this name there is a structure of another kind. */
  | "structure-kind"
  /** A structure, or a key, has no room for what it was given. */
  | "structure-full";

/** A structure that refused what it was asked. Nothing was changed. `structure` is the name that it was asked by. */
export class StructureError extends Error {
  override readonly name = "StructureError";
  readonly code: StructureErrorCode;
  readonly structure: string;

  constructor(code: StructureErrorCode, structure: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.structure = structure;
  }
}
