import { LIMITS } from "../src/protocol/limits.ts";
import type { Timer } from "../src/time/timer.ts";
import type { Outgoing } from "../src/topics/outbox.ts";
import type { Publication, TopicNode } from "../src/topics/topic-messages.ts";
import { withDeadline } from "../src/turn/deadline.ts";

/** How often what could not be published is tried again before that is left to the session's alarm. */
const TRIES = 4;

/** The first wait between two tries, in milliseconds; each further one is twice as long. */
const WAIT_MS = 250;

/** The longest wait that is spent awake, in milliseconds. */
const AWAKE_MS = 10_000;

/** How a session publishes in one topic. */
export interface SenderPorts {
  /** The topic's root. Throws where the Worker has no objects for topics. */
  readonly root: () => TopicNode;
  /** Names the session, and this life of its count. */
  readonly publisher: () => string;
  readonly timer: Timer;
  /** The topic has them stored. */
  readonly stored: (published: readonly Outgoing[]) => void;
  readonly log: (cause: unknown) => void;
}

/** Publishes what one session has for one topic, in its order, each once as far as the topic can tell. */
export class TopicSender {
  readonly #ports: SenderPorts;
  readonly #waiting: Outgoing[] = [];
  #sending: Promise<void> | undefined;

  constructor(ports: SenderPorts) {
    this.#ports = ports;
  }

  /** True when nothing waits. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  /** What nobody tries again, and would have to wait behind too much, is given up. */
  add(outgoing: Outgoing): void {
    if (outgoing.number > 0 || this.#waiting.length < LIMITS.outbox) return void this.#waiting.push(outgoing);
    this.#ports.log(
      new Error(
        `${this.#waiting.length} publications wait for their topic; expected fewer than ${LIMITS.outbox} before one ` +
          "of an ephemeral or concurrent reflex, which was given up: publish less often, or from a reflex that is stored",
      ),
    );
  }

  /** Forgets what waits: of a session that has ended, whose next life counts anew. */
  drop(): void {
    this.#waiting.length = 0;
  }

  /** Sends what waits. Resolves when all of it is stored, or was tried often enough; never rejects. */
  send(): Promise<void> {
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
    return this.#sending;
  }

  async #sendAll(): Promise<void> {
    let failures = 0;
    while (this.#waiting.length > 0 && failures < TRIES) {
      const batch = this.#waiting.slice(0, LIMITS.turnPublications);
      const waitMs = await this.#publish(batch);
      if (waitMs === undefined) {
        failures = 0;
        continue;
      }
      failures += 1;
      const longest = waitMs > 0 ? waitMs : WAIT_MS * 2 ** failures;
      if (longest > AWAKE_MS) return;
      if (failures < TRIES) await this.#wait(longest);
    }
  }

  /** How long to wait before the next try, in milliseconds; 0: as one likes; `undefined` where they are published. */
  async #publish(batch: readonly Outgoing[]): Promise<number | undefined> {
    const { root, publisher, timer, log, stored } = this.#ports;
    try {
      const publications = batch.map((one) => toPublication(one, publisher()));
      const answer = await withDeadline(root().publish(publications), LIMITS.deliverMs, timer);
      if (answer.kind === "published") {
        this.#waiting.splice(0, batch.length);
        stored(batch);
        return undefined;
      }
      log(new Error(answer.message));
      return answer.waitMs;
    } catch (cause) {
      log(cause);
      // Nobody could tell a second copy of it from another one.
      const kept = this.#waiting.filter((one, index) => index >= batch.length || one.number > 0);
      this.#waiting.splice(0, this.#waiting.length, ...kept);
      return 0;
    }
  }

  #wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#ports.timer(milliseconds, resolve));
  }
}

function toPublication({ number, published }: Outgoing, publisher: string): Publication {
  return number === 0 ? { published } : { id: { publisher, number }, published };
}
