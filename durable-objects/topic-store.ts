import { LIMITS } from "../src/protocol/limits.ts";
import type { NodeHead, NodeStore, StoredPublication, StoredSubscriber } from "../src/topics/node-store.ts";
import type { SubscriberName } from "../src/topics/topic-messages.ts";

/**
 * One table for all that a node stores, the key its order, and no index beside it: what is stored is one row written. `at` orders rows
 * of a kind: publications by their number, numbers of publishers by time.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS node (
  key TEXT PRIMARY KEY, at INTEGER NOT NULL, value TEXT NOT NULL
) WITHOUT ROWID`;

const OF_KEY = "SELECT value FROM node WHERE key = ?";

/** The kinds of rows, as their keys begin. */
const NAME = "name";
const HEAD = "head";
const SUBSCRIBER = "subscriber:";
const PUBLICATION = "publication:";
const NUMBER = "number:";

/** The head of a node as it is stored, with the name of the node: no row more. */
type NamedHead = NodeHead & { readonly name?: string | undefined };

/**
 * What a node of a topic stores in its object's SQLite, as JSON. No table until the first write. Its name is stored before an alarm is
 * set: an alarm may wake an object that is not told its name (workerd issue 6850), nor is it then by those who call it by that.
 */
export class TopicStore implements NodeStore {
  readonly #storage: DurableObjectStorage;
  #name: string | undefined;
  /** The name is stored. */
  #isNamed = false;
  #hasTable: boolean | undefined;
  #alarmAt: number | null = null;

  /** @param name of the node; `undefined` for an object that was not told it */
  constructor(storage: DurableObjectStorage, name: string | undefined) {
    this.#storage = storage;
    this.#name = name;
  }

  /** Of the node; `undefined` where the object was not told it and has nothing stored. */
  get name(): string | undefined {
    this.#name ??= this.#stored()?.name ?? this.#values<string>(OF_KEY, NAME)[0];
    return this.#name;
  }

  /** Awaited before anything else: looks up the alarm. */
  async prepare(): Promise<void> {
    this.#alarmAt = await this.#storage.getAlarm();
  }

  head(): NodeHead | undefined {
    const stored = this.#stored();
    if (stored === undefined) return undefined;
    const { name, ...head } = stored;
    this.#isNamed ||= name !== undefined;
    return head;
  }

  subscribers(): readonly StoredSubscriber[] {
    return this.#kind<StoredSubscriber>(SUBSCRIBER);
  }

  publications(): readonly StoredPublication[] {
    return this.#kind<StoredPublication>(PUBLICATION);
  }

  writeHead(head: NodeHead): void {
    this.#write(HEAD, 0, { ...head, name: this.name } satisfies NamedHead);
    this.#isNamed = true;
  }

  writeSubscriber(subscriber: StoredSubscriber): void {
    this.#write(subscriberKey(subscriber.name), 0, subscriber);
  }

  removeSubscriber(name: SubscriberName): void {
    this.#rows("DELETE FROM node WHERE key = ?", subscriberKey(name));
  }

  writePublication(publication: StoredPublication): void {
    this.#write(`${PUBLICATION}${publication.seq % LIMITS.keptPublications}`, publication.seq, publication);
  }

  lastNumber(publisher: string): number | undefined {
    return this.#values<number>(OF_KEY, NUMBER + publisher)[0];
  }

  writeNumber(publisher: string, number: number, now: number): void {
    this.#write(NUMBER + publisher, now, number);
  }

  forgetNumbers(before: number, count: number): void {
    const range = [NUMBER, after(NUMBER)];
    this.#rows("DELETE FROM node WHERE key > ? AND key < ? AND at < ?", ...range, before);
    const oldest = "SELECT key FROM node WHERE key > ? AND key < ? ORDER BY at DESC LIMIT -1 OFFSET ?";
    this.#rows(`DELETE FROM node WHERE key IN (${oldest})`, ...range, count);
  }

  get alarmAt(): number | null {
    return this.#alarmAt;
  }

  setAlarm(at: number): void {
    this.#alarmAt = at;
    if (!this.#isNamed) this.#write(NAME, 0, this.name);
    this.#isNamed = true;
    // The platform holds back what is sent until it has been stored, and ends the object where that fails.
    void this.#storage.setAlarm(at);
  }

  /** The alarm has rung, and is set no more. */
  rang(): void {
    this.#alarmAt = null;
  }

  async clear(): Promise<void> {
    this.#hasTable = undefined;
    this.#isNamed = false;
    this.#alarmAt = null;
    await this.#storage.deleteAll();
  }

  #stored(): NamedHead | undefined {
    return this.#values<NamedHead>(OF_KEY, HEAD)[0];
  }

  #kind<Type>(prefix: string): Type[] {
    const query = "SELECT value FROM node WHERE key > ? AND key < ? ORDER BY at, key";
    return this.#values<Type>(query, prefix, after(prefix));
  }

  #values<Type>(query: string, ...binds: SqlStorageValue[]): Type[] {
    // Only this file writes the table.
    return this.#rows<{ value: string }>(query, ...binds).map(({ value }) => JSON.parse(value) as Type);
  }

  #write(key: string, at: number, value: unknown): void {
    if (!this.#isThere()) this.#storage.sql.exec(TABLE);
    this.#hasTable = true;
    const upsert = "INSERT OR REPLACE INTO node (key, at, value) VALUES (?, ?, ?)";
    this.#storage.sql.exec(upsert, key, at, JSON.stringify(value));
  }

  #rows<Type extends object>(query: string, ...binds: SqlStorageValue[]): Type[] {
    if (!this.#isThere()) return [];
    // The table has these columns.
    return this.#storage.sql.exec(query, ...binds).toArray() as unknown[] as Type[];
  }

  /** Looked for once: this object is the only one that writes its storage. */
  #isThere(): boolean {
    this.#hasTable ??=
      this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'node'").toArray().length > 0;
    return this.#hasTable;
  }
}

function subscriberKey({ kind, name }: SubscriberName): string {
  return `${SUBSCRIBER}${kind}:${name}`;
}

/** Above every key that begins so. */
function after(prefix: string): string {
  return `${prefix.slice(0, -1)};`;
}
