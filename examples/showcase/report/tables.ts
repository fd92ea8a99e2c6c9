import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";

// What the migrations made, said once more for the types of queries. A test compares the two.

/** Every visitor's todos. */
export const todos = sqliteTable("todos", {
  id: text().primaryKey(),
  visitor: text().notNull(),
  title: text().notNull(),
  completed: integer({ mode: "boolean" }).notNull().default(false),
  position: integer().notNull(),
});

/** The reports that were asked for. */
export const reports = sqliteTable("reports", {
  key: text().primaryKey(),
  visitor: text().notNull(),
  state: text({ enum: ["asked", "made", "failed"] })
    .notNull()
    .default("asked"),
  askedAt: integer("asked_at", { mode: "timestamp_ms" }).notNull(),
  lists: integer().notNull().default(0),
  todos: integer().notNull().default(0),
  completed: integer().notNull().default(0),
});
