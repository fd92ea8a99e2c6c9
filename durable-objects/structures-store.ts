import { LIMITS } from "../src/protocol/limits.ts";
import { shown } from "../src/state/shown.ts";
import type { Cell, Stored } from "../src/state/structures/cell.ts";
import { StructureError } from "../src/state/structures/structure-error.ts";

/**
 * One table, the name its order, and no index beside it: a change is one row written. When a structure ends stands before its
 * state, so that large ones are not read for it.
 */
const TABLE = `CREATE TABLE IF NOT EXISTS structures (
  name TEXT PRIMARY KEY, expires INTEGER, state TEXT NOT NULL
) WITHOUT ROWID`;

interface Row {
  readonly expires: number | null;
  readonly state: string;
}

/** The structures of one key in its object's SQLite, as JSON. No table until the first change. */
export class StructuresStore {
  readonly #storage: DurableObjectStorage;
  #hasTable: boolean | undefined;
  /** When the alarm rings, in milliseconds since 1970; `null` while none is set, `undefined` until that was looked up. */
  #alarmAt: number | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  /** Awaited before a cell is used: looks up the alarm, once in a life of the object. */
  async prepare(): Promise<void> {
    if (this.#alarmAt === undefined) this.#alarmAt = await this.#storage.getAlarm();
  }

  /** Where one structure is kept. Each write is one statement, and so whole by itself. */
  cell(name: string, now: () => number): Cell {
    return {
      name,
      now,
      read: () => this.#read(name),
      write: (stored) => (stored === undefined ? this.#remove(name) : this.#write(name, stored, now())),
    };
  }

  /** Deletes all that is stored, the alarm too. */
  async clear(): Promise<void> {
    this.#hasTable = undefined;
    this.#alarmAt = undefined;
    await this.#storage.deleteAll();
  }

  /** Deletes what has ended, and sets the alarm for what ends next. With the last structure everything goes. */
  async sweep(now: number): Promise<void> {
    this.#rows("DELETE FROM structures WHERE expires <= ?", now);
    const [left] = this.#rows<{ count: number; next: number | null }>(
      "SELECT count(*) AS count, min(expires) AS next FROM structures",
    );
    if (left === undefined || left.count === 0) return await this.clear();
    this.#alarmAt = null;
    if (left.next !== null) this.#ringBy(left.next, now);
  }

  #read(name: string): Stored | undefined {
    const [row] = this.#rows<Row>("SELECT expires, state FROM structures WHERE name = ?", name);
    if (row === undefined) return undefined;
    // Only this file writes the table.
    const [kind, state] = JSON.parse(row.state) as [string, unknown];
    return row.expires === null ? [kind, state] : [kind, state, row.expires];
  }

  #write(name: string, [kind, state, expires]: Stored, now: number): void {
    const text = JSON.stringify([kind, state]);
    const bytes = new TextEncoder().encode(text).byteLength;
    const max = LIMITS.keyedStructureBytes;
    if (bytes > max)
      throw full(name, `Structure ${shown(name)} would take ${bytes} bytes; expected at most ${max}`);
    if (!this.#isThere()) this.#storage.sql.exec(TABLE);
    this.#hasTable = true;
    this.#assertRoomFor(name);
    const upsert = "INSERT OR REPLACE INTO structures (name, expires, state) VALUES (?, ?, ?)";
    this.#storage.sql.exec(upsert, name, expires ?? null, text);
    if (expires !== undefined) this.#ringBy(expires, now);
  }

  #remove(name: string): void {
    this.#rows("DELETE FROM structures WHERE name = ?", name);
  }

  #assertRoomFor(name: string): void {
    const [known] = this.#rows("SELECT 1 FROM structures WHERE name = ?", name);
    if (known !== undefined) return;
    const max = LIMITS.keyedStructures;
    const [found] = this.#rows<{ count: number }>("SELECT count(*) AS count FROM structures");
    if (found === undefined || found.count < max) return;
    throw full(
      name,
      `Structure ${shown(name)} is one too many: its key has ${max}, and may have no more; clear some`,
    );
  }

  /** Moved only to ring earlier: an end that has been put off lets it ring in vain, which costs less than a row each time. */
  #ringBy(milliseconds: number, now: number): void {
    const set = this.#alarmAt ?? Number.POSITIVE_INFINITY;
    // The platform gives up an alarm that has failed too often; what it was to delete goes at once then.
    const isLost = set < now - LIMITS.lateAlarmMs;
    if (!isLost && set <= milliseconds) return;
    this.#alarmAt = isLost ? now : milliseconds;
    // Without an await between, the platform stores both or neither.
    void this.#storage.setAlarm(this.#alarmAt);
  }

  #rows<Type extends object>(query: string, ...binds: SqlStorageValue[]): Type[] {
    if (!this.#isThere()) return [];
    // The table has these columns.
    return this.#storage.sql.exec(query, ...binds).toArray() as unknown[] as Type[];
  }

  /** Looked for once: this object is the only one that writes its storage. */
  #isThere(): boolean {
    this.#hasTable ??=
      this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'structures'").toArray().length > 0;
    return this.#hasTable;
  }
}

function full(name: string, message: string): StructureError {
  return new StructureError("structure-full", name, message);
}
