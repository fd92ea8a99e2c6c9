import { LIMITS } from "../src/protocol/limits.ts";
import { type FlashMessages, withShown } from "../src/state/flash.ts";
import type { Subscription } from "../src/topics/turn-topics.ts";
import { NO_CALL } from "./last-turn.ts";
import type { LastTurn } from "./tab-attachment.ts";

/** A page that a browser has loaded. */
export interface Visit {
  /** The version of the session that it left. */
  readonly version: number;
  /** The page load whose tab's state it was rendered with. */
  readonly from: string | undefined;
  /** The messages that it shows. */
  readonly shown: FlashMessages;
  /** Path and query of the page. */
  readonly path: string;
  /** The topics that it rests on. */
  readonly subscribed: ReadonlyMap<string, Subscription>;
  /** What the session's topics counted as its render began. */
  readonly at: number;
  readonly isLoaded: true;
}

/** The pages that browsers have loaded last, by what they say of themselves. */
export class KnownVisits {
  readonly #visits = new Map<string, Visit>();

  /** `undefined` for a page that is not known, or no more; the empty name is none's. */
  get(name: string): Visit | undefined {
    return this.#visits.get(name);
  }

  /** The last one of an address: for a page that does not say which visit it is of. */
  latestOf({ pathname, search }: URL): Visit | undefined {
    return [...this.#visits.values()].reverse().find(({ path }) => path === pathname + search);
  }

  /** Forgets the oldest for it, when there are as many as there may be. */
  add(name: string, visit: Visit): void {
    this.#visits.set(name, visit);
    const [oldest] = this.#visits.keys();
    if (this.#visits.size > LIMITS.rememberedVisits && oldest !== undefined) this.#visits.delete(oldest);
  }
}

/** What a page shows that a browser has loaded is what the tab's last turn has shown. */
export function lastOf(visit: Visit | undefined): LastTurn | undefined {
  return visit?.shown.size ? { assigns: withShown({}, visit), cause: NO_CALL } : undefined;
}
