import { DurableObject } from "cloudflare:workers";
import { StoredSession } from "../../durable-objects/session-store.ts";
import { TurnState } from "../../src/state/turn-state.ts";

const DAY_MS = 86_400_000;
const TEXT = "x".repeat(2_000);

/** What a turn does whose rows are counted. */
const OPERATIONS: Readonly<Record<string, (turn: TurnState) => void>> = {
  read: ({ session }) => void session.get("a"),
  small: ({ session }) => session.update("a", (value) => Number(value ?? 0) + 1),
  twenty: ({ session }) => {
    for (let index = 0; index < 20; index += 1) session.set(`v${index}`, Math.random());
  },
  large: ({ session }) => session.set("large", TEXT + Math.random()),
  tab: ({ tab }) => tab.set("step", Math.random()),
  structure: ({ structures }) => void structures.counter("clicks").increment(),
};

/** A session's store by itself, asked for what it reads and writes. */
export class StateObject extends DurableObject {
  /** Reads a value of the session so many times, in turns of ten reads each. */
  async read(times: number): Promise<void> {
    const store = this.#open();
    this.#commit(store, OPERATIONS.small);
    for (let done = 0; done < times; done += 10) {
      const { session } = this.#turn(store);
      for (let read = 0; read < 10; read += 1) session.get("a");
    }
  }

  /** How many rows each operation writes, the second time that it is done, and the first write of all. */
  async rows(): Promise<Readonly<Record<string, number>>> {
    await this.ctx.storage.deleteAll();
    const store = this.#open();
    const rows: Record<string, number> = {
      first: await this.#count(() => this.#commit(store, OPERATIONS.small)),
    };
    for (const [name, operation] of Object.entries(OPERATIONS)) {
      this.#commit(store, operation);
      rows[name] = await this.#count(() => this.#commit(store, operation));
    }
    return rows;
  }

  #open(): StoredSession {
    return new StoredSession(this.ctx.storage, {
      expiresInMs: 365 * DAY_MS,

      now: Date.now,
    });
  }

  #turn(store: StoredSession): TurnState {
    return new TurnState({ id: "bench", store, visitor: { tab: { name: "tab" } } });
  }

  #commit(store: StoredSession, operation: ((turn: TurnState) => void) | undefined): void {
    const turn = this.#turn(store);
    operation?.(turn);
    const { changes } = turn.close();
    if (changes.size > 0) store.commit(changes);
  }

  /** Each key that is put or deleted is a row, and so is an alarm that is set. */
  async #count(write: () => void): Promise<number> {
    const { storage } = this.ctx;
    let rows = 0;
    const counted = [
      [storage.kv, "put"],
      [storage.kv, "delete"],
      [storage, "setAlarm"],
    ] as const;
    for (const [target, name] of counted) {
      const original = Reflect.get(target, name);
      Reflect.set(target, name, (...args: unknown[]) => {
        rows += 1;
        return Reflect.apply(original, target, args);
      });
    }
    try {
      write();
    } finally {
      for (const [target, name] of counted) Reflect.deleteProperty(target, name);
    }
    return rows;
  }
}
