import { TODOS_MAX, type Todo } from "./todo.ts";

interface TodoRow {
  readonly id: string;
  readonly title: string;
  readonly completed: number;
}

/**
 * The todos of one visitor in D1. Every statement names the visitor, so that an id alone, known or guessed,
 * reaches nobody else's list. The promises reject with what D1 throws when the database fails.
 */
export class TodoStore {
  readonly #database: D1Database;
  readonly #visitor: string;

  /** @param visitor names the list: the id of the visitor's session */
  constructor(database: D1Database, visitor: string) {
    this.#database = database;
    this.#visitor = visitor;
  }

  /** Oldest first. */
  async all(): Promise<readonly Todo[]> {
    const sql = "SELECT id, title, completed FROM todos WHERE visitor = ?1 ORDER BY position";
    const { results } = await this.#bind(sql).all<TodoRow>();
    return results.map(({ id, title, completed }) => ({ id, title, completed: completed === 1 }));
  }

  /**
   * Appends an active todo; does nothing when the list is full. Counted and added by one statement.
   *
   * @param id not used for another todo: one that is there already is not added again
   */
  async add(id: string, title: string): Promise<void> {
    const sql = `INSERT INTO todos (visitor, id, title, position)
      SELECT ?1, ?2, ?3, coalesce(max(position), 0) + 1 FROM todos WHERE visitor = ?1 HAVING count(*) < ?4
      ON CONFLICT (id) DO NOTHING`;
    await this.#bind(sql, id, title, TODOS_MAX).run();
  }

  async setCompleted(id: string, completed: boolean): Promise<void> {
    await this.#bind(
      "UPDATE todos SET completed = ?3 WHERE visitor = ?1 AND id = ?2",
      id,
      Number(completed),
    ).run();
  }

  async setAllCompleted(completed: boolean): Promise<void> {
    await this.#bind("UPDATE todos SET completed = ?2 WHERE visitor = ?1", Number(completed)).run();
  }

  async rename(id: string, title: string): Promise<void> {
    await this.#bind("UPDATE todos SET title = ?3 WHERE visitor = ?1 AND id = ?2", id, title).run();
  }

  async remove(id: string): Promise<void> {
    await this.#bind("DELETE FROM todos WHERE visitor = ?1 AND id = ?2", id).run();
  }

  async removeCompleted(): Promise<void> {
    await this.#bind("DELETE FROM todos WHERE visitor = ?1 AND completed = 1").run();
  }

  /** The visitor is always the first value. */
  #bind(sql: string, ...values: readonly (string | number)[]): D1PreparedStatement {
    return this.#database.prepare(sql).bind(this.#visitor, ...values);
  }
}
