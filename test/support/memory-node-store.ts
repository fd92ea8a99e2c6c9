import { LIMITS } from "../../src/protocol/limits.ts";
import { keyOf } from "../../src/topics/follower.ts";
import type {
  NodeHead,
  NodeStore,
  StoredPublication,
  StoredSubscriber,
} from "../../src/topics/node-store.ts";
import type { SubscriberName } from "../../src/topics/topic-messages.ts";

/** What a node stores, in memory; it outlives the nodes that are made of it. Counts rows as the platform does. */
export class MemoryNodeStore implements NodeStore {
  #head: NodeHead | undefined;
  readonly #subscribers = new Map<string, StoredSubscriber>();
  readonly #publications = new Map<number, StoredPublication>();
  readonly #numbers = new Map<string, { readonly number: number; readonly at: number }>();
  alarmAt: number | null = null;
  /** Rows written and deleted, alarms set. */
  rowsWritten = 0;

  head(): NodeHead | undefined {
    return structuredClone(this.#head);
  }

  subscribers(): readonly StoredSubscriber[] {
    return structuredClone([...this.#subscribers.values()]);
  }

  publications(): readonly StoredPublication[] {
    return structuredClone([...this.#publications.values()].sort((one, other) => one.seq - other.seq));
  }

  writeHead(head: NodeHead): void {
    this.rowsWritten += 1;
    this.#head = structuredClone(head);
  }

  writeSubscriber(subscriber: StoredSubscriber): void {
    this.rowsWritten += 1;
    this.#subscribers.set(keyOf(subscriber.name), structuredClone(subscriber));
  }

  removeSubscriber(name: SubscriberName): void {
    if (this.#subscribers.delete(keyOf(name))) this.rowsWritten += 1;
  }

  writePublication(publication: StoredPublication): void {
    this.rowsWritten += 1;
    this.#publications.set(publication.seq % LIMITS.keptPublications, structuredClone(publication));
  }

  lastNumber(publisher: string): number | undefined {
    return this.#numbers.get(publisher)?.number;
  }

  writeNumber(publisher: string, number: number, at: number): void {
    this.rowsWritten += 1;
    this.#numbers.set(publisher, { number, at });
  }

  forgetNumbers(before: number, count: number): void {
    const newest = [...this.#numbers].sort(([, one], [, other]) => other.at - one.at);
    for (const [index, [publisher, { at }]] of newest.entries()) {
      if (index < count && at >= before) continue;
      this.#numbers.delete(publisher);
      this.rowsWritten += 1;
    }
  }

  setAlarm(at: number): void {
    this.rowsWritten += 1;
    this.alarmAt = at;
  }

  async clear(): Promise<void> {
    this.#head = undefined;
    this.#subscribers.clear();
    this.#publications.clear();
    this.#numbers.clear();
    this.alarmAt = null;
  }
}
