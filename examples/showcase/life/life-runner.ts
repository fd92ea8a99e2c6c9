import { DurableObject } from "cloudflare:workers";
import { type Cells, emptyCells, isCell, isSame, nextGeneration, randomCells, toggled } from "./cells.ts";

/** The topic of the game: touched with every generation, and whoever watches is present in it. */
export const LIFE_TOPIC = "life:1";

/** How long a generation lasts, in milliseconds: five of them are a second. */
const GENERATION_MS = 200;

/** After how many generations the board is stored, and it is asked whether anybody watches. */
const ROUND = 25;

/** How long one ring of the alarm goes on, in milliseconds: the platform ends one after 15 minutes. */
const RING_MS = 60_000;

/** How long a page that was just rendered counts as one that watches, in milliseconds: its visitor is present when its socket is there. */
const ARRIVAL_MS = 5_000;

/** What the game needs of the application around it. */
export interface LifeSurroundings {
  /** Has everybody's page show the board. */
  readonly touch: () => Promise<void>;
  /** How many watch. */
  readonly watchers: () => Promise<number>;
}

/** The board, as pages show it. */
export interface LifeState {
  readonly cells: Cells;
  readonly generation: number;
  readonly isPaused: boolean;
}

/**
 * A game of life that goes on by itself while somebody watches. Its clock is the alarm: one ring of it is many generations, and should
 * the platform end it in the middle, it rings again. When nobody watches, nothing lives or nothing moves, no alarm is set, and the
 * object goes to sleep.
 */
export class LifeRunner extends DurableObject<unknown> {
  readonly #surroundings: LifeSurroundings;
  #state: LifeState;
  #isRunning = false;
  #shownAt = 0;

  constructor(ctx: DurableObjectState, env: unknown, surroundings: LifeSurroundings) {
    super(ctx, env);
    this.#surroundings = surroundings;
    this.#state = ctx.storage.kv.get<LifeState>("state") ?? {
      cells: randomCells(),
      generation: 0,
      isPaused: false,
    };
  }

  /** The board as it is. */
  look(): LifeState {
    return this.#state;
  }

  /** Somebody is about to watch it: the game goes on. */
  async watch(): Promise<void> {
    this.#shownAt = Date.now();
    await this.#goOn();
  }

  /** Makes one cell live, or die. A number that is no cell does nothing. Resolves with whether it lives. */
  async toggle(index: number): Promise<boolean> {
    if (!isCell(index)) return false;
    await this.#change({ ...this.#state, cells: toggled(this.#state.cells, index) });
    return this.#state.cells[index] === 1;
  }

  /** Begins again, with a board that is full of life. */
  async scatter(): Promise<void> {
    await this.#change({ ...this.#state, cells: randomCells(), generation: 0 });
  }

  /** Begins again, with an empty board. */
  async clear(): Promise<void> {
    await this.#change({ ...this.#state, cells: emptyCells(), generation: 0 });
  }

  /** Stops the game, or has it go on. */
  async pause(isPaused: boolean): Promise<void> {
    await this.#change({ ...this.#state, isPaused });
  }

  override async alarm(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    try {
      const hasMore = await this.#run(Date.now() + RING_MS);
      if (hasMore) await this.ctx.storage.setAlarm(Date.now());
    } finally {
      this.#isRunning = false;
      this.#store();
    }
  }

  /** One generation after the other. Resolves with whether there are more. */
  async #run(endsAt: number): Promise<boolean> {
    for (let round = 1; Date.now() < endsAt; round += 1) {
      if (round % ROUND === 0 && !(await this.#isWatched())) return false;
      const { cells, generation, isPaused } = this.#state;
      const next = nextGeneration(cells);
      if (isPaused || isSame(next, cells)) return false;
      const waited = scheduler.wait(GENERATION_MS);
      this.#state = { cells: next, generation: generation + 1, isPaused };
      if (round % ROUND === 0) this.#store();
      await this.#surroundings.touch().catch(tell);
      await waited;
    }
    return true;
  }

  async #isWatched(): Promise<boolean> {
    if (Date.now() - this.#shownAt < ARRIVAL_MS) return true;
    const watchers = await this.#surroundings.watchers().catch(tell);
    return watchers === undefined || watchers > 0;
  }

  async #change(state: LifeState): Promise<void> {
    this.#state = state;
    this.#store();
    // Who has changed it need not wait until everybody is told.
    this.ctx.waitUntil(this.#surroundings.touch());
    await this.#goOn();
  }

  /** The alarm rings at once, if it is needed. */
  async #goOn(): Promise<void> {
    if (this.#isRunning || this.#state.isPaused) return;
    if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.setAlarm(Date.now());
  }

  #store(): void {
    this.ctx.storage.kv.put("state", this.#state);
  }
}

/** A generation that nobody is told of is followed by one that they are: the game goes on. */
function tell(error: unknown): void {
  console.error("The game of life cannot reach its topic", error);
}
