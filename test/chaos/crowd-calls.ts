import { setTimeout as wait } from "node:timers/promises";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Crowd } from "./crowd.ts";
import type { CrowdTab, Said } from "./crowd-tab.ts";
import { TIMED } from "./crowd-tally.ts";
import { reach } from "./progress.ts";
import { Random } from "./random.ts";

/** How long nothing may move before what is missing counts as lost, in milliseconds: longer than any pause of the client. */
const PATIENCE_MS = 60_000;

/**
 * How long nothing may move behind the last fault before what is wrong stays so, in milliseconds: a topic tries somebody again whom it
 * could not reach after that long at the latest, and then gives up its call.
 */
export const HEAL_MS = LIMITS.deliverRetryMs + 3 * LIMITS.deliverMs;

/**
 * How long a tab rests between two calls at most, in milliseconds. A topic keeps as many publications as its limits say: who is away
 * for longer than they last is rendered afresh, and cannot be told them. So all together must not publish that many while one is away.
 */
const REST_MS = 2_400;

/** Calls that a tab leaves unanswered at most. */
const MOST_WAITING = 4;

/** What a call does, and under which name: as often as it stands here. */
const WAYS: readonly [Way, ...Way[]] = [
  ["write", (who) => who],
  ["write", (who) => who],
  ["say", (who) => who],
  ["say", (who) => who],
  ["saySoon", (who) => who + TIMED],
];

type Way = readonly [action: string, name: (who: string) => string];

/** What to call. */
export interface CrowdCallsOptions {
  readonly seed: number;
  readonly calls: number;
  /** Told of what was waited for in vain. */
  readonly complain: (what: string) => void;
}

/** The calls that a crowd makes, and what is known of them. */
export class CrowdCalls {
  /** What was broadcast for sure. */
  readonly said: Said[] = [];
  /** How many notes were written on each topic's wall for sure. */
  readonly written = new Map<string, number>();
  /** Calls by how they ended. */
  readonly outcomes = new Map<string, number>();
  /** Calls that have not. */
  open = 0;
  readonly #options: CrowdCallsOptions;
  #ended = 0;

  constructor(options: CrowdCallsOptions) {
    this.#options = options;
  }

  /** Every tab that listens makes its share, resting in between. Resolves when all are answered, or nothing moves any more. */
  async make({ listeners, topics }: Crowd): Promise<void> {
    const { calls, complain } = this.#options;
    const failed: unknown[] = [];
    listeners.forEach((tab, index) => {
      const share = Math.floor(calls / listeners.length) + (index < calls % listeners.length ? 1 : 0);
      this.#makeShare(tab, { index, share, topics }).catch((problem) => failed.push(problem));
    });
    const look = async () => ({
      progress: this.#ended,
      isReached: this.#ended === calls || failed.length > 0,
    });
    if (!(await reach(look, PATIENCE_MS))) complain(`Of ${calls} calls, ${this.#ended} were answered`);
    if (failed.length > 0) throw failed[0];
  }

  /** Two tabs write on every topic, the last of them a browser's: so what each other tab shows is known by a push. */
  async makeLast({ listeners, topics }: Crowd): Promise<void> {
    for (const tab of [listeners.at(-1), listeners.at(0)]) {
      for (const [index, topic] of topics.entries()) {
        const outcome = await tab?.call("Wall#write", topic, `${tab.name} at last`, index);
        if (outcome === "done") this.#note("write", [topic, tab?.name ?? "", index]);
        else this.#options.complain(`The last call of ${tab?.name} ended with ${outcome}`);
      }
    }
  }

  async #makeShare(
    tab: CrowdTab,
    {
      index,
      share,
      topics,
    }: { readonly index: number; readonly share: number; readonly topics: readonly string[] },
  ): Promise<void> {
    const random = new Random(this.#options.seed + 1_000 + index);
    const answers: Promise<void>[] = [];
    for (let n = 1; n <= share; n += 1) {
      await wait(random.between(0, REST_MS));
      // Whoever publishes need not rest on the topic.
      const topic = topics[random.between(0, topics.length - 1)] ?? "";
      const [action, name] = WAYS[random.between(0, WAYS.length - 1)] ?? WAYS[0];
      answers.push(this.#call(tab, action, [topic, name(tab.name), n]));
      if (answers.length >= MOST_WAITING) await answers.shift();
    }
    await Promise.all(answers);
  }

  async #call(tab: CrowdTab, action: string, said: Said): Promise<void> {
    this.open += 1;
    const outcome = await tab.call(`Wall#${action}`, ...said);
    this.open -= 1;
    this.#ended += 1;
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
    if (isAnswered(outcome)) this.#note(action, said);
  }

  #note(action: string, said: Said): void {
    if (action !== "write") this.said.push(said);
    else this.written.set(said[0], (this.written.get(said[0]) ?? 0) + 1);
  }
}

/** Whether a call ended as it should have. */
export function isAnswered(outcome: string): boolean {
  return outcome === "done" || outcome === "nothing";
}
