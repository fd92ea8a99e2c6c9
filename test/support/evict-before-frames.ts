import type { TestHarness } from "wrangler";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SessionCookie, sessionNameOf } from "../../src/security/session-cookie.ts";
import type { Connection, Hook, Verdict } from "./proxy.ts";

/**
 * Has every frame of a browser find its session object asleep, the sockets hibernating: what an object keeps in memory is
 * never there, whichever frames follow each other. Waits for what the object is doing.
 *
 * @param keys what the site signs its cookies with
 */
export function evictBeforeFrames(harness: TestHarness, keys: string): Hook {
  const cookie = new SessionCookie(new KeyRing(keys), Date.now);
  const names = new WeakMap<Connection, Promise<string | undefined>>();
  const nameOf = async ({ headers }: Connection) => {
    const request = new Request(`http://${headers.host}`, { headers: { Cookie: headers.cookie ?? "" } });
    const visitor = await cookie.read(request);
    return visitor && (await sessionNameOf(visitor.id));
  };
  return async (_text, connection): Promise<Verdict> => {
    const known = names.get(connection) ?? nameOf(connection);
    names.set(connection, known);
    const name = await known;
    if (name !== undefined) await evict(harness, { name });
    return "forward";
  };
}

/** Evicts a session object, its sockets hibernating unless said otherwise. One that is asleep is left as it is. */
export async function evict(
  harness: TestHarness,
  object: { readonly name: string } | { readonly id: string },
  webSockets: "hibernate" | "close" = "hibernate",
): Promise<void> {
  try {
    await harness.getWorker().evictDurableObject("SessionObject", { ...object, webSockets });
  } catch (error) {
    if (!String(error).includes("not currently running")) throw error;
  }
}
