import { DurableObject } from "cloudflare:workers";

/** Something written on a wall: by whom, and which of theirs it is. */
export interface Note {
  readonly who: string;
  readonly n: number;
}

/** What a topic's pages show of its wall. */
export interface WallState {
  readonly count: number;
  /** The last ones, newest first. */
  readonly recent: readonly Note[];
}

/** What the application under chaos is bound to. */
export interface WallEnv {
  readonly WALL: DurableObjectNamespace<WallObject>;
}

/** How many notes pages list. */
const RECENT = 8;

/** What several sessions share: one object, a wall for each topic. It is the application's own, and outlives every fault. */
export class WallObject extends DurableObject {
  /** Writes a note; one that is there already is not written again, since a reflex that failed runs again. */
  async write(topic: string, who: string, n: number): Promise<void> {
    const notes = this.#notes(topic);
    if (notes.some((note) => note.who === who && note.n === n)) return;
    this.ctx.storage.kv.put(topic, [{ who, n }, ...notes]);
  }

  async read(topics: readonly string[]): Promise<Readonly<Record<string, WallState>>> {
    const states = topics.map((topic) => {
      const notes = this.#notes(topic);
      return [topic, { count: notes.length, recent: notes.slice(0, RECENT) }] as const;
    });
    return Object.fromEntries(states);
  }

  /** How many notes each topic has. */
  async counts(): Promise<Readonly<Record<string, number>>> {
    const all = Array.from(this.ctx.storage.kv.list<readonly Note[]>());
    return Object.fromEntries(all.map(([topic, notes]) => [topic, notes.length]));
  }

  #notes(topic: string): readonly Note[] {
    return this.ctx.storage.kv.get<readonly Note[]>(topic) ?? [];
  }
}
