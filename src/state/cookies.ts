import { type CookieOptions as HonoCookieOptions, parse, serialize } from "hono/utils/cookie";
import { LIMITS } from "../protocol/limits.ts";
import type { Draft } from "./draft.ts";
import { shown } from "./shown.ts";

/** How a cookie is kept by the browser (RFC 6265bis, 4.1.2). `maxAge` is in seconds; without it, and without `expires`, it goes with the browser. */
export type CookieOptions = Pick<
  HonoCookieOptions,
  "domain" | "expires" | "httpOnly" | "maxAge" | "path" | "sameSite" | "secure"
>;

/** The names of the runtime's own cookies: a page that wrote one would lose its visitor. */
const OWN_NAMES = /^(__Host-)?reflex(-tab)?$/i;

/** What the browser of a turn sent, and the scheme that it used. */
export interface CookieRequest {
  /** The `Cookie` header; empty when there was none. */
  readonly header: string;
  /** True for https: then cookies are `Secure` unless they say otherwise. */
  readonly isSecure: boolean;
}

/**
 * The cookies of the visitor's browser, as a turn sees them. What a page that a browser loads sets goes with its response; what
 * an action sets, the browser fetches with a short request of its own, since a socket cannot carry cookies.
 */
export class Cookies {
  readonly #draft: Draft;
  readonly #request: CookieRequest | undefined;
  /** Read when first asked for: most turns ask for none. */
  #parsed: Map<string, string> | undefined;
  readonly #lines = new Map<string, string>();

  /** @param request `undefined` where there is no browser */
  constructor(draft: Draft, request: CookieRequest | undefined) {
    this.#draft = draft;
    this.#request = request;
  }

  /** The value, or `undefined`. What the turn has set is seen at once. */
  get(name: string): string | undefined {
    return this.#values.get(name);
  }

  /**
   * Sets a cookie: for the whole site, `HttpOnly`, `SameSite=Lax` and, over https, `Secure`, unless the options say otherwise. What the
   * browser has already, value for value and without options, is not sent again.
   * Throws a `TypeError` for a name or value that is none, too long, or the runtime's own; and as a session's `set` does.
   */
  set(name: string, value: string, options: CookieOptions = {}): void {
    if (this.#values.get(name) === value && Object.keys(options).length === 0) return;
    const line = this.#toLine(name, value, options);
    this.#draft.assertOpen(name, `The cookie ${JSON.stringify(name)}`);
    this.#values.set(name, value);
    this.#lines.set(name, line);
  }

  /** Removes a cookie; `path` and `domain` must be those that it was set with. Throws as {@link set} does. */
  delete(name: string, options: Pick<CookieOptions, "domain" | "path"> = {}): void {
    const line = this.#toLine(name, "", { ...options, maxAge: 0 });
    this.#draft.assertOpen(name, `The cookie ${JSON.stringify(name)}`);
    this.#values.delete(name);
    this.#lines.set(name, line);
  }

  /** The `Set-Cookie` headers of what was set. */
  get lines(): readonly string[] {
    return [...this.#lines.values()];
  }

  /** The `Cookie` header as the browser will send it from then on. */
  get header(): string {
    return [...this.#values].map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("; ");
  }

  get #values(): Map<string, string> {
    this.#parsed ??= new Map(Object.entries(parse(this.#request?.header ?? "")));
    return this.#parsed;
  }

  #toLine(name: string, value: string, options: CookieOptions): string {
    if (this.#request === undefined) {
      throw new TypeError(
        `The cookie ${shown(name)} was set where no browser is: a timer; keep it in the session`,
      );
    }
    if (OWN_NAMES.test(name))
      throw new TypeError(`The cookie ${shown(name)} is the runtime's own; take another name`);
    const secure = this.#request.isSecure;
    const all = { path: "/", httpOnly: true, sameSite: "Lax", secure, ...options } as const;
    const line = serialize(name, value, all);
    const { cookieChars, turnCookies } = LIMITS;
    if (line.length > cookieChars) {
      throw new TypeError(
        `The cookie ${shown(name)} takes ${line.length} characters; browsers keep at most ${cookieChars}`,
      );
    }
    if (this.#lines.size >= turnCookies && !this.#lines.has(name)) {
      throw new TypeError(`The cookie ${shown(name)} is one too many; a turn sets at most ${turnCookies}`);
    }
    return line;
  }
}
