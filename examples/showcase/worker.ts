import { createReflex } from "edge-reflex";
import { app } from "./app.ts";
import type { Env } from "./environment.ts";
import { Balls } from "./reflexes/balls.ts";
import { Clicks } from "./reflexes/clicks.ts";
import { Counter } from "./reflexes/counter.ts";
import { Journal } from "./reflexes/journal.ts";
import { Kitchen } from "./reflexes/kitchen.ts";
import { Orders } from "./reflexes/orders.ts";
import { Reports } from "./reflexes/reports.ts";
import { Shelf } from "./reflexes/shelf.ts";
import { Todos } from "./reflexes/todos.ts";
import { Value } from "./reflexes/value.ts";
import { Visitor } from "./reflexes/visitor.ts";
import { makeReports } from "./report/report-queue.ts";

const reflex = createReflex<Env>({
  app,
  reflexes: { Balls, Clicks, Counter, Journal, Kitchen, Orders, Reports, Shelf, Todos, Value, Visitor },
});
export const { SessionObject, CacheObject, StructuresObject } = reflex;
export default {
  fetch: reflex.fetch,
  queue: (batch, env, ctx) =>
    makeReports(batch, env, (visitor, key) =>
      // Under one name, so that a report that is told of again is not run for again while it waits.
      reflex.later(ctx, visitor, "Reports#_settled", { in: 0, id: `report:${key}` }),
    ),
} satisfies ExportedHandler<Env, string>;
