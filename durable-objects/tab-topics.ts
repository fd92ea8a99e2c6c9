import type { StreamMode } from "../src/protocol/stream-names.ts";
import { regionAddress, regionIn } from "../src/render/region.ts";
import { topicKey } from "../src/topics/topic-key.ts";
import { type Position, positionOf, positionText } from "../src/topics/topic-messages.ts";
import { RELAY_MARK } from "../src/topics/topic-name.ts";
import type { Subscription } from "../src/topics/turn-topics.ts";
import { keptPresence, presenceFrom, type TabPresence } from "./tab-presence.ts";

/** How a tab rests on a topic. */
export interface TabTopic {
  /** Up to where the tab was told of it; absent: not told of any place yet. */
  position?: Position | undefined;
  /** How often it was set back to an earlier place, since the tab could not be sent what it was to be told. */
  setBacks?: number;
  /** True where the tab could not be told its place: what lies behind that it was not told either. */
  isUntold?: boolean;
  /** Its page rests on the topic; absent: only elements of it do. */
  page?: Subscription | undefined;
  readonly streams: Set<StreamMode>;
}

/**
 * The same as its socket remembers it; `letters`: see {@link lettersOf}; `relay`: which node of the topic tells the session, empty for
 * the root; `presence`: how the page shows who is present, empty where it does not; `region`: where the region stands that it shows.
 */
export type KeptTopic = readonly [
  topic: string,
  position: string,
  letters: string,
  relay?: string,
  presence?: string,
  region?: string,
];

/** What a socket remembers of the topics of its tab when they have no room in it. */
export const FORGOTTEN = "forgotten";

/** The topics that one tab rests on, and how far it was told of each. */
export class TabTopics {
  /** By their names. */
  readonly all = new Map<string, TabTopic>();
  /** In which of them its page shows who is present, as its session counts it: also while nothing is known of the page yet. */
  presences: ReadonlyMap<string, TabPresence> = new Map();
  /** Where the regions stand that the page shows, by the names of their topics; of one that is not known, nothing. */
  readonly places = new Map<string, string>();
  /** At which node of the topic its session is subscribed, where that is not the root. */
  readonly #relays = new Map<string, string>();
  /** False after a sleep through which they were not remembered: only a render of the page tells which there are. */
  isKnown: boolean;
  /** True until a render has said what the page rests on that the tab shows. */
  isNew = true;
  /** What the session had counted when the page was rendered that the tab shows, see `SessionTopics.now`; below 0: nobody knows. */
  renderedAt = -1;
  /** Those that elements followed in the page before: see {@link takeCarried}. */
  #carried: readonly string[] = [];
  /** Where the page is in topics, as its client says: by their keys. Each is good once. */
  #told = new Map<string, string>();

  constructor(kept: readonly KeptTopic[] | typeof FORGOTTEN = []) {
    this.isKnown = kept !== FORGOTTEN;
    this.isNew = kept.length === 0;
    if (kept === FORGOTTEN) return;
    const presences = new Map<string, TabPresence>();
    for (const [name, position, letters, relay = "", presence = "", region = ""] of kept) {
      this.all.set(name, topicOf(letters, positionOf(position)));
      if (relay !== "") this.#relays.set(name, `${name}${RELAY_MARK}${relay}`);
      if (presence !== "") presences.set(name, presenceFrom(presence));
      if (region !== "") this.places.set(name, region);
    }
    this.presences = presences;
  }

  /** What the socket is to remember; absent: nothing. */
  get kept(): readonly KeptTopic[] | typeof FORGOTTEN | undefined {
    if (!this.isKnown) return FORGOTTEN;
    if (this.all.size === 0) return undefined;
    return [...this.all].map(([name, topic]): KeptTopic => {
      const { position } = topic;
      const kept = [name, position === undefined ? "" : positionText(position), lettersOf(topic)] as const;
      const relay = this.#relays.get(name)?.slice(name.length + RELAY_MARK.length);
      const presence = this.presences.get(name);
      const shown = presence === undefined ? "" : keptPresence(presence);
      const region = this.places.get(name);
      if (region !== undefined) return [...kept, relay ?? "", shown, region];
      if (shown !== "") return [...kept, relay ?? "", shown];
      return relay === undefined ? kept : [...kept, relay];
    });
  }

  /** Where the page is in a topic, as its client said when it came; `undefined` for what it said nothing of, or was asked before. */
  takeTold(name: string): Position | undefined {
    const text = this.#take(topicKey(name));
    return text === undefined ? undefined : positionOf(text);
  }

  /** True where the page shows the region of a topic. */
  showsRegion(name: string): boolean {
    return this.all.get(name)?.page?.region !== undefined;
  }

  /** The topic whose region the page shows at that address, or around it; `undefined` for none. */
  regionAt(address: string): string | undefined {
    const region = regionIn(address);
    if (region === undefined) return undefined;
    return [...this.all.keys()].find((name) => this.showsRegion(name) && regionAddress(name) === region);
  }

  /** The tab is sent what brings a region to a place: whatever its client said of it when it came is of the past. */
  brought(name: string, place: string): void {
    this.#take(regionAddress(name));
    this.places.set(name, place);
  }

  /**
   * The page shows the region of a topic, or none; so says a render of it.
   *
   * @param place where the region stood that a browser has loaded; `undefined` for a render that was compared with what it shows
   */
  shows(name: string, isShown: boolean, place: string | undefined): void {
    if (!isShown) return void this.places.delete(name);
    const told = this.#take(regionAddress(name)) ?? place;
    if (told !== undefined) this.places.set(name, told);
  }

  /** The node of a topic that tells the session. */
  nodeOf(name: string): string {
    return this.#relays.get(name) ?? name;
  }

  /** Remembers that. */
  tellBy(name: string, node: string): void {
    if (node === name) this.#relays.delete(name);
    else this.#relays.set(name, node);
  }

  /** Another page is shown, and nothing is known of it yet but what its client says. */
  begin(told: ReadonlyMap<string, string> = new Map()): void {
    this.all.clear();
    this.#relays.clear();
    this.renderedAt = -1;
    this.places.clear();
    this.isKnown = true;
    this.isNew = true;
    this.#told = new Map(told);
    this.#carried = [];
  }

  /** The same, of a page that has taken the place of another: elements say themselves when they have gone with that. */
  goOn(): void {
    const following = [...this.all].filter(([, { streams }]) => streams.size > 0);
    const nodes = following.map(([name]) => this.nodeOf(name));
    this.begin();
    for (const [index, [name, { position, streams }]] of following.entries()) {
      this.all.set(name, { position, streams });
      this.tellBy(name, nodes[index] ?? name);
    }
    this.#carried = following.map(([name]) => name);
  }

  /** The topics that elements alone follow, and did in the page before, which was told up to their places. Each time once. */
  takeCarried(): readonly string[] {
    const carried = this.#carried.filter((name) => {
      const topic = this.all.get(name);
      return topic !== undefined && topic.page === undefined;
    });
    this.#carried = [];
    return carried;
  }

  /** Nothing of the page rests on a topic any more. */
  drop(name: string): void {
    this.all.delete(name);
    this.#relays.delete(name);
    this.places.delete(name);
  }

  #take(key: string): string | undefined {
    const text = this.#told.get(key);
    this.#told.delete(key);
    return text;
  }
}

const STREAM_LETTERS = { stream: "s", updates: "u" } as const;

/** `p` for a page, `h` for one that shows who is here, `r` for one that shows the region, and one for each kind of element. */
function lettersOf({ page, streams }: TabTopic): string {
  const letters = [...streams].map((mode) => STREAM_LETTERS[mode]).join("");
  if (page === undefined) return letters;
  const shows = (page.presence === undefined ? "" : "h") + (page.region === undefined ? "" : "r");
  return `p${shows}${letters}`;
}

function topicOf(letters: string, position: Position | undefined): TabTopic {
  const modes: readonly StreamMode[] = ["stream", "updates"];
  const page = {
    ...(letters.includes("h") ? { presence: {} } : {}),
    ...(letters.includes("r") ? { region: "" } : {}),
  };
  return {
    position,
    page: letters.includes("p") ? page : undefined,
    streams: new Set(modes.filter((mode) => letters.includes(STREAM_LETTERS[mode]))),
  };
}
