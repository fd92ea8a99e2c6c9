import type { Random } from "./random.ts";

/** How often each kind comes in one round; a round in another order follows. So every kind comes, and none by chance alone. */
const ROUND = {
  /** A call's frame never leaves: both sides see the socket gone. */
  "kill-before-send": 3,
  /** The socket goes with a call's frame on its way to the server, or just arrived. */
  "kill-after-send": 3,
  /** The server has answered, and the answer does not arrive. */
  "kill-before-answer": 3,
  /** The answer arrives, and nothing that the browser says to it does. */
  "kill-before-acknowledgement": 3,
  /** A frame, and all behind it, comes late. */
  delay: 3,
  /** A call's frame arrives twice. */
  duplicate: 3,
  /** The socket stays open, and nothing passes any more. */
  "half-open": 1,
  /** The object leaves memory, its sockets stay. */
  "evict-hibernate": 3,
  /** The object leaves memory, and its sockets are closed. */
  "evict-close": 3,
  /** The object ends itself, in the middle of what it does. */
  abort: 3,
  /** The runtime is killed. */
  crash: 1,
  /** The other build takes the place of the one that runs. */
  deploy: 1,
  /** A page is loaded again while calls of it are unanswered. */
  reload: 1,
} as const;

/** What can be done to an exchange. */
export type FaultKind = keyof typeof ROUND;

/** Calls from one fault to the next, on average. */
const CALLS_BETWEEN = 15;

/** Says when the next fault is due, counted in frames of calls, and which. */
export class FaultPlan {
  readonly #random: Random;
  #round: FaultKind[] = [];
  #left: number;

  constructor(random: Random) {
    this.#random = random;
    this.#left = this.#gap();
  }

  /** Another call's frame has come. Returns what is to happen to it, if anything. */
  next(): FaultKind | undefined {
    this.#left -= 1;
    if (this.#left > 0) return undefined;
    this.#left = this.#gap();
    if (this.#round.length === 0) this.#round = this.#random.shuffled(roundOf());
    return this.#round.pop();
  }

  #gap(): number {
    return this.#random.between(1, 2 * CALLS_BETWEEN - 1);
  }
}

/** How many faults of each kind have been made: none. */
export function noFaults(): Record<FaultKind, number> {
  return Object.fromEntries(kinds().map((kind) => [kind, 0])) as Record<FaultKind, number>;
}

function roundOf(): readonly FaultKind[] {
  return kinds().flatMap((kind) => Array.from({ length: ROUND[kind] }, () => kind));
}

function kinds(): readonly FaultKind[] {
  // The object has no other keys.
  return Object.keys(ROUND) as FaultKind[];
}
