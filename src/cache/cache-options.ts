import { LIMITS } from "../protocol/limits.ts";
import { shown } from "../state/shown.ts";
import { CacheError } from "./cache-error.ts";

/** How long a computation is waited for unless something else is said, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 10_000;

/** A version: of two that differ, one is not the other. A number counts as its text. */
export type CacheVersion = string | number;

/** What may be said of an entry that is written. */
export interface CacheWriteOptions {
  /** After how many milliseconds it is no entry any more: up to 50 years. Without it, it stays until it is deleted, and is never evicted. */
  readonly expiresIn?: number | undefined;
  /** Who reads it as another version finds nothing. */
  readonly version?: CacheVersion | undefined;
}

/** What may be said to `fetch`. */
export interface CacheFetchOptions extends CacheWriteOptions {
  /**
   * For how many milliseconds after it has expired a value is still given to others, while one computes it anew. Without it
   * they wait. Has no meaning without `expiresIn`.
   */
  readonly raceConditionTtl?: number | undefined;
  /** Computes and stores the value even if there is one. */
  readonly force?: boolean | undefined;
  /**
   * How many milliseconds the computation may take before another caller begins one, and how long to wait for that of
   * another: 1 to 60,000. Default: 10,000.
   */
  readonly timeout?: number | undefined;
}

/** Options that were looked at: all times in milliseconds. */
export interface CacheTerms {
  readonly expiresIn: number | undefined;
  readonly staleMs: number;
  readonly version: string | undefined;
  readonly timeoutMs: number;
}

/** Throws {@link CacheError} `cache-option` for what is out of its range. */
export function termsOf(
  key: string,
  { expiresIn, version, raceConditionTtl, timeout = DEFAULT_TIMEOUT_MS }: CacheFetchOptions = {},
): CacheTerms {
  const duration = { min: 1, max: LIMITS.cacheEntryMs };
  if (expiresIn !== undefined) assertMs(key, { expiresIn, ...duration });
  if (raceConditionTtl !== undefined) assertMs(key, { raceConditionTtl, ...duration });
  assertMs(key, { timeout, min: 1, max: LIMITS.cacheLeaseMs });
  return { expiresIn, staleMs: raceConditionTtl ?? 0, version: textOf(key, version), timeoutMs: timeout };
}

/** Throws {@link CacheError} `cache-option` for what one cannot count by. */
export function assertStep(key: string, by: unknown): asserts by is number {
  if (Number.isSafeInteger(by)) return;
  throw refusal(key, `by ${shown(by)}`, "a whole number that is exact");
}

function assertMs(
  key: string,
  { min, max, ...option }: { readonly min: number; readonly max: number; readonly [name: string]: number },
): void {
  const [[name, given] = ["", 0]] = Object.entries(option);
  if (typeof given === "number" && given >= min && given <= max) return;
  throw refusal(key, `${name}: ${shown(given)}`, `milliseconds, from ${min} to ${max}`);
}

function textOf(key: string, version: unknown): string | undefined {
  if (version === undefined) return undefined;
  const text = typeof version === "number" ? String(version) : version;
  const max = LIMITS.cacheVersionChars;
  if (typeof text === "string" && text.length <= max) return text;
  throw refusal(key, `version: ${shown(version)}`, `text of at most ${max} characters, or a number`);
}

function refusal(key: string, given: string, expected: string): CacheError {
  return new CacheError("cache-option", key, `Cache ${shown(key)} was given ${given}; expected ${expected}`);
}
