import type { PresenceMarks, PresenceStore, StoredAttendance } from "../src/topics/presence-store.ts";

/** One table, the session its order, and no index beside it: what a session says and what becomes of it is one row written. */
const TABLE = `CREATE TABLE IF NOT EXISTS presence (
  session TEXT PRIMARY KEY, id TEXT NOT NULL, tabs INTEGER NOT NULL, since INTEGER NOT NULL, number INTEGER NOT NULL,
  fewer INTEGER, due INTEGER, meta TEXT NOT NULL
) WITHOUT ROWID`;

const MARKS = "presence";

type Row<Type> = { [Name in keyof Type]: SqlStorageValue };

/** Who is present in a topic, in its root's SQLite. No table until somebody is. */
export class StoredPresence implements PresenceStore {
  readonly #storage: DurableObjectStorage;
  #hasTable: boolean | undefined;
  /** Looked up once, and counted on from there: this object is the only one that writes its storage. */
  #count: number | undefined;
  /** Before this nothing is due; `null` for never, `undefined` until it was looked up. */
  #dueAt: number | null | undefined;
  #marks: PresenceMarks | null | undefined;

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage;
  }

  find(session: string): StoredAttendance | undefined {
    return this.#all<StoredAttendance>("SELECT * FROM presence WHERE session = ?", session)[0];
  }

  put({ session, id, tabs, since, number, fewer, due, meta }: StoredAttendance): void {
    if (!this.#isThere()) this.#storage.sql.exec(TABLE);
    this.#hasTable = true;
    const isNew = this.find(session) === undefined;
    this.#storage.sql.exec(
      "INSERT OR REPLACE INTO presence (session, id, tabs, since, number, fewer, due, meta) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      session,
      id,
      tabs,
      since,
      number,
      fewer,
      due,
      meta,
    );
    if (isNew && this.#count !== undefined) this.#count += 1;
    if (due !== null && this.#dueAt !== undefined) this.#dueAt = Math.min(due, this.#dueAt ?? due);
  }

  remove(session: string): void {
    const { length } = this.#all("DELETE FROM presence WHERE session = ? RETURNING session", session);
    if (this.#count !== undefined) this.#count -= length;
  }

  first(limit: number): readonly StoredAttendance[] {
    return this.#all<StoredAttendance>("SELECT * FROM presence ORDER BY since, id LIMIT ?", limit);
  }

  count(): number {
    this.#count ??= this.#all<{ count: number }>("SELECT count(*) AS count FROM presence")[0]?.count ?? 0;
    return this.#count;
  }

  sessions(): readonly string[] {
    return this.#all<{ session: string }>("SELECT session FROM presence").map(({ session }) => session);
  }

  due(now: number): readonly StoredAttendance[] {
    if ((this.nextDue() ?? now + 1) > now) return [];
    // Who is due is put or removed by whoever asks, and what is left is looked up then.
    this.#dueAt = undefined;
    return this.#all<StoredAttendance>("SELECT * FROM presence WHERE due <= ?", now);
  }

  nextDue(): number | undefined {
    if (this.#dueAt === undefined) {
      const [first] = this.#all<{ due: number | null }>("SELECT min(due) AS due FROM presence");
      this.#dueAt = first?.due ?? null;
    }
    return this.#dueAt ?? undefined;
  }

  marks(): PresenceMarks | undefined {
    this.#marks ??= this.#storage.kv.get<PresenceMarks>(MARKS) ?? null;
    return this.#marks ?? undefined;
  }

  mark(marks: PresenceMarks): void {
    this.#marks = marks;
    this.#storage.kv.put(MARKS, marks);
  }

  /** The object's storage has been emptied. */
  forget(): void {
    this.#hasTable = undefined;
    this.#count = undefined;
    this.#dueAt = undefined;
    this.#marks = undefined;
  }

  #all<Type extends object>(query: string, ...binds: SqlStorageValue[]): Type[] {
    if (!this.#isThere()) return [];
    // The table has these columns, and every row was written above.
    return this.#storage.sql.exec<Row<Type>>(query, ...binds).toArray() as unknown[] as Type[];
  }

  #isThere(): boolean {
    this.#hasTable ??=
      this.#storage.sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'presence'").toArray().length > 0;
    return this.#hasTable;
  }
}
