import { KEPT, type Message, SHOWN, SHOWN_MAX } from "./message.ts";

interface MessageRow {
  readonly id: number;
  readonly name: string;
  readonly text: string;
  readonly saidAt: number;
  readonly isOwn: number;
}

/** Something that is to be said. */
interface Saying {
  /** Who says it: the id of their session. */
  readonly visitor: string;
  readonly name: string;
  readonly text: string;
  /** The idempotency key of the call: what was said under it is not said again. */
  readonly key: string;
}

/** What is shown of a room. */
export interface Shown {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Whether there is more behind the oldest. */
  readonly hasOlder: boolean;
}

/** What was said in one room, in D1. The promises reject with what D1 throws when the database fails. */
export class ChatStore {
  readonly #database: D1Database;
  readonly #room: string;

  constructor(database: D1Database, room: string) {
    this.#database = database;
    this.#room = room;
  }

  /** Adds a message, and forgets those of which there are too many. */
  async say({ visitor, name, text, key }: Saying): Promise<void> {
    const say = `INSERT INTO messages (room, visitor, name, text, said_at, call_key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (call_key) DO NOTHING`;
    const forget = `DELETE FROM messages WHERE room = ?1 AND id <=
      (SELECT id FROM messages WHERE room = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)`;
    await this.#database.batch([
      this.#bind(say, visitor, name, text, Date.now(), key),
      this.#bind(forget, KEPT),
    ]);
  }

  /**
   * The last messages.
   *
   * @param visitor who reads them: the id of their session
   * @param from the id of the oldest that is to be among them, if there is room for it; absent: the last few
   */
  async last(visitor: string, from?: number): Promise<Shown> {
    const sql = `SELECT id, name, text, said_at AS saidAt, visitor = ?2 AS isOwn FROM messages
      WHERE room = ?1 AND id >= ?3 ORDER BY id DESC LIMIT ?4`;
    const limit = from === undefined ? SHOWN : SHOWN_MAX;
    const older = "SELECT 1 FROM messages WHERE room = ?1 AND id < ?2 LIMIT 1";
    const { results } = await this.#bind(sql, visitor, from ?? 0, limit).all<MessageRow>();
    const messages = results.reverse().map((row) => ({ ...row, isOwn: row.isOwn === 1 }));
    const [oldest] = messages;
    const hasOlder =
      oldest !== undefined &&
      messages.length < SHOWN_MAX &&
      (await this.#bind(older, oldest.id).first()) !== null;
    return { messages, hasOlder };
  }

  /** The id from which on a page shows so many more than it does; `undefined` where nothing is older. */
  async olderThan(id: number): Promise<number | undefined> {
    const sql =
      "SELECT min(id) AS id FROM (SELECT id FROM messages WHERE room = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3)";
    return (await this.#bind(sql, id, SHOWN).first<number>("id")) ?? undefined;
  }

  /** The room is always the first value. */
  #bind(sql: string, ...values: readonly (string | number)[]): D1PreparedStatement {
    return this.#database.prepare(sql).bind(this.#room, ...values);
  }
}
