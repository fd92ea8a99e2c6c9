import { CARDS_MAX, type Card, type LaneId } from "./card.ts";

/** Who changes a card. */
export interface Author {
  readonly name: string;
  /** The idempotency key of the call: a change that was made under it is not made again. */
  readonly key: string;
}

/** Where a card is to go. */
export interface Place {
  readonly lane: LaneId;
  /** The card in front of which it is to stand; absent, or not in that lane any more: behind the last. */
  readonly before?: string | undefined;
}

/** A card as a visitor knows it. */
export interface Known {
  readonly id: string;
  readonly version: number;
}

/** A card that is to be. */
export interface NewCard {
  readonly id: string;
  readonly title: string;
  readonly lane: LaneId;
}

/** What became of a change: made, or not because somebody else was faster; with the card as it is by then, if it is. */
export interface Settled {
  readonly isDone: boolean;
  readonly card: Card | undefined;
}

const COLUMNS = "id, lane, title, version, placed, titled, by_name AS by, did";

/**
 * The board in D1. A change names the version of the card that its author knows, and is made only if nobody has changed the same
 * thing of it since: its place, or its title. Each is one transaction. The promises reject with what D1 throws when the database fails.
 */
export class BoardStore {
  readonly #database: D1Database;

  constructor(database: D1Database) {
    this.#database = database;
  }

  /** Every card, lane by lane, in the order of each. */
  async all(): Promise<readonly Card[]> {
    const sql = `SELECT ${COLUMNS} FROM cards ORDER BY lane, position`;
    return (await this.#database.prepare(sql).all<Card>()).results;
  }

  async find(id: string): Promise<Card | undefined> {
    const sql = `SELECT ${COLUMNS} FROM cards WHERE id = ?1`;
    return (await this.#database.prepare(sql).bind(id).first<Card>()) ?? undefined;
  }

  /**
   * Puts a new card behind the last of a lane. One that is there already is not put there again.
   *
   * @returns false when the board is full
   */
  async add({ id, title, lane }: NewCard, { name, key }: Author): Promise<boolean> {
    const sql = `INSERT INTO cards (id, lane, position, title, by_name, did, change_key)
      SELECT ?1, ?2, coalesce(max(position) FILTER (WHERE lane = ?2), 0) + 1, ?3, ?4, 'added', ?6
      FROM cards HAVING count(*) < ?5
      ON CONFLICT (id) DO NOTHING`;
    const { meta } = await this.#database.prepare(sql).bind(id, lane, title, name, CARDS_MAX, key).run();
    return meta.changes > 0 || (await this.find(id)) !== undefined;
  }

  /** Moves a card, unless somebody has moved it since. */
  async move({ id, version }: Known, { lane, before = "" }: Place, author: Author): Promise<Settled> {
    // The gap is made in front of the other card, which stands one further by the time the card is put there.
    const gap = `UPDATE cards SET position = position + 1
      WHERE lane = ?3 AND position >= (SELECT position FROM cards WHERE id = ?4 AND lane = ?3)
        AND EXISTS (SELECT 1 FROM cards WHERE id = ?1 AND placed <= ?2 AND ?1 <> ?4)`;
    const put = `UPDATE cards SET lane = ?3, version = version + 1, placed = version + 1, did = 'moved', by_name = ?5, change_key = ?6,
        position = coalesce(
          (SELECT position - 1 FROM cards WHERE id = ?4 AND lane = ?3),
          (SELECT coalesce(max(position), 0) + 1 FROM cards WHERE lane = ?3))
      WHERE id = ?1 AND placed <= ?2 AND ?1 <> ?4`;
    const results = await this.#database.batch([
      this.#database.prepare(gap).bind(id, version, lane, before),
      this.#database.prepare(put).bind(id, version, lane, before, author.name, author.key),
    ]);
    return await this.#settled(id, results.at(-1)?.meta.changes ?? 0, author);
  }

  /** Gives a card another title, unless somebody has done so since. */
  async rename({ id, version }: Known, title: string, author: Author): Promise<Settled> {
    const sql = `UPDATE cards SET title = ?3, version = version + 1, titled = version + 1, did = 'edited', by_name = ?4, change_key = ?5
      WHERE id = ?1 AND titled <= ?2`;
    const { meta } = await this.#database
      .prepare(sql)
      .bind(id, version, title, author.name, author.key)
      .run();
    return await this.#settled(id, meta.changes, author);
  }

  /** Deletes a card, unless somebody has given it another title since. One that has gone already is as good as deleted. */
  async remove({ id, version }: Known): Promise<Settled> {
    const sql = "DELETE FROM cards WHERE id = ?1 AND titled <= ?2";
    await this.#database.prepare(sql).bind(id, version).run();
    const card = await this.find(id);
    return { isDone: card === undefined, card };
  }

  /** A change that is not made is the author's own, of the same call, or comes too late. */
  async #settled(id: string, changes: number, { key }: Author): Promise<Settled> {
    const sql = `SELECT ${COLUMNS}, change_key = ?2 AS isOwn FROM cards WHERE id = ?1`;
    const row = await this.#database.prepare(sql).bind(id, key).first<Card & { readonly isOwn: number }>();
    if (row === null) return { isDone: false, card: undefined };
    const { isOwn, ...card } = row;
    return { isDone: changes > 0 || isOwn === 1, card };
  }
}
