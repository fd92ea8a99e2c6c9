import type { Random } from "../chaos/random.ts";
import type { Agenda } from "./agenda.ts";
import { onTheWayMs, type Region } from "./regions.ts";

/** Why a call has no answer. */
export class LostCall extends Error {}

/** What a network does to calls. */
export interface NetworkOptions {
  /** Which part of calls is lost: half of them before they are carried out, half of them behind it. */
  readonly loss: number;
  /** By how much the way may be longer than it is at best: 0.2 is a fifth. */
  readonly jitter: number;
  /** After how long a caller hears that a call was lost, in milliseconds. */
  readonly noticeMs: number;
}

/** What one object's processor and place are. It does one thing at a time. */
export class Machine {
  readonly region: Region;
  /** From when on it has time, in milliseconds of the simulation. */
  freeAt = 0;
  /** Until then what it says waits for what it has written: the output gate. */
  writtenAt = 0;
  /** Calls that it was asked, the lost ones too. */
  calls = 0;
  /** How many of its kind it stands for. */
  weight = 1;
  /** Counts its lives: what an earlier one waited for does not come back to it. */
  life = 0;
  #activeMs = 0;
  #underWay = 0;
  #activeSince = 0;
  readonly #deaths = new Set<() => void>();

  constructor(region: Region) {
    this.region = region;
  }

  begin(now: number): void {
    if (this.#underWay === 0) this.#activeSince = now;
    this.#underWay += 1;
  }

  end(now: number): void {
    this.#underWay -= 1;
    if (this.#underWay === 0) this.#activeMs += now - this.#activeSince;
  }

  /** How long something was under way in it up to now, in milliseconds. */
  activeAt(now: number): number {
    return this.#activeMs + (this.#underWay > 0 ? now - this.#activeSince : 0);
  }

  /** Says what is to happen when it is killed; returns what takes that back. */
  whenKilled(run: () => void): () => void {
    this.#deaths.add(run);
    return () => this.#deaths.delete(run);
  }

  /** What was under way in it is not any more. Whoever waits for it hears that. */
  kill(now: number): void {
    this.life += 1;
    if (this.#underWay > 0) this.#activeMs += now - this.#activeSince;
    this.#underWay = 0;
    this.freeAt = now;
    this.writtenAt = now;
    const deaths = [...this.#deaths];
    this.#deaths.clear();
    for (const died of deaths) died();
  }
}

/** How long a call takes its two ends, beside the way. */
export interface CallCost {
  readonly sendMs: number;
  readonly receiveMs: number;
}

/** Carries calls between objects in simulated time: each waits for its caller's processor, the way, and its callee's processor. */
export class Network {
  /** Calls that were lost. */
  lost = 0;
  readonly #agenda: Agenda;
  readonly #random: Random;
  readonly #options: NetworkOptions;

  constructor(agenda: Agenda, random: Random, options: NetworkOptions) {
    this.#agenda = agenda;
    this.#random = random;
    this.#options = options;
  }

  /**
   * Has `callee` carry something out. Rejects with {@link LostCall} when the call or its answer is lost, and when the callee is killed
   * meanwhile; never settles when the caller is.
   */
  call<Answer>(
    [caller, callee]: readonly [Machine, Machine],
    { sendMs, receiveMs }: CallCost,
    run: () => Promise<Answer>,
  ): Promise<Answer> {
    callee.calls += 1;
    const agenda = this.#agenda;
    const { life } = caller;
    const dice = this.#random.next();
    const isLost = dice < this.#options.loss;
    const isUnheard = isLost && dice < this.#options.loss / 2;
    if (isLost) this.lost += 1;
    caller.freeAt = Math.max(agenda.now, caller.freeAt) + sendMs;
    const leaves = Math.max(caller.freeAt, caller.writtenAt);
    const wayMs = this.#wayMs(caller, callee);
    caller.begin(agenda.now);
    return new Promise((resolve, reject) => {
      const settle = (settled: () => void) => {
        // Whoever asked is gone.
        if (caller.life !== life) return;
        caller.end(agenda.now);
        settled();
      };
      const lose = () =>
        agenda.at(agenda.now + this.#options.noticeMs, () => settle(() => reject(new LostCall())));
      agenda.at(leaves + wayMs, () => {
        if (isUnheard) return lose();
        this.#carryOut(callee, receiveMs, run).then(
          (answer) => {
            if (isLost) return lose();
            const answered = Math.max(agenda.now, callee.writtenAt) + this.#wayMs(callee, caller);
            agenda.at(answered, () => settle(() => resolve(answer)));
          },
          (problem: unknown) => agenda.at(agenda.now + wayMs, () => settle(() => reject(problem))),
        );
      });
    });
  }

  async #carryOut<Answer>(callee: Machine, receiveMs: number, run: () => Promise<Answer>): Promise<Answer> {
    const agenda = this.#agenda;
    const { life } = callee;
    callee.freeAt = Math.max(agenda.now, callee.freeAt) + receiveMs;
    callee.begin(agenda.now);
    if (callee.freeAt > agenda.now) await new Promise<void>((resolve) => agenda.at(callee.freeAt, resolve));
    // It was killed with the call at its door.
    if (callee.life !== life) throw new LostCall();
    return await new Promise<Answer>((resolve, reject) => {
      const forget = callee.whenKilled(() => reject(new LostCall()));
      const end = (settle: () => void) => {
        forget();
        if (callee.life !== life) return;
        callee.end(agenda.now);
        settle();
      };
      run().then(
        (answer) => end(() => resolve(answer)),
        (problem: unknown) => end(() => reject(problem)),
      );
    });
  }

  #wayMs(from: Machine, to: Machine): number {
    return onTheWayMs(from.region, to.region) * (1 + this.#options.jitter * this.#random.next());
  }
}
