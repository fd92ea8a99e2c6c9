/** Headers that are other than those of a request: `null` for one that goes. Names in lower case. */
export type HeaderChanges = readonly (readonly [name: string, value: string | null])[];

/** What the tab's browser would ask for its page with, and what an action changes of it for the page that it renders. */
export class BrowserRequest {
  readonly #ask: () => Request;
  #request: Request | undefined;
  #headers: Headers | undefined;
  /** As they were then: the browser may have come back with others since. */
  #before: Headers | undefined;

  /** @param ask gives the request, which is not to be changed; called when it is needed */
  constructor(ask: () => Request) {
    this.#ask = ask;
  }

  /** A copy, the same one each time. */
  get request(): Request {
    this.#request ??= new Request(this.#ask());
    return this.#request;
  }

  /** The headers with which the page is rendered; what is changed in them is changed for that page. */
  get headers(): Headers {
    this.#before ??= this.#ask().headers;
    this.#headers ??= new Headers(this.#before);
    return this.#headers;
  }

  /** What was changed; `undefined` for nothing. */
  get changes(): HeaderChanges | undefined {
    const [before, after] = [this.#before, this.#headers];
    if (before === undefined || after === undefined) return undefined;
    const set = [...after].filter(([name, value]) => before.get(name) !== value);
    const removed = [...before.keys()]
      .filter((name) => !after.has(name))
      .map((name) => [name, null] as const);
    return set.length + removed.length === 0 ? undefined : [...set, ...removed];
  }
}

/** A request with changed headers; without changes, the request itself. */
export function withHeaders(request: Request, changes: HeaderChanges | undefined): Request {
  if (changes === undefined) return request;
  const headers = new Headers(request.headers);
  for (const [name, value] of changes) {
    if (value === null) headers.delete(name);
    else headers.set(name, value);
  }
  return new Request(request, { headers });
}
