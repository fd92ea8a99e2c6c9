import { renewalMs } from "../session/lifetime.ts";
import { toBase64Url } from "./base64url.ts";
import type { KeyRing } from "./key-ring.ts";

/** How far in the future a cookie may have been issued, in seconds: two machines' clocks differ. */
const CLOCK_SKEW_SECONDS = 300;

const ID_BYTES = 16;
/** Version 2 says of which generation it is; those of generation 0 are written as before there were others. */
const FORMAT = /^((?:v1\.([\w-]{22})|v2\.([\w-]{22})\.(\d{1,9}))\.(\d{1,12}))\.([\w-]{43})$/;

/** A visitor whose cookie was made by this application and is still good. */
export interface Visitor {
  /** The random id in the cookie. A secret: it is not the session object's name. */
  readonly id: string;
  /** Counts the cookies that the visitor was given for one session: see `Identity`. */
  readonly generation: number;
  /** True when the cookie should be sent again: with a new date, or signed by a newer key. */
  readonly isDue: boolean;
}

/** The session cookie of one application: reads, checks and writes it. */
export class SessionCookie {
  readonly #keys: KeyRing;
  readonly #expiresInMs: number;
  readonly #now: () => number;

  /**
   * @param expiresInMs how long a cookie lasts after its last renewal, in milliseconds
   * @param now the time in milliseconds since 1970
   */
  constructor(keys: KeyRing, expiresInMs: number, now: () => number) {
    this.#keys = keys;
    this.#expiresInMs = expiresInMs;
    this.#now = now;
  }

  /**
   * The visitor of a request, or `undefined` without a cookie and for one that is forged, altered, expired or of
   * an unknown format. Never throws.
   */
  async read(request: Request): Promise<Visitor | undefined> {
    const value = findCookie(request.headers.get("Cookie") ?? "", nameFor(request.url));
    const [, text, first, later, generation = "0", issued, signature] = FORMAT.exec(value ?? "") ?? [];
    const id = first ?? later;
    if (text === undefined || id === undefined || signature === undefined) return undefined;
    const ageSeconds = this.#seconds() - Number(issued);
    if (ageSeconds > this.#expiresInMs / 1000 || ageSeconds < -CLOCK_SKEW_SECONDS) return undefined;
    const key = await this.#keys.findKey(text, signature);
    if (key === undefined) return undefined;
    const isOld = ageSeconds > renewalMs(this.#expiresInMs) / 1000;
    return { id, generation: Number(generation), isDue: isOld || key > 0 };
  }

  /** The `Set-Cookie` header for a visitor, dated now. `url` is the request's: its scheme decides the name. */
  async write({ id, generation }: Pick<Visitor, "id" | "generation">, url: string): Promise<string> {
    const whose = generation === 0 ? `v1.${id}` : `v2.${id}.${generation}`;
    const text = `${whose}.${this.#seconds()}`;
    const value = `${text}.${await this.#keys.sign(text)}`;
    const maxAge = Math.floor(this.#expiresInMs / 1000);
    const secure = isSecure(url) ? "; Secure" : "";
    return `${nameFor(url)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Lax${secure}`;
  }

  #seconds(): number {
    return Math.floor(this.#now() / 1000);
  }
}

/** A visitor id that nobody can guess: 128 random bits as base64url. */
export function newVisitorId(): string {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(ID_BYTES)));
}

/**
 * The name of the visitor's session object. A hash, since names of objects show in dashboards and logs, where
 * the id itself would be half of a cookie.
 */
export async function sessionNameOf(visitorId: string): Promise<string> {
  const bytes = new TextEncoder().encode(`edge-reflex session ${visitorId}`);
  return toBase64Url(await crypto.subtle.digest("SHA-256", bytes));
}

/** `__Host-` makes browsers refuse the cookie from subdomains and without `Secure` (RFC 6265bis, 4.1.3). */
function nameFor(url: string): string {
  return isSecure(url) ? "__Host-reflex" : "reflex";
}

function isSecure(url: string): boolean {
  return new URL(url).protocol === "https:";
}

/** The first cookie of that name: browsers send the one with the longest path first. */
function findCookie(header: string, name: string): string | undefined {
  const prefix = `${name}=`;
  const pair = header.split(";").find((part) => part.trim().startsWith(prefix));
  return pair?.trim().slice(prefix.length);
}
