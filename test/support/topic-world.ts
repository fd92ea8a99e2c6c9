import type { NodeStore, StoredPublication } from "../../src/topics/node-store.ts";
import type { NodeFailure } from "../../src/topics/node-surroundings.ts";
import type { Subscriber, SubscriberName, TopicNode } from "../../src/topics/topic-messages.ts";
import { TreeNode } from "../../src/topics/tree-node.ts";
import { MemoryNodeStore } from "./memory-node-store.ts";
import { settled, TopicTime } from "./topic-time.ts";

/** What goes wrong, by chances from 0 to 1. */
export interface Faults {
  /** A call does not arrive. */
  readonly lost: number;
  /** It arrives, and its answer does not. */
  readonly unanswered: number;
  /** A call takes this long at most, in milliseconds, each way. */
  readonly latencyMs: number;
}

/** One life of an object: what it began is over when it is. */
interface Life {
  isOver: boolean;
  /** Rejects then. */
  readonly over: Promise<never>;
  readonly end: () => void;
}

interface Place {
  readonly store: MemoryNodeStore;
  node?: TreeNode | undefined;
  life: Life;
  isRinging: boolean;
}

/** The nodes of topics and those who subscribe, with a network between them that fails as it is told to. */
export class TopicWorld {
  readonly time = new TopicTime();
  readonly places = new Map<string, Place>();
  readonly subscribers = new Map<string, Subscriber>();
  /** What roots have stored, in their order, and in which life. */
  readonly published: (StoredPublication & { readonly epoch: string })[] = [];
  readonly failures: NodeFailure[] = [];
  /** Calls by their names: `deliver`, `attest`, `subscribe`, `publish`, `since`, `unsubscribe`. */
  readonly calls = new Map<string, number>();
  faults: Faults = { lost: 0, unanswered: 0, latencyMs: 0 };
  readonly random: () => number;
  readonly #bounds: { readonly subscribers: number; readonly relays: number };

  constructor(random: () => number, bounds: { readonly subscribers: number; readonly relays: number }) {
    this.random = random;
    this.#bounds = bounds;
  }

  /** A node as somebody outside of all nodes reaches it. */
  nodeAt(name: string): TopicNode {
    return this.#reach(() => this.#nodeIn(this.#place(name), name), this.#outside);
  }

  /** Ends an object, which is there again when somebody calls it. What it stored stays. */
  kill(name: string): void {
    const place = this.#place(name);
    place.node = undefined;
    place.life.end();
    place.life = newLife();
    // The platform lets an alarm ring again that came to no end.
    if (place.isRinging) place.store.alarmAt ??= this.time.now + 2_000;
    place.isRinging = false;
  }

  /** Lets time pass, and ring what is to ring. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.time.now + milliseconds;
    await settled();
    for (;;) {
      const alarms = [...this.places].map(([name, { store }]) => [store.alarmAt ?? Infinity, name] as const);
      const [alarmAt, name] = alarms.reduce(
        (one, other) => (other[0] < one[0] ? other : one),
        [Infinity, ""],
      );
      if (alarmAt <= Math.min(end, this.time.nextAt)) {
        this.time.now = Math.max(this.time.now, alarmAt);
        this.#ring(name);
        await settled();
      } else if (!(await this.time.step(end))) break;
    }
    this.time.now = end;
  }

  /** Rows written by all nodes together. */
  get rowsWritten(): number {
    return [...this.places.values()].reduce((sum, { store }) => sum + store.rowsWritten, 0);
  }

  /** Relays and roots that have something stored. */
  get nodes(): readonly string[] {
    return [...this.places].filter(([, { store }]) => store.head() !== undefined).map(([name]) => name);
  }

  chance(of: number): boolean {
    return of > 0 && this.random() < of;
  }

  readonly #outside = newLife();

  #place(name: string): Place {
    const known = this.places.get(name);
    if (known !== undefined) return known;
    const place = { store: new MemoryNodeStore(), life: newLife(), isRinging: false };
    this.places.set(name, place);
    return place;
  }

  #ring(name: string): void {
    const place = this.#place(name);
    place.store.alarmAt = null;
    const { life } = place;
    place.isRinging = true;
    const rung = this.#nodeIn(place, name, true).node.ring();
    void rung.then(
      () => {
        if (!life.isOver) place.isRinging = false;
      },
      () => this.kill(name),
    );
  }

  #nodeIn(place: Place, name: string, isRinging = false): { readonly node: TreeNode; readonly life: Life } {
    const { life } = place;
    place.node ??= new TreeNode(name, this.#fenced(place.store, life), this.#around(life), isRinging);
    return { node: place.node, life };
  }

  #around(life: Life) {
    return {
      now: () => this.time.now,
      random: this.random,
      later: (milliseconds: number, run: () => void) =>
        this.time.later(milliseconds, () => {
          if (!life.isOver) run();
        }),
      subscriberAt: ({ kind, name }: SubscriberName) => {
        if (kind === "relay") return this.#reach(() => this.#nodeIn(this.#place(name), name), life);
        const node = this.subscribers.get(name);
        if (node === undefined) throw new Error(`There is no session ${name}`);
        return this.#reach(() => ({ node, life: this.#outside }), life);
      },
      nodeAt: (name: string) => this.#reach(() => this.#nodeIn(this.#place(name), name), life),
      log: (failure: NodeFailure) => this.failures.push(failure),
      bounds: this.#bounds,
    };
  }

  /** What stores for one life, and nothing after it. */
  #fenced(store: MemoryNodeStore, life: Life): NodeStore {
    const { published } = this;
    return new Proxy(store, {
      get(target, key) {
        if (life.isOver) throw new Error("The object has ended");
        if (key === "writePublication") {
          return (publication: StoredPublication) => {
            published.push({ ...structuredClone(publication), epoch: target.head()?.epoch ?? "" });
            target.writePublication(publication);
          };
        }
        const value: unknown = Reflect.get(target, key);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
  }

  /** Calls over the network, for one life: what was called for another comes to nothing. */
  #reach<Peer extends object>(
    target: () => { readonly node: Peer; readonly life: Life },
    caller: Life,
  ): Peer {
    const call = async (method: string, args: readonly unknown[]): Promise<unknown> => {
      this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
      await this.#way(caller);
      if (this.chance(this.faults.lost)) throw new Error("The call was lost");
      const { node, life } = target();
      // A method of the interface, by its name.
      const run = Reflect.get(node, method) as (...args: readonly unknown[]) => Promise<unknown>;
      const result = await Promise.race([run.apply(node, structuredClone([...args])), life.over]);
      if (this.chance(this.faults.unanswered)) throw new Error("The answer was lost");
      await this.#way(caller);
      return structuredClone(result);
    };
    return new Proxy({} as Peer, {
      get:
        (_, method) =>
        (...args: readonly unknown[]) =>
          call(String(method), args),
    });
  }

  async #way(caller: Life): Promise<void> {
    const { latencyMs } = this.faults;
    if (latencyMs > 0) await this.time.sleep(1 + Math.floor(this.random() * latencyMs));
    if (caller.isOver) await new Promise(() => {});
  }
}

function newLife(): Life {
  let reject: (cause: Error) => void = () => {};
  const over = new Promise<never>((_, fail) => {
    reject = fail;
  });
  over.catch(() => {});
  const life: Life = {
    isOver: false,
    over,
    end: () => {
      life.isOver = true;
      reject(new Error("The object has ended"));
    },
  };
  return life;
}
