import { fromBase64Url, toBase64Url } from "./base64url.ts";

/** The name of the secret that holds the key ring. */
export const KEYS_SECRET = "REFLEX_KEYS";

/** Shortest key, in characters: 32 random bytes are 43 as base64url, 44 as base64. */
const MIN_KEY_CHARS = 32;

const HMAC = { name: "HMAC", hash: "SHA-256" } as const;

/** The key ring is missing or too weak to sign sessions with. The message says what to run. */
export class KeyRingError extends Error {
  override readonly name = "KeyRingError";
  readonly code = "key-ring";

  constructor(problem: string) {
    const deployed = `openssl rand -base64 32 | npx wrangler secret put ${KEYS_SECRET}`;
    const local = `echo "${KEYS_SECRET}=$(openssl rand -base64 32)" >> .dev.vars`;
    super(
      `${problem}, so sessions cannot be signed. Deployed, run: ${deployed} — for local development: ${local}`,
    );
  }
}

/**
 * Signs and verifies with HMAC-SHA-256. The first key signs, every key verifies: a new key goes to the front,
 * and the old one leaves when what it signed has expired.
 */
export class KeyRing {
  readonly #keys: readonly Promise<CryptoKey>[];

  /**
   * @param secret keys separated by commas or white space, newest first, each of at least 32 characters
   *
   * Throws {@link KeyRingError} when there is no key or one is too short.
   */
  constructor(secret: unknown) {
    const keys = typeof secret === "string" ? secret.split(/[\s,]+/).filter((key) => key !== "") : [];
    if (keys.length === 0) throw new KeyRingError(`The secret ${KEYS_SECRET} is not set`);
    const short = keys.findIndex((key) => key.length < MIN_KEY_CHARS);
    if (short !== -1) {
      throw new KeyRingError(`Key ${short + 1} of ${KEYS_SECRET} has fewer than ${MIN_KEY_CHARS} characters`);
    }
    this.#keys = keys.map(importKey);
  }

  /** The signature of the text by the newest key, as base64url. */
  async sign(text: string): Promise<string> {
    const [newest] = this.#keys;
    if (newest === undefined) throw new KeyRingError(`The secret ${KEYS_SECRET} is not set`);
    return toBase64Url(await crypto.subtle.sign(HMAC, await newest, toBytes(text)));
  }

  /** True when any key of the ring made the signature. Compares in constant time; never throws. */
  async verify(text: string, signature: string): Promise<boolean> {
    return (await this.findKey(text, signature)) !== undefined;
  }

  /** Which key of the ring made the signature, 0 for the newest; `undefined` when none did. As {@link verify}. */
  async findKey(text: string, signature: string): Promise<number | undefined> {
    const bytes = fromBase64Url(signature);
    if (bytes === undefined) return undefined;
    for (const [index, key] of this.#keys.entries()) {
      if (await crypto.subtle.verify(HMAC, await key, bytes, toBytes(text))) return index;
    }
    return undefined;
  }
}

function importKey(key: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", toBytes(key), HMAC, false, ["sign", "verify"]);
}

function toBytes(text: string) {
  return new TextEncoder().encode(text);
}
