import { DurableObject } from "cloudflare:workers";
import type {
  StructureCall,
  StructureReply,
  StructuresPort,
} from "../src/state/structures/structure-call.ts";
import { answer } from "../src/state/structures/structure-call.ts";
import { StructuresStore } from "./structures-store.ts";

/**
 * The typed structures of one key, which is its name. Its methods are called by `KeyedStructures`, in session objects and in
 * Workers: each reads and writes without waiting in between, so that no two of them see each other half done.
 */
export class StructuresObject<Env = unknown> extends DurableObject<Env> implements StructuresPort {
  readonly #store: StructuresStore;
  readonly #now: () => number;

  /** @param now in milliseconds since 1970 */
  constructor(ctx: DurableObjectState, env: Env, now: () => number) {
    super(ctx, env);
    this.#store = new StructuresStore(ctx.storage);
    this.#now = now;
  }

  async ask(call: StructureCall): Promise<StructureReply> {
    await this.#store.prepare();
    return answer(call, this.#store.cell(call.name, this.#now));
  }

  async clear(): Promise<void> {
    await this.#store.clear();
  }

  /** Deletes what has ended. */
  override async alarm(): Promise<void> {
    await this.#store.sweep(this.#now());
  }
}
