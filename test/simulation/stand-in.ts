import { LIMITS } from "../../src/protocol/limits.ts";
import type { Receipt, Subscriber } from "../../src/topics/topic-messages.ts";
import type { Agenda } from "./agenda.ts";
import { Machine } from "./network.ts";
import type { Region } from "./regions.ts";

/**
 * Stands for a relay and all below it in a simulation that carries out a sample of the tree: it is told as a relay is, and takes as long to
 * answer as one may, but tells nobody.
 */
export class StandIn implements Subscriber {
  readonly machine: Machine;
  /** Subscribers that were sent to it. */
  population = 0;
  readonly #agenda: Agenda;

  constructor(region: Region, agenda: Agenda) {
    this.#agenda = agenda;
    this.machine = new Machine(region);
    // Those of its kind that are carried out stand for it.
    this.machine.weight = 0;
  }

  async deliver(): Promise<Receipt> {
    await this.#agenda.wait(LIMITS.relayHoldMs);
    return "here";
  }

  async attest(): Promise<number> {
    return Math.min(this.population, LIMITS.nodeSubscribers);
  }
}
