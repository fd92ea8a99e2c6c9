import type { TabAttachment } from "./tab-attachment.ts";

/** Requests for pages as a tab's browser would make them. The last one is kept: its headers cost most of a turn. */
export class TabRequests {
  #last: Request | undefined;
  #headers: TabAttachment["headers"] = [];

  /** `headers`: of the tab's socket; the same list as long as nothing in it changes. */
  for(href: string, headers: TabAttachment["headers"]): Request {
    if (this.#last?.url === href && this.#headers === headers) return this.#last;
    const sent = [...headers, ["Accept", "text/html"] as const].map(([name, value]) => [name, value]);
    this.#headers = headers;
    this.#last = new Request(href, { headers: sent });
    return this.#last;
  }
}
