import { ATTRIBUTES } from "../../src/protocol/attributes.ts";
import { TAB_HEADER, UPDATE_HEADER, UPDATES_FOR } from "../../src/protocol/stream-names.ts";
import { start } from "../index.ts";

/** Deepest nesting of frames in what is fetched, in levels. */
const FRAME_LEVELS = 8;

/** How often a page is asked for that could not be had, and how long the first wait is, in milliseconds; each further one is twice as long. */
const TRIES = 6;
const PAUSE_MS = 500;

/** How long one try may take, in milliseconds. */
const ANSWER_MS = 30_000;

/**
 * Fetches a page for elements that look for their content, in a document in which nothing loads or runs. Asks again while the server
 * says that it cannot answer now, or cannot be reached; rejects when it is not to be had, and for another site's: what stands there is
 * not the server's.
 */
export async function fetchPage(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Document> {
  const { origin, pathname, search } = URL.parse(url, document.baseURI) ?? {};
  if (origin !== location.origin)
    throw new Error(
      `edge-reflex: ${JSON.stringify(url.slice(0, 100))} is no page of this site, which alone its elements have content from`,
    );
  const page = await fetchDocument(url, headers);
  // Addresses of another page would be taken for those of this one.
  if (`${pathname}${search}` !== location.pathname + location.search)
    for (const element of page.querySelectorAll(`[${ATTRIBUTES.address}]`))
      element.removeAttribute(ATTRIBUTES.address);
  return page;
}

/**
 * Those elements of a page that an element may have its content from, in their order: of its identifier, and of its address where there are
 * such.
 */
export function alikeIn(page: Document, element: Element): readonly Element[] {
  const identifier = CSS.escape(element.getAttribute("identifier") ?? "");
  const all = Array.from(page.querySelectorAll(`${UPDATES_FOR}[identifier="${identifier}"]`));
  const same = all.filter((one) => one.getAttribute("url") === element.getAttribute("url"));
  return same.length > 0 ? same : all;
}

/**
 * Puts into Turbo's frames what they would load at once, since they do not load here. A frame that is not to be had stays as it is.
 *
 * @param url of the page that the element is in
 */
export async function fillFrames(element: Element, url: string, level = 1): Promise<void> {
  const frames = Array.from(element.querySelectorAll('turbo-frame[src]:not([loading="lazy"])'));
  if (level > FRAME_LEVELS) return;
  const fill = async (frame: Element) => {
    const { href } = new URL(frame.getAttribute("src") ?? "", new URL(url, document.baseURI));
    const page = await fetchPage(href, { "Turbo-Frame": frame.id });
    const found = page.querySelector(`turbo-frame[id="${CSS.escape(frame.id)}"]`);
    if (found === null) return;
    await fillFrames(found, href, level + 1);
    frame.innerHTML = found.innerHTML;
  };
  await Promise.all(frames.map((frame) => fill(frame).catch(console.error)));
}

async function fetchDocument(url: string, headers: Readonly<Record<string, string>>): Promise<Document> {
  for (let tries = 1; ; tries += 1) {
    const all = {
      Accept: "text/html",
      "X-Requested-With": "XmlHttpRequest",
      [UPDATE_HEADER]: "update",
      [TAB_HEADER]: start().consumer.tab,
      ...headers,
    };
    const answer = await fetch(url, { headers: all, signal: AbortSignal.timeout(ANSWER_MS) }).catch(() => {});
    if (answer?.ok) return new DOMParser().parseFromString(await answer.text(), "text/html");
    const status = answer?.status ?? 503;
    if (status < 500 || tries === TRIES)
      throw new Error(
        `edge-reflex: ${url} was answered ${status}; expected a page with content for its elements`,
      );
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (tries - 1)));
  }
}
