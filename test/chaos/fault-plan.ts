import type { Random } from "./random.ts";

/** How often each kind comes in one round; a round in another order follows. So every kind comes, and none by chance alone. */
const ROUND = {
  /** A frame never leaves: both sides see the socket gone. */
  "kill-before-send": 3,
  /** The socket goes with a frame on its way to the server, or just arrived. */
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

/**
 * What happens to calls only. The runtime says nothing about other frames that come twice; and a page that waits for no
 * answer takes its time to notice that its socket is dead.
 */
const FOR_CALLS: ReadonlySet<FaultKind> = new Set(["duplicate", "half-open"]);

/** Frames from one fault to the next, on average. */
const FRAMES_BETWEEN = 18;

/** Says when the next fault is due, counted in frames from the browser, and which. */
export class FaultPlan {
  readonly #random: Random;
  #round: FaultKind[];
  #left: number;

  constructor(random: Random) {
    this.#random = random;
    this.#left = this.#gap();
    this.#round = random.shuffled(roundOf());
  }

  /** Another frame has come. Returns what is to happen to it, if anything. */
  next(isCall: boolean): FaultKind | undefined {
    if (this.#left > 0) this.#left -= 1;
    const kind = this.#round.at(-1);
    if (this.#left > 0 || kind === undefined) return undefined;
    // Waits for a call.
    if (!isCall && FOR_CALLS.has(kind)) return undefined;
    this.#left = this.#gap();
    this.#round.pop();
    if (this.#round.length === 0) this.#round = this.#random.shuffled(roundOf());
    return kind;
  }

  #gap(): number {
    return this.#random.between(1, 2 * FRAMES_BETWEEN - 1);
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
