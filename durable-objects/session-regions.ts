import { LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";
import { WHOLE_EDIT } from "../src/protocol/patch.ts";
import { type RegionContent, type RegionPlace, regionAddress } from "../src/render/region.ts";
import { type TemplateNews, WireWriter } from "../src/render/wire.ts";
import { placeBehind, type RegionAnswer, stepOf } from "../src/topics/region-messages.ts";
import { TopicError } from "../src/topics/topic-error.ts";
import type { Item } from "../src/topics/topic-messages.ts";
import type { TurnNews } from "../src/turn/turn-end.ts";

/** What brings a region in a tab to a place. */
export interface RegionNews extends TurnNews {
  readonly regions: readonly [RegionPlace];
}

/** A tab, as the session's regions see it. */
export interface RegionTab {
  readonly isOpen: boolean;
  /** True for a tab that has not read what it was sent: it is sent no more until it has. */
  readonly isBehind: boolean;
  /** Where the regions stand that its page shows, by their names; one that is not known has no place. */
  readonly topics: { readonly places: ReadonlyMap<string, string> };
  /** The addresses that the tab waits to have restored. */
  readonly restoring: Set<string>;
  /** Sends what changes a region; without updates, it is only remembered where that stands. */
  tellRegion(news: RegionNews): void;
  /** Has its socket remember where they stand. */
  keepTopics(): void;
}

/** What a session's regions act on. */
export interface SessionRegionsPorts<Tab extends RegionTab> {
  /** Asks the root of a region's topic. May reject. */
  readonly ask: (name: string, place: string | undefined) => Promise<RegionAnswer>;
  /** The open tabs whose pages show a region. */
  readonly showing: (name: string) => Iterable<Tab>;
  /** True while the session is told what is published in a topic. */
  readonly isFollowed: (name: string) => boolean;
  readonly log: (name: string, cause: unknown) => void;
  /** A region could not be asked for: has {@link SessionRegions.settle} called again after a while. */
  readonly again: (name: string, cause: unknown) => void;
}

/** What was asked for, and what was published since. */
interface Asked {
  readonly content: RegionContent;
  readonly behind: readonly Item[];
}

/** What is known of one region. */
interface KnownRegion {
  /** What it showed when it was asked for last. */
  content?: RegionContent | undefined;
  /** Where it stands, as far as the session was told; absent: nobody knows. */
  latest?: string | undefined;
  /** What is under way. */
  asking?: Promise<Asked> | undefined;
  /** What was published since it was asked for. */
  behind: readonly Item[];
}

/**
 * The regions that the session's pages show. Brings them from change to change as their topics tell them, without a render, and asks
 * for a region where a page lacks what a change rests on: once, whatever the number of its tabs.
 */
export class SessionRegions<Tab extends RegionTab> {
  readonly #ports: SessionRegionsPorts<Tab>;
  /** Most recently used last. */
  readonly #regions = new Map<string, KnownRegion>();

  constructor(ports: SessionRegionsPorts<Tab>) {
    this.#ports = ports;
  }

  /**
   * What a page shows of a region that is rendered. Rejects with {@link TopicError} when it cannot be had.
   *
   * @param isLoaded true for a page that does not show it yet; others keep what they show, and any will do that was current once
   */
  async content(name: string, isLoaded: boolean): Promise<RegionContent> {
    const { content } = this.#find(name);
    return content !== undefined && !isLoaded ? content : (await this.#ask(name)).content;
  }

  /** The session follows a topic from now on: what was known of its region may be of the past. */
  joined(name: string): void {
    this.#find(name).latest = undefined;
  }

  /** Something was published. Called once for all tabs, before {@link take}. */
  heard(name: string, items: readonly Item[]): void {
    const changes = items.filter(({ published }) => published.kind === "region");
    const last = changes.at(-1);
    if (last?.published.kind !== "region") return;
    const region = this.#find(name);
    region.latest = placeBehind(last.published.life, last.seq);
    if (region.asking !== undefined) region.behind = [...region.behind, ...changes];
  }

  /** Tells a tab what was published, as far as it is of a region that the tab shows; or asks for that as a whole. */
  take(tab: Tab, name: string, items: readonly Item[]): void {
    if (isOut(tab)) return;
    const updates: Update[] = [];
    const templates: TemplateNews[] = [];
    const before = tab.topics.places.get(name);
    let place = before;
    let isLacking = false;
    for (const { seq, published } of items) {
      if (published.kind !== "region") continue;
      const step = stepOf(place, seq, published);
      isLacking = step === "lacks";
      if (isLacking) break;
      if (step === "has") continue;
      updates.push(...(published.updates ?? []));
      templates.push(...(published.templates ?? []));
      place = placeBehind(published.life, seq);
    }
    if (place !== undefined && place !== before)
      tab.tellRegion({ regions: [{ name, place }], updates, templates });
    if (isLacking) void this.settle(tab, name);
  }

  /** Brings a tab's region to where it stands, when it is not known to be there. Never rejects. */
  async settle(tab: Tab, name: string): Promise<void> {
    const { latest } = this.#find(name);
    if (isOut(tab) || (latest !== undefined && tab.topics.places.get(name) === latest)) return;
    try {
      this.#bring(tab, name, await this.#ask(name));
    } catch (cause) {
      this.#failed(name, cause);
    }
  }

  /** Something else than the server has changed what a tab shows of a region: it gets all of it. Never rejects. */
  async restore(tab: Tab, name: string): Promise<void> {
    const address = regionAddress(name);
    if (tab.restoring.has(address)) return;
    tab.restoring.add(address);
    try {
      this.#bring(tab, name, await this.#ask(name), true);
    } catch (cause) {
      this.#failed(name, cause);
    } finally {
      tab.restoring.delete(address);
    }
  }

  /** What the application cannot render is rendered with the next change; a root that was not reached may be the next time. */
  #failed(name: string, cause: unknown): void {
    if (cause instanceof TopicError) this.#ports.log(name, cause);
    else this.#ports.again(name, cause);
  }

  /** What was asked for, and then what was published meanwhile. */
  #bring(tab: Tab, name: string, { content, behind }: Asked, isBroken = false): void {
    if (isOut(tab) || ![...this.#ports.showing(name)].includes(tab)) return;
    if (isBroken || tab.topics.places.get(name) !== content.place) tab.tellRegion(wholeOf(name, content));
    this.take(tab, name, behind);
    tab.keepTopics();
  }

  /** What is known to be current is at hand. Who asks while somebody does shares the answer. */
  async #ask(name: string): Promise<Asked> {
    const region = this.#find(name);
    const { content, latest } = region;
    if (content !== undefined && content.place === latest && this.#ports.isFollowed(name))
      return { content, behind: [] };
    region.asking ??= this.#asked(name, region).finally(() => {
      region.asking = undefined;
      region.behind = [];
    });
    return await region.asking;
  }

  async #asked(name: string, region: KnownRegion): Promise<Asked> {
    const { content: kept } = region;
    const answer = await this.#ports.ask(name, kept?.place);
    if (answer.kind === "failed") throw new TopicError("topic-region", answer.message);
    const html = answer.html ?? kept?.html ?? "";
    const content = { html, place: answer.place };
    region.content = content;
    // What was published meanwhile may be behind it, or in it.
    if (region.behind.length === 0) region.latest = answer.place;
    this.#trim();
    return { content, behind: region.behind };
  }

  #find(name: string): KnownRegion {
    const region = this.#regions.get(name) ?? { behind: [] };
    this.#regions.delete(name);
    this.#regions.set(name, region);
    const [oldest] = this.#regions.keys();
    if (this.#regions.size > LIMITS.keptRegions && oldest !== undefined) this.#regions.delete(oldest);
    return region;
  }

  /** Forgets what was used least recently. */
  #trim(): void {
    let chars = 0;
    for (const region of [...this.#regions.values()].reverse()) {
      chars += region.content?.html.length ?? 0;
      if (chars > LIMITS.keptRegionChars) region.content = undefined;
    }
  }
}

/** It is told when it is there again, or has read what it was sent. */
function isOut({ isOpen, isBehind }: RegionTab): boolean {
  return !isOpen || isBehind;
}

function wholeOf(name: string, { html, place }: RegionContent): RegionNews {
  const writer = new WireWriter();
  const updates = [[regionAddress(name), [WHOLE_EDIT, writer.html(html)]]] as const;
  return { regions: [{ name, place }], updates, templates: writer.templates };
}
