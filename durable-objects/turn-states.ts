import { isTabId } from "../src/protocol/call-codec.ts";
import { TAB_HEADER } from "../src/protocol/stream-names.ts";
import { KEYS_SECRET, KeyRing } from "../src/security/key-ring.ts";
import { newVisitorId, sessionNameOf } from "../src/security/session-cookie.ts";
import { SignedValues } from "../src/security/signed-values.ts";
import type { NextSession } from "../src/session/identity.ts";
import type { SessionStore } from "../src/state/draft.ts";
import type { FlashMessages } from "../src/state/flash.ts";
import type { TurnServices } from "../src/state/turn-services.ts";
import { TurnState, type TurnStateOptions, type TurnVisitor } from "../src/state/turn-state.ts";
import type { PresenceList } from "../src/topics/presence-list.ts";
import { TopicIdentifiers } from "../src/topics/topic-identifier.ts";
import type { SessionRegions } from "./session-regions.ts";
import type { StoredSession } from "./session-store.ts";
import type { Tab } from "./tab.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** Under which name, before the visit's, the state of a tab is stored that a page handler writes: the tab does not exist yet. */
export const VISIT_TAB = "visit-";

/** What turns ask the session for that is made behind them. */
interface TopicSources {
  /** Who is present. */
  readonly presence: { of(topic: string): Promise<PresenceList> };
  readonly topics: { readonly regions: SessionRegions<Tab> };
  /** What the session has published and its topics do not have. */
  readonly outbox: Pick<SessionStore, "read">;
}

/** Makes the states that the turns of one session read and write. */
export class TurnStates<Env> {
  /** The session, by its name; by its object's id where nothing says that: of one that a test has reached by its id. */
  readonly id: string;
  readonly #store: SessionStore;
  readonly #sources: () => TopicSources;
  /** Verifies by what elements of the session's pages follow topics. */
  readonly identifiers: TopicIdentifiers;
  /** The same for every turn. */
  readonly #always: Pick<TurnStateOptions, "id" | "now" | "publicUrl" | "timers"> & {
    readonly services: TurnServices;
  };
  /** Made before it is needed, since its name is a hash, which takes an await. */
  #next: NextSession | undefined;

  constructor(
    store: SessionStore & Pick<StoredSession, "name">,
    surroundings: TurnSurroundings<Env>,
    sources: () => TopicSources,
  ) {
    this.id = store.name ?? surroundings.ctx.id.toString();
    this.#store = store;
    this.#sources = sources;
    const { env, ctx, runtime, cache } = surroundings;
    const signed = new SignedValues(() => new KeyRing(settingOf(env, KEYS_SECRET)), runtime.now);
    this.identifiers = new TopicIdentifiers(signed, this.id);
    this.#always = {
      id: this.id,
      now: runtime.now,
      publicUrl: settingOf(env, "PUBLIC_URL"),
      services: {
        cache,
        signed,
        structuresAt: (key) => runtime.structuresAt(ctx, key),
        outbox: { read: (key) => sources().outbox.read(key) },
        rosterOf: (topic) => sources().presence.of(topic),
        uploads: {
          bucket: () => runtime.bucket(env),
          absent: (cause) => runtime.log({ event: "upload-absent", id: crypto.randomUUID(), url: "", cause }),
        },
      },
      timers: {
        now: runtime.now,
        newId: () => crypto.randomUUID(),
        whyNot: (target) => {
          const resolution = runtime.ownTargets.resolve(target);
          return resolution.kind === "refused" ? resolution.code : undefined;
        },
      },
    };
  }

  /** Awaited before a turn that may write. */
  async prepare(): Promise<void> {
    if (this.#next !== undefined) return;
    const visitor = newVisitorId();
    this.#next = { visitor, name: await sessionNameOf(visitor) };
  }

  /**
   * For a page that a browser loads.
   *
   * @param from see {@link tabBefore}
   */
  forVisit(request: Request, visit: string, from: string | undefined): TurnState {
    const { origin } = new URL(request.url);
    const tab = { name: VISIT_TAB + visit, from };
    const header = request.headers.get("Cookie") ?? "";
    return this.#make({ ...this.#visitor(header, origin), tab, takesFlash: "all" }, this.#store);
  }

  /** For a page from which elements of a tab's page have their content: its writes are dropped. */
  forUpdate(request: Request): TurnState {
    const { origin } = new URL(request.url);
    const name = request.headers.get(TAB_HEADER);
    const tab = { name: isTabId(name) ? name : undefined };
    return this.#make({ ...this.#visitor(request.headers.get("Cookie") ?? "", origin), tab }, this.#store);
  }

  /**
   * For a call of a tab.
   *
   * @param isReadonly true for an action whose writes cannot be committed
   */
  forCall(tab: Tab, url: URL, isReadonly = false): TurnState {
    const visitor = { ...this.#visitor(tab.cookieHeader, url.origin), tab: { name: tab.id } };
    const takesFlash = isReadonly ? "none" : "own";
    return this.#make({ ...visitor, takesFlash, isOutdated: !tab.runsErrands }, this.#store, {
      isReadonly,
      shownBy: tab,
    });
  }

  /**
   * For a page that is rendered without being asked for, or for an action that only reads: its writes are dropped.
   *
   * @param store the session as it is, or as it was
   * @param shown the messages that the tab shows
   */
  forRender(tab: Tab, url: URL, store: SessionStore, shown: FlashMessages | undefined): TurnState {
    const visitor = { ...this.#visitor(tab.cookieHeader, url.origin), tab: { name: tab.id } };
    return this.#make({ ...visitor, shown }, store, { shownBy: tab });
  }

  /**
   * For a timer, behind which there is no browser.
   *
   * @param origin scheme and host of the site, as its visitor knows it
   */
  forTimer(origin: string | undefined): TurnState {
    return this.#make({ origin }, this.#store);
  }

  #visitor(header: string, origin: string): TurnVisitor {
    return { origin, cookies: { header, isSecure: origin.startsWith("https:") }, next: this.#next };
  }

  /** `shownBy`: the tab whose page is rendered; absent for one that a browser loads. */
  #make(
    visitor: TurnVisitor,
    store: SessionStore,
    { isReadonly = false, shownBy }: { readonly isReadonly?: boolean; readonly shownBy?: Tab } = {},
  ): TurnState {
    const regionOf = (name: string) =>
      this.#sources().topics.regions.content(name, shownBy?.topics.places.has(name) !== true);
    const services = { ...this.#always.services, regionOf };
    return new TurnState({ ...this.#always, services, store, isReadonly, visitor });
  }
}

/** What a Worker is configured with, by its name. */
function settingOf(env: unknown, name: string): unknown {
  return typeof env === "object" && env !== null ? Reflect.get(env, name) : undefined;
}

/** Which page load the browser has just left in the tab that loads this page, as it says itself. */
export function tabBefore(request: Request): string | undefined {
  return /(?:^|;\s*)reflex-tab=([0-9a-z]{1,32})(?:;|$)/.exec(request.headers.get("Cookie") ?? "")?.[1];
}
