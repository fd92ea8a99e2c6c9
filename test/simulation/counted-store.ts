import type { NodeHead, StoredPublication, StoredSubscriber } from "../../src/topics/node-store.ts";
import type { SubscriberName } from "../../src/topics/topic-messages.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";

/** What a node's store tells whoever runs the node. */
export interface StoreListener {
  /** Something was written: what the node says from here on waits until that is safe. */
  wrote(): void;
  /** When the alarm is to ring, in milliseconds since 1970. */
  alarmSet(at: number): void;
}

/** A node's store that tells when something is written. */
export class CountedStore extends MemoryNodeStore {
  readonly #listener: StoreListener;

  constructor(listener: StoreListener) {
    super();
    this.#listener = listener;
  }

  override writeHead(head: NodeHead): void {
    super.writeHead(head);
    this.#listener.wrote();
  }

  override writeSubscriber(subscriber: StoredSubscriber): void {
    super.writeSubscriber(subscriber);
    this.#listener.wrote();
  }

  override removeSubscriber(name: SubscriberName): void {
    super.removeSubscriber(name);
    this.#listener.wrote();
  }

  override writePublication(publication: StoredPublication): void {
    super.writePublication(publication);
    this.#listener.wrote();
  }

  override writeNumber(publisher: string, number: number, at: number): void {
    super.writeNumber(publisher, number, at);
    this.#listener.wrote();
  }

  override setAlarm(at: number): void {
    super.setAlarm(at);
    this.#listener.wrote();
    this.#listener.alarmSet(at);
  }
}
