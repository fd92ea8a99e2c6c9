import type { Hello } from "../src/protocol/messages.ts";
import type { SocketRefusalCode } from "../src/protocol/refusals.ts";
import { GENERATION_HEADER } from "../src/security/identity-headers.ts";
import { IDENTITY_KEY, type Identity, type Standing, standingOf } from "../src/session/identity.ts";
import type { SessionStore } from "../src/state/draft.ts";
import type { Tab } from "./tab.ts";

/** Says who may go on in a session whose identity has changed. */
export class SessionStanding {
  readonly #store: SessionStore;
  readonly #now: () => number;

  constructor(store: SessionStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** What the cookie of a request is worth. */
  of(request: Request): Standing {
    return this.ofGeneration(Number(request.headers.get(GENERATION_HEADER) ?? 0));
  }

  /** What a cookie of that generation is worth. */
  ofGeneration(generation: number): Standing {
    return standingOf(this.#identity, generation, this.#now());
  }

  /** The session has been reset: nothing is written here any more. */
  get hasEnded(): boolean {
    return this.#identity?.next !== undefined;
  }

  /** True for a generation that is not the last one. */
  isBefore(generation: number | undefined): boolean {
    return generation !== undefined && generation < (this.#identity?.generation ?? 0);
  }

  /**
   * Why a page load may not go on here: its cookie is of no use. The one whose call changed the session's identity may, while
   * its browser is being given another, or it would never hear of it.
   */
  whyNotGreet(tab: Tab, { tab: name }: Pick<Hello, "tab">): SocketRefusalCode | undefined {
    const identity = this.#identity;
    if (!tab.hasOldCookie || identity === undefined) return undefined;
    if (standingOf(identity, -1, this.#now()) === "ended") return "session-invalid";
    return identity.author === name ? undefined : "session-moved";
  }

  get #identity(): Identity | undefined {
    // Only src/state/turn-state.ts writes under this key.
    return this.#store.read(IDENTITY_KEY) as Identity | undefined;
  }
}
