import { type Silence, silenceOf } from "./silence.ts";
import type { Tab } from "./tab.ts";
import type { Tabs } from "./tabs.ts";

/** What they are found with. */
interface SilentTabsPorts {
  readonly ctx: Pick<DurableObjectState, "getWebSocketAutoResponseTimestamp">;
  readonly tabs: Tabs;
  /** In milliseconds since 1970. */
  readonly now: () => number;
}

/** Finds the tabs whose sockets are open although nobody is there. */
export class SilentTabs {
  readonly #ports: SilentTabsPorts;
  readonly #begunAt: number;
  /** When the last frame of each came in this life of the object. */
  readonly #heardAt = new WeakMap<Tab, number>();

  constructor(ports: SilentTabsPorts) {
    this.#ports = ports;
    this.#begunAt = ports.now();
  }

  /** A frame of a tab has come. */
  heard(tab: Tab): void {
    this.#heardAt.set(tab, this.#ports.now());
    if (tab.doubtedAt !== undefined) tab.doubt(undefined);
  }

  /** Those of which nothing was heard for so long that they are taken for gone. */
  find(): readonly Tab[] {
    return this.#ports.tabs.open.filter((tab) => this.#silenceOf(tab) === "silent");
  }

  #silenceOf(tab: Tab): Silence {
    const now = this.#ports.now();
    const beatAt = this.#ports.ctx.getWebSocketAutoResponseTimestamp(tab.socket)?.getTime();
    const { doubtedAt } = tab;
    const frameAt = this.#heardAt.get(tab);
    const silence = silenceOf({ now, beatAt, frameAt, begunAt: this.#begunAt, doubtedAt });
    const isFirst = doubtedAt === undefined || doubtedAt < (beatAt ?? 0);
    if (silence === "doubted" && isFirst) tab.doubt(now);
    return silence;
  }
}
