import { ERRAND_PATH, TAB_COOKIE, TICKET_HEADER } from "../../src/protocol/names.ts";
import { newTabId, ORIGIN, type Reply, stateIn, Tab, visit } from "./tab.ts";

/** A visitor's browser, as far as a session sees of it: a jar of cookies, pages and their tabs. */
export class BrowserJar {
  readonly #cookies = new Map<string, string>();

  /** The `Cookie` header. */
  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** A cookie as it is kept; `undefined` when there is none. */
  get(name: string): string | undefined {
    return this.#cookies.get(name);
  }

  /** A browser with the same cookies, of somebody who has stolen them. */
  stolen(): BrowserJar {
    const other = new BrowserJar();
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }

  /** Loads an address, and keeps the cookies that come with it. Redirects are followed. */
  async load(
    path: string,
    init: RequestInit = {},
  ): Promise<{ status: number; text: string; response: Response }> {
    const headers = new Headers(init.headers);
    headers.set("Cookie", this.header);
    const response = await visit(path, { ...init, headers });
    this.#keep(response);
    const text = await response.text();
    const location = response.headers.get("Location");
    if (location !== null) return await this.load(location);
    return { status: response.status, text, response };
  }

  /**
   * Loads a page and opens its socket.
   *
   * @param before the page load that the browser tab showed before
   * @param leaves false when that says nothing as it is left
   * @param follows false when it is that of another tab, or the one that it really is
   */
  async open(
    path: string,
    { before = "", leaves = true, follows = true as boolean | string } = {},
  ): Promise<Tab> {
    if (before !== "" && leaves) this.#cookies.set(TAB_COOKIE, before);
    const { text } = await this.load(path);
    this.#cookies.delete(TAB_COOKIE);
    const tab = await Tab.connect(this.header, follows === true ? before : follows || "");
    const name = newTabId();
    tab.hello(path, { tab: name, state: stateIn(text) });
    this.names.set(tab, name);
    this.texts.set(tab, text);
    return tab;
  }

  /** The names of the page loads. */
  readonly names = new Map<Tab, string>();
  /** What was loaded for them. */
  readonly texts = new Map<Tab, string>();

  /** A page that its browser has kept goes on with another socket, having been away at another page. */
  async back(tab: Tab, path: string, { before = "", seen = 0 } = {}): Promise<Tab> {
    const again = await Tab.connect(this.header, before);
    const name = this.names.get(tab) ?? "";
    again.hello(path, { tab: name, seen, low: seen + 1, state: "" });
    this.names.set(again, name);
    this.texts.set(again, this.texts.get(tab) ?? "");
    return again;
  }

  /** Fetches what a reply tells the browser to. Does nothing when it tells nothing. */
  async runErrand({ updates }: Reply): Promise<Response | undefined> {
    const errand = updates.find(([kind]) => kind === "errand");
    if (errand === undefined) return undefined;
    return await this.errand(String(errand[1]));
  }

  async errand(ticket: string, headers: Record<string, string> = {}): Promise<Response> {
    const all = { Cookie: this.header, Origin: ORIGIN, [TICKET_HEADER]: ticket, ...headers };
    const response = await visit(ERRAND_PATH, { method: "POST", headers: all });
    this.#keep(response);
    return response;
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const [name = "", value = ""] = pair.split("=");
      if (/Max-Age=0/.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

/** What an element of a page shows, by its id. */
export function shown(text: string, id: string): string | undefined {
  return new RegExp(`<p[^>]* id="${id}"[^>]*>(.*?)</p>`).exec(text)?.[1];
}
