/** What went wrong with a use of the cache. */
export type CacheErrorCode =
  /** The key is empty, too long, or not text. */
  | "cache-key"
  /** The value cannot be copied. */
  | "cache-value"
  /** The value is larger than one entry may be. */
  | "cache-too-large"
  /** An option is out of its range. */
  | "cache-option"
  /** Nothing that may be evicted would make room for the value. */
  | "cache-full"
  /** There is no whole number to count on with. */
  | "cache-number"
  /** The cache did not answer, and what was asked cannot be made up. */
  | "cache-unreachable";

/** A use of the cache that cannot succeed. `key` says of which entry, namespaces included. */
export class CacheError extends Error {
  override readonly name = "CacheError";
  readonly code: CacheErrorCode;
  readonly key: string;

  constructor(code: CacheErrorCode, key: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.key = key;
  }
}
