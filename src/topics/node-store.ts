import type { Publication, Published, SubscriberName } from "./topic-messages.ts";

/** What a node stores of itself, rarely written. */
export interface NodeHead {
  /** Of the topic's life. */
  readonly epoch: string;
  /** When the subscribers are asked next whether they are still there, in milliseconds since 1970. */
  readonly roundAt: number;
  /** How many times they were asked in a row with nothing published in between. */
  readonly quietRounds: number;
  /** Everybody was told everything up to this number; absent: nothing is known. */
  readonly settled?: number | undefined;
  /** How many relays of each region further subscribers are sent to. */
  readonly relays: Readonly<Record<string, number>>;
}

/** A subscriber as it is stored. */
export interface StoredSubscriber {
  readonly name: SubscriberName;
  /** Of one that could not be reached: since when, in milliseconds since 1970, and the last publication that it was told. */
  readonly away?: { readonly since: number; readonly told: number } | undefined;
}

/** A publication as a root stores it. */
export interface StoredPublication {
  readonly seq: number;
  /** Everybody was told everything up to this number when it was stored. */
  readonly settled: number;
  readonly id?: Publication["id"];
  readonly published: Published;
}

/** Where a node keeps what has to survive it. Nothing is there until the first write; each write is one row. */
export interface NodeStore {
  /** What is stored; `undefined` for a node that has no life. */
  head(): NodeHead | undefined;
  subscribers(): readonly StoredSubscriber[];
  /** The last of them, as many as are kept, in their order. */
  publications(): readonly StoredPublication[];
  writeHead(head: NodeHead): void;
  writeSubscriber(subscriber: StoredSubscriber): void;
  removeSubscriber(name: SubscriberName): void;
  /** Takes the place of the publication that is as many before it as are kept. */
  writePublication(publication: StoredPublication): void;
  /** The last number of a publisher of whose publications none is kept. */
  lastNumber(publisher: string): number | undefined;
  writeNumber(publisher: string, number: number, now: number): void;
  /** Forgets the numbers that were written before a time, and the oldest of those beyond a count. */
  forgetNumbers(before: number, count: number): void;
  /** When the alarm rings, in milliseconds since 1970; `null`: never. */
  readonly alarmAt: number | null;
  /** Has it ring then, in the place of what was set. One row. */
  setAlarm(at: number): void;
  /** Deletes everything, the alarm too. */
  clear(): Promise<void>;
}
