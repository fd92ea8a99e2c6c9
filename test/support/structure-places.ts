import { Draft, type SessionStore } from "../../src/state/draft.ts";
import type { Stored } from "../../src/state/structures/cell.ts";
import { answer, type StructuresPort } from "../../src/state/structures/structure-call.ts";
import { Structures } from "../../src/state/structures/structures.ts";

/** What a session has committed. */
export class MemoryStore implements SessionStore {
  readonly values = new Map<string, unknown>();
  now = 1_000_000;
  /** How many values were written. */
  writes = 0;

  read(key: string): unknown {
    return structuredClone(this.values.get(key));
  }

  keys(): Iterable<string> {
    return this.values.keys();
  }

  commit(draft: Draft): void {
    for (const [key, value] of draft.close()) {
      this.writes += 1;
      if (value === undefined) this.values.delete(key);
      else this.values.set(key, value);
    }
  }
}

/** Structures of a turn over what is committed. */
export function turnOver(store: MemoryStore, isReadonly = false): { draft: Draft; structures: Structures } {
  const draft = new Draft(store, { isReadonly });
  const at = (): StructuresPort => {
    throw new Error("no key is bound here");
  };
  return { draft, structures: new Structures({ draft, now: () => store.now, at }) };
}

/** The object of a key, without an object: what is written is JSON, as it is there. */
export class MemoryObject implements StructuresPort {
  readonly rows = new Map<string, string>();
  now = 1_000_000;
  writes = 0;
  asked = 0;

  async ask(call: Parameters<StructuresPort["ask"]>[0]): ReturnType<StructuresPort["ask"]> {
    this.asked += 1;
    const { name } = call;
    const reply = answer(crossed(call), {
      name,
      read: () => JSON.parse(this.rows.get(name) ?? "null") ?? undefined,
      write: (stored: Stored | undefined) => {
        this.writes += 1;
        if (stored === undefined) this.rows.delete(name);
        else this.rows.set(name, JSON.stringify(stored));
      },
      now: () => this.now,
    });
    return crossed(reply);
  }

  async clear(): Promise<void> {
    this.rows.clear();
  }
}

/** What crosses to another object is copied, and there it has to be of a kind that the platform sends. */
function crossed<Message>(message: Message): Message {
  assertSendable(message);
  return structuredClone(message);
}

function assertSendable(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  const kinds: readonly unknown[] = [Object.prototype, Array.prototype, Map.prototype, Date.prototype];
  if (!kinds.includes(Object.getPrototypeOf(value)))
    throw new DOMException("not to be sent", "DataCloneError");
  for (const inner of value instanceof Map ? [...value].flat() : Object.values(value)) assertSendable(inner);
}
