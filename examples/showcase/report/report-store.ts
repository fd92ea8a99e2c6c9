import {
  and,
  count,
  countDistinct,
  desc,
  eq,
  getTableColumns,
  lt,
  ne,
  notInArray,
  or,
  sql,
} from "drizzle-orm";
import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import { reports, todos } from "./tables.ts";

/** A report: what was counted when it was made, zeros before. */
export type Report = Omit<typeof reports.$inferSelect, "visitor">;

/** Reports of a visitor that are kept, beside the one that is being made. */
export const REPORTS_KEPT = 5;

/** How long a report may take before asking again orders it again, in milliseconds. */
export const ORDER_AGAIN_MS = 60_000;

/**
 * The reports over all todos in D1. Everything here may be done twice and is then done once: a call that runs again brings its key again,
 * and so does a message that is delivered again. The promises reject with what D1 throws when the database fails.
 */
export class ReportStore {
  readonly #database: DrizzleD1Database;
  readonly #now: () => number;

  constructor(database: D1Database, now: () => number = Date.now) {
    this.#database = drizzle(database);
    this.#now = now;
  }

  /** The visitor's, latest first; one that is being made among them. */
  async of(visitor: string): Promise<readonly Report[]> {
    const { visitor: _, ...columns } = getTableColumns(reports);
    return await this.#database
      .select(columns)
      .from(reports)
      .where(eq(reports.visitor, visitor))
      .orderBy(desc(reports.askedAt))
      .limit(REPORTS_KEPT + 1);
  }

  /**
   * Notes that the visitor wants a report, unless one is being made, and forgets the oldest.
   *
   * @param key the same for the same wish: the idempotency key of the call
   * @returns the key of the report that has to be ordered, or to be ordered again because it takes too long
   */
  async ask(visitor: string, key: string): Promise<string | undefined> {
    const database = this.#database;
    const [isVisitors, isAsked] = [eq(reports.visitor, visitor), eq(reports.state, "asked")];
    const latest = database
      .select({ key: reports.key })
      .from(reports)
      .where(and(isVisitors, ne(reports.state, "asked")))
      .orderBy(desc(reports.askedAt))
      .limit(REPORTS_KEPT);
    const late = lt(reports.askedAt, new Date(this.#now() - ORDER_AGAIN_MS));
    // One transaction: D1 runs a batch whole or not at all.
    const [, , due] = await database.batch([
      database
        .insert(reports)
        .values({ key, visitor, askedAt: new Date(this.#now()) })
        .onConflictDoNothing(),
      database
        .delete(reports)
        .where(and(isVisitors, ne(reports.state, "asked"), notInArray(reports.key, latest))),
      database
        .select({ key: reports.key })
        .from(reports)
        .where(and(isVisitors, isAsked, or(eq(reports.key, key), late))),
    ]);
    return due[0]?.key;
  }

  /**
   * Counts everybody's todos and writes the report. One that was made stays as it is.
   *
   * @returns whose report it is, or `undefined` when there is none of that key any more
   */
  async make(key: string): Promise<string | undefined> {
    const report = await this.#find(key);
    if (report?.state === "asked") {
      const [figures] = await this.#database
        .select({
          lists: countDistinct(todos.visitor),
          todos: count(),
          completed: sql<number>`coalesce(sum(${todos.completed}), 0)`,
        })
        .from(todos);
      await this.#settle(key, { ...figures, state: "made" });
    }
    return report?.visitor;
  }

  /**
   * Gives a report up that could not be made.
   *
   * @returns as `make` does
   */
  async fail(key: string): Promise<string | undefined> {
    await this.#settle(key, { state: "failed" });
    return (await this.#find(key))?.visitor;
  }

  async #find(key: string) {
    const [report] = await this.#database.select().from(reports).where(eq(reports.key, key));
    return report;
  }

  /** The condition decides between two that would settle it at once: the later one changes nothing. */
  async #settle(key: string, change: Partial<typeof reports.$inferInsert>): Promise<void> {
    await this.#database
      .update(reports)
      .set(change)
      .where(and(eq(reports.key, key), eq(reports.state, "asked")));
  }
}
