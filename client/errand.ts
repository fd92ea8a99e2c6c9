import { ERRAND_PATH, TICKET_HEADER } from "../src/protocol/names.ts";

/** How many times an errand is tried before it is given up: for about as long as a session waits for its browser. */
const TRIES = 7;

/** How long the first pause between two tries is, in milliseconds; each further one is twice as long. */
const PAUSE_MS = 250;

/** How long one try may take, in milliseconds: redirects wait for it. */
const ANSWER_MS = 5_000;

/**
 * Fetches what the server could not send over the socket: cookies, which only an answer over HTTP can set. Settles when they
 * are there, or are given up; never rejects.
 */
export async function runErrand(ticket: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const headers = { [TICKET_HEADER]: ticket };
    const signal = AbortSignal.timeout(ANSWER_MS);
    const status = await fetch(ERRAND_PATH, { method: "POST", headers, cache: "no-store", signal }).then(
      (response) => response.status,
      () => 503,
    );
    if (status < 300) return;
    if (status < 500 || tries === TRIES)
      return console.warn(`edge-reflex: cookies were not fetched: ${status}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (tries - 1)));
  }
}
