import { LIMITS } from "../protocol/limits.ts";
import { fromBase64Url, toBase64Url } from "./base64url.ts";
import type { KeyRing } from "./key-ring.ts";

/** For what a value is signed. */
export interface SignOptions {
  /** What it is used for: signed for one purpose, it is worth nothing for another. Default: `"default"`. */
  readonly purpose?: string;
  /**
   * How long it is worth something, in milliseconds: a twentieth more at most, so that a page which is rendered again meanwhile is the
   * same. Default: as long as its key.
   */
  readonly expiresIn?: number;
}

/**
 * Signs values that a page hands to its visitor and a reflex takes back: readable by everybody, and made by nobody else. Signed with
 * HMAC-SHA-256, whatever the session: who is shown a signed value may use it in another one.
 */
export class SignedValues {
  readonly #keys: () => KeyRing;
  readonly #now: () => number;
  #ring: KeyRing | undefined;

  /**
   * @param keys asked for when the first value is signed or verified; may throw `KeyRingError`
   * @param now the time in milliseconds since 1970
   */
  constructor(keys: () => KeyRing, now: () => number) {
    this.#keys = keys;
    this.#now = now;
  }

  /**
   * The value as text for an attribute: letters, digits, `-`, `_` and `.`.
   * Rejects with a `TypeError` for what JSON cannot write, for more than `signedChars`, and for a time that is none.
   */
  async sign(value: unknown, { purpose = "default", expiresIn }: SignOptions = {}): Promise<string> {
    const until = expiresIn === undefined ? [] : [endOf(this.#now(), expiresIn)];
    const json = JSON.stringify([value, ...until]);
    if (value === undefined || typeof value === "function" || typeof value === "symbol")
      throw new TypeError(`A value of type ${typeof value} cannot be signed; expected JSON`);
    const content = toBase64Url(new TextEncoder().encode(json));
    if (content.length > LIMITS.signedChars) {
      throw new TypeError(
        `The value to be signed takes ${content.length} characters; expected at most ${LIMITS.signedChars}, such as an id`,
      );
    }
    return `${content}.${await this.#keyRing.sign(textOf(content, purpose))}`;
  }

  /** The value; `undefined` for what was not signed here, for another purpose, or is over. Never throws for what a browser sent. */
  async verify(text: string, { purpose = "default" }: Pick<SignOptions, "purpose"> = {}): Promise<unknown> {
    const [content = "", signature, ...others] = text.split(".");
    if (content.length > LIMITS.signedChars || signature === undefined || others.length > 0) return undefined;
    if (!(await this.#keyRing.verify(textOf(content, purpose), signature))) return undefined;
    // Signed here, so it is what sign() wrote.
    const json = new TextDecoder().decode(fromBase64Url(content));
    const [value, until = Number.POSITIVE_INFINITY] = JSON.parse(json) as readonly [unknown, number?];
    return this.#now() < until ? value : undefined;
  }

  get #keyRing(): KeyRing {
    this.#ring ??= this.#keys();
    return this.#ring;
  }
}

/** The same for a while: were it exact, each render of a page would change all that it signs. */
function endOf(now: number, expiresIn: number): number {
  if (!Number.isFinite(expiresIn) || expiresIn <= 0) {
    throw new TypeError(
      `A value was to be signed with expiresIn: ${expiresIn}; expected milliseconds above 0, or nothing for as long as its key`,
    );
  }
  const step = Math.max(1, Math.floor(expiresIn / 20));
  return Math.ceil((now + expiresIn) / step) * step;
}

/** Nothing else that is signed by the same keys begins so. The purpose as JSON has no line break that could end it. */
function textOf(content: string, purpose: string): string {
  return `edge-reflex value\n${JSON.stringify(purpose)}\n${content}`;
}
