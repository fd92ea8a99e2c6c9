import type { Publication, PublishAnswer } from "../../src/topics/topic-messages.ts";
import { changed } from "./ledger.ts";
import { LostCall, Machine } from "./network.ts";
import type { Region } from "./regions.ts";
import type { World } from "./world.ts";

/** The wait before the first further try, in milliseconds; each further one is twice as long, up to a limit. */
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 8_000;

/** A session that publishes: what waits goes in one call, again and again until it is stored, with the same numbers. */
export class Publisher {
  readonly #name: string;
  readonly #machine: Machine;
  readonly #world: World;
  #waiting: Publication[] = [];
  #last = 0;
  #isSending = false;

  constructor(name: string, region: Region, world: World) {
    this.#name = name;
    this.#machine = new Machine(region);
    this.#world = world;
  }

  /** How many of its changes are not stored. */
  get waiting(): number {
    return this.#waiting.length;
  }

  publish(change: number): void {
    this.#world.ledger.published(change);
    this.#last += 1;
    const id = { publisher: this.#name, number: this.#last };
    this.#waiting.push({ id, published: changed(change) });
    if (!this.#isSending) void this.#send();
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    let retryMs = FIRST_RETRY_MS;
    while (this.#waiting.length > 0) {
      const publications = [...this.#waiting];
      const answer = await this.#try(publications);
      if (answer?.kind === "published") {
        this.#waiting = this.#waiting.slice(publications.length);
        retryMs = FIRST_RETRY_MS;
        continue;
      }
      await this.#world.agenda.wait(answer?.waitMs ?? retryMs);
      retryMs = Math.min(2 * retryMs, LONGEST_RETRY_MS);
    }
    this.#isSending = false;
  }

  async #try(publications: readonly Publication[]): Promise<PublishAnswer | undefined> {
    try {
      return await this.#world.nodeAt(this.#machine, this.#world.topic).publish(publications);
    } catch (problem) {
      if (problem instanceof LostCall) return undefined;
      throw problem;
    }
  }
}
