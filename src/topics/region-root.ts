import { diffFragments } from "../diff/diff.ts";
import { LIMITS } from "../protocol/limits.ts";
import { WHOLE_EDIT } from "../protocol/patch.ts";
import { type RegionContent, regionAddress } from "../render/region.ts";
import type { View } from "../render/view.ts";
import { type TemplateNews, WireWriter } from "../render/wire.ts";
import { changedByBoth } from "./changed-names.ts";
import { checkedView, writtenRegion } from "./region-view.ts";
import { type Published, positionText, type RegionChange, type Touched } from "./topic-messages.ts";

/** What the root of a topic gives to the region that its pages show. */
export interface RegionPorts {
  /** Has the application render it. May reject. */
  render(): Promise<unknown>;
  /** Stores a publication, to be told to everyone. Resolves with its number; with that of the last one where nobody is there to be told. */
  publish(published: Published): Promise<number>;
  /** The number of the last publication. */
  last(): number;
  /** Whether anybody subscribes. */
  isWatched(): boolean;
  /** The time, in milliseconds since 1970. */
  now(): number;
  /** Resolves after some milliseconds. */
  pause(milliseconds: number): Promise<void>;
  /** A name that nobody has had before: lower-case letters and digits, at most 16. */
  newLife(): string;
  /** What the application threw, for the log. */
  failed(cause: unknown): void;
}

/** What was rendered last. */
interface Rendered {
  readonly view: View;
  /** The number of the publication that told it; or of the last one before it was rendered, when none did. */
  readonly seq: number;
  /** As HTML, once somebody has asked. */
  html?: string;
}

/**
 * Renders one region for everyone who shows it: once for a change, and never twice at a time. Keeps what it rendered last in
 * memory, to tell what changed; without it, the next change tells the region whole.
 */
export class RegionRoot {
  readonly #name: string;
  readonly #ports: RegionPorts;
  readonly #address: string;
  #life: string;
  /** True when nothing may be shown that another life of it has rendered, so that changes may rest on each other. */
  #isKnown: boolean;
  #rendered: Rendered | undefined;
  /** When it was rendered last for a change. */
  #renderedAt = Number.NEGATIVE_INFINITY;
  /** The last change, once it is stored or has failed. */
  #published: Promise<void> | undefined;
  /** What is under way, or was last. Never rejects. */
  #working: Promise<unknown> = Promise.resolve();
  /** What the next change says, and its end; absent when none waits. */
  #next: { touched: Touched; readonly done: Promise<void> } | undefined;

  constructor(name: string, ports: RegionPorts) {
    this.#name = name;
    this.#ports = ports;
    this.#address = regionAddress(name);
    this.#life = ports.newLife();
    this.#isKnown = ports.last() === 0;
  }

  /** What the region shows. Rejects with what the application throws, and with `TopicError` for what is no region. */
  async content(): Promise<RegionContent> {
    // Who was told of a change already, and asks since it lacks what that rests on, would not ask again.
    await this.#published;
    const rendered = this.#known ?? (await this.#behind(() => this.#first()));
    rendered.html ??= writtenRegion(this.#name, rendered.view, this.#address);
    return { html: rendered.html, place: positionText({ epoch: this.#life, seq: rendered.seq }) };
  }

  /**
   * What it shows has changed. Changes that come while it is being rendered, or right behind that, make one more render. Resolves
   * when what came of it is stored; rejects when that fails.
   */
  async touched(touched: Touched): Promise<void> {
    if (this.#next === undefined) {
      const done = this.#behind(async () => {
        await this.#rest();
        await this.#change();
      });
      this.#next = { touched, done };
    } else this.#next.touched = together(this.#next.touched, touched);
    return await this.#next.done;
  }

  /** What was rendered last. Nothing, where the topic has forgotten everything since, and counts from 1 again. */
  get #known(): Rendered | undefined {
    if (this.#rendered !== undefined && this.#rendered.seq > this.#ports.last()) {
      this.#rendered = undefined;
      this.#life = this.#ports.newLife();
    }
    return this.#rendered;
  }

  /** Runs behind what is under way. */
  #behind<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#working.then(work);
    this.#working = result.catch(() => {});
    return result;
  }

  /** Renders it, when nobody else has meanwhile. */
  async #first(): Promise<Rendered> {
    const known = this.#known;
    if (known !== undefined) return known;
    const view = checkedView(this.#name, await this.#ports.render());
    return this.#keep(view, this.#ports.last());
  }

  /** Where changes follow each other closely, some are waited for. */
  async #rest(): Promise<void> {
    const restMs = this.#renderedAt + LIMITS.regionPauseMs - this.#ports.now();
    if (restMs > 0) await this.#ports.pause(restMs);
    this.#renderedAt = this.#ports.now();
  }

  async #change(): Promise<void> {
    const { touched = {} } = this.#next ?? {};
    this.#next = undefined;
    if (!this.#ports.isWatched()) return await this.#outdate(touched);
    let view: View;
    try {
      view = checkedView(this.#name, await this.#ports.render());
    } catch (cause) {
      this.#ports.failed(cause);
      // Pages that rest on the topic without the region have changed all the same.
      await this.#ports.publish({ kind: "touch", ...touched });
      return;
    }
    const change = this.#changeTo(view);
    let published = () => {};
    this.#published = new Promise((resolve) => {
      published = resolve;
    });
    try {
      const seq = await this.#ports.publish({ kind: "region", life: this.#life, ...change, ...touched });
      this.#isKnown = true;
      this.#keep(view, seq);
    } finally {
      published();
    }
  }

  /** Nobody is there to be shown it: whoever has fetched it, and comes, finds that it is of another life. */
  async #outdate(touched: Touched): Promise<void> {
    this.#rendered = undefined;
    this.#life = this.#ports.newLife();
    this.#isKnown = true;
    await this.#ports.publish({ kind: "region", life: this.#life, ...touched });
  }

  #keep(view: View, seq: number): Rendered {
    const rendered = { view, seq };
    this.#rendered = rendered;
    return rendered;
  }

  /** What tells it, as short as it goes: what changed, or the region whole, or that it is to be asked for. */
  #changeTo(view: View): Omit<RegionChange, "life"> {
    const known = this.#known;
    const before = this.#isKnown ? known : undefined;
    const change = before && this.#difference(before, view);
    if (change !== undefined && charsOf(change) <= LIMITS.regionChangeChars) return change;
    const writer = new WireWriter();
    const updates = [[this.#address, [WHOLE_EDIT, writer.view(view)]]] as const;
    const whole = { updates, templates: newsOf(writer.templates) };
    const least = change === undefined || charsOf(whole) < charsOf(change) ? whole : change;
    return charsOf(least) <= LIMITS.publicationChars - ENVELOPE_CHARS ? least : {};
  }

  #difference({ view: before, seq: base }: Rendered, view: View): Omit<RegionChange, "life"> {
    const { patches, templates } = diffFragments(before, view, this.#address);
    return { base, updates: patches, ...(templates.length === 0 ? {} : { templates: newsOf(templates) }) };
  }
}

/** Room for what a publication says beside the updates, in characters. */
const ENVELOPE_CHARS = 1_000;

function charsOf(change: Omit<RegionChange, "life">): number {
  return JSON.stringify(change).length;
}

/** Without what only the server knows of templates. */
function newsOf(templates: readonly TemplateNews[]): readonly TemplateNews[] {
  return templates.map(({ name, pieces }) => ({ name, pieces }));
}

/** What two changes say that are told as one: a page that shows only one of them does not show both. */
function together(one: Touched, other: Touched): Touched {
  const changed = changedByBoth(one.changed, other.changed);
  return {
    ...(changed === undefined ? {} : { changed }),
    ...(one.author !== undefined && one.author === other.author ? { author: one.author } : {}),
  };
}
