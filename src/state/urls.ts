/** What may stand behind a path as its query; `undefined` and `null` are left out. */
export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

/**
 * Makes addresses of the site that are the same wherever they are made: in a page, in a reflex, in a timer. Their host is
 * the one that the visitor knows the site by, or what `PUBLIC_URL` says; never a guess.
 */
export class Urls {
  readonly #origin: string | undefined;
  readonly #given: unknown;

  /**
   * @param origin scheme and host under which the visitor knows the site; `undefined` when nobody has said
   * @param publicUrl the `PUBLIC_URL` of the Worker; may have a path, below which the site is
   */
  constructor(origin: string | undefined, publicUrl: unknown) {
    this.#origin = origin;
    this.#given = publicUrl;
  }

  /**
   * An address without its host: for links.
   * Throws a `TypeError` for what is no path of the site, and for a `PUBLIC_URL` that is no address.
   *
   * @example
   * this.urls.path("/todos", { filter: "active" }); // "/todos?filter=active"
   */
  path(path: string, query: Query = {}): string {
    const { pathname, search, hash } = this.#resolve(path, query);
    return pathname + search + hash;
  }

  /**
   * A whole address: for mail, feeds, redirects from elsewhere.
   * Throws as {@link path} does, and an `Error` when the site's host is not known.
   */
  absolute(path: string, query: Query = {}): string {
    if (this.#publicUrl === undefined && this.#origin === undefined) {
      throw new Error(
        `The address of ${JSON.stringify(path.slice(0, 100))} cannot be made: no browser has said under which host it knows the site. ` +
          "Set the variable PUBLIC_URL, for example to https://example.com",
      );
    }
    return this.#resolve(path, query).href;
  }

  /** Read when it is needed: a mistake in it is the mistake of who asks for an address. */
  get #publicUrl(): URL | undefined {
    return this.#given === undefined || this.#given === "" ? undefined : parse(this.#given);
  }

  #resolve(path: string, query: Query): URL {
    if (!/^\/(?![/\\])/.test(path)) throw noPath(path);
    const publicUrl = this.#publicUrl;
    const below = publicUrl?.pathname.replace(/\/$/, "") ?? "";
    const base = publicUrl?.origin ?? this.#origin ?? "http://nowhere.invalid";
    const url = new URL(below + path, base);
    // What the parser makes of a path may name another host: it drops tabs and line feeds, and takes dots away.
    if (url.origin !== new URL(base).origin || url.pathname.startsWith("//")) throw noPath(path);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== null) url.searchParams.append(name, String(value));
    }
    return url;
  }
}

function noPath(path: string): TypeError {
  const given = JSON.stringify(path.slice(0, 100));
  return new TypeError(`${given} is no path of the site; expected one that begins with a single slash`);
}

function parse(publicUrl: unknown): URL {
  const url = URL.canParse(String(publicUrl)) ? new URL(String(publicUrl)) : undefined;
  if (url?.protocol === "https:" || url?.protocol === "http:") return url;
  const given = JSON.stringify(publicUrl)?.slice(0, 100);
  throw new TypeError(`PUBLIC_URL is ${given}; expected an address such as https://example.com`);
}
