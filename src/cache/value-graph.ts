/**
 * How values that JSON cannot tell apart are written. A value is what JSON writes as itself (text, a finite number, a
 * boolean, null), or an array that begins with its kind. Objects stand in a list and are named by their place in it, so
 * that a value which holds one object twice, or itself, comes back so.
 */
export type WrittenValue =
  | string
  | number
  | boolean
  | null
  | readonly ["undefined"]
  /** `NaN`, `Infinity`, `-Infinity`, `-0`. */
  | readonly ["number", string]
  | readonly ["bigint", string]
  | readonly ["object", number];

/** What an object had by a name. */
export type WrittenMember = readonly [name: string, value: WrittenValue];

/** One object of the list. Bytes stand behind the list, one after another. */
export type WrittenObject =
  | readonly ["plain", readonly WrittenMember[]]
  /** Holes of the array, and nothing else, have no member. */
  | readonly ["array", length: number, readonly WrittenMember[]]
  | readonly ["date", milliseconds: number | null]
  | readonly ["pattern", source: string, flags: string]
  | readonly ["map", readonly (readonly [WrittenValue, WrittenValue])[]]
  | readonly ["set", readonly WrittenValue[]]
  | readonly ["bytes", length: number]
  | readonly ["view", kind: string, bytes: WrittenValue, offset: number, length: number]
  | readonly ["error", readonly WrittenMember[]]
  | readonly ["boxed", WrittenValue];

/** Makes a view of bytes, with its length in elements. */
type ViewClass = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView;

/** The arrays over bytes, by their kind. */
export const VIEWS: Readonly<Record<string, ViewClass>> = {
  BigInt64Array,
  BigUint64Array,
  DataView,
  Float32Array,
  Float64Array,
  Int16Array,
  Int32Array,
  Int8Array,
  Uint16Array,
  Uint32Array,
  Uint8Array,
  Uint8ClampedArray,
};

/** The errors that structured clone keeps as what they are; all others come back as `Error`. */
export const ERRORS: Readonly<Record<string, ErrorConstructor>> = {
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
};

/** The first byte of a value says how the rest is written. */
export const FORMATS = {
  /** JSON, as UTF-8. */
  json: 1,
  /** Four bytes, big end first: how long the list of objects is. The list, as JSON in UTF-8. Then the bytes it mentions. */
  graph: 2,
} as const;
