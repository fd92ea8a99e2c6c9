import { createReflex } from "edge-reflex";
import { app } from "./app.ts";
import type { Env } from "./environment.ts";
import { LIFE_TOPIC, LifeRunner } from "./life/life-runner.ts";
import { renderLife } from "./life/render-life.ts";
import { Balls } from "./reflexes/balls.ts";
import { Board } from "./reflexes/board.ts";
import { Books } from "./reflexes/books.ts";
import { Calendar } from "./reflexes/calendar.ts";
import { Chat } from "./reflexes/chat.ts";
import { Clicks } from "./reflexes/clicks.ts";
import { Counter } from "./reflexes/counter.ts";
import { Guest } from "./reflexes/guest.ts";
import { Journal } from "./reflexes/journal.ts";
import { Kitchen } from "./reflexes/kitchen.ts";
import { Life } from "./reflexes/life.ts";
import { Operations } from "./reflexes/operations.ts";
import { Orders } from "./reflexes/orders.ts";
import { Pictures } from "./reflexes/pictures.ts";
import { Places } from "./reflexes/places.ts";
import { Reports } from "./reflexes/reports.ts";
import { Reverse } from "./reflexes/reverse.ts";
import { Shelf } from "./reflexes/shelf.ts";
import { Signup } from "./reflexes/signup.ts";
import { Snake } from "./reflexes/snake.ts";
import { Tabular } from "./reflexes/tabular.ts";
import { Todos } from "./reflexes/todos.ts";
import { Value } from "./reflexes/value.ts";
import { Visitor } from "./reflexes/visitor.ts";
import { Wall } from "./reflexes/wall.ts";
import { makeReports } from "./report/report-queue.ts";

const reflex = createReflex<Env>({
  app,
  reflexes: {
    Balls,
    Board,
    Books,
    Calendar,
    Chat,
    Clicks,
    Counter,
    Guest,
    Journal,
    Kitchen,
    Life,
    Operations,
    Orders,
    Pictures,
    Places,
    Reports,
    Reverse,
    Shelf,
    Signup,
    Snake,
    Tabular,
    Todos,
    Value,
    Visitor,
    Wall,
  },
  regions: { life: renderLife },
});
export const { SessionObject, CacheObject, StructuresObject, TopicObject } = reflex;

/** The game of life, and what it needs of the application. */
export class LifeObject extends LifeRunner {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env, {
      touch: () => reflex.touch(ctx, LIFE_TOPIC),
      watchers: async () => (await reflex.presence(ctx, LIFE_TOPIC)).count,
    });
  }
}

export default {
  fetch: reflex.fetch,
  queue: (batch, env, ctx) =>
    makeReports(batch, env, (visitor, key) =>
      // Under one name, so that a report that is told of again is not run for again while it waits.
      reflex.later(ctx, visitor, "Reports#_settled", { in: 0, id: `report:${key}` }),
    ),
} satisfies ExportedHandler<Env, string>;
