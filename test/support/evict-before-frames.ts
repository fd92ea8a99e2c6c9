import type { TestHarness } from "wrangler";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SessionCookie, sessionNameOf } from "../../src/security/session-cookie.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import type { Connection, Hook, Verdict } from "./proxy.ts";

/**
 * Has every frame of a browser find its session object asleep, the sockets hibernating: what an object keeps in memory is
 * never there, whichever frames follow each other. Waits for what the object is doing.
 *
 * @param keys what the site signs its cookies with
 */
export function evictBeforeFrames(harness: TestHarness, keys: string): Hook {
  const names = new WeakMap<Connection, Promise<string | undefined>>();
  return async (_text, connection): Promise<Verdict> => {
    const known = names.get(connection) ?? sessionNameIn(connection.headers.cookie, keys);
    names.set(connection, known);
    const name = await known;
    if (name !== undefined) await evict(harness, { name });
    return "forward";
  };
}

/** The name of the session object of a browser that sends this `Cookie` header; `undefined` for one without a session. */
export async function sessionNameIn(cookie: string | undefined, keys: string): Promise<string | undefined> {
  const request = new Request("http://localhost", { headers: { Cookie: cookie ?? "" } });
  const visitor = await new SessionCookie(new KeyRing(keys), SESSION_MS, Date.now).read(request);
  return visitor && (await sessionNameOf(visitor.id));
}

/**
 * Evicts a session object, its sockets hibernating unless said otherwise. Waits for what it is doing.
 *
 * @returns false for one that was asleep already
 */
export async function evict(
  harness: TestHarness,
  object: { readonly name: string } | { readonly id: string },
  webSockets: "hibernate" | "close" = "hibernate",
): Promise<boolean> {
  try {
    await harness.getWorker().evictDurableObject("SessionObject", { ...object, webSockets });
    return true;
  } catch (error) {
    if (!String(error).includes("not currently running")) throw error;
    return false;
  }
}
