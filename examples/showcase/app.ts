import { pages } from "edge-reflex";
import { Hono } from "hono";
import type { Assigns, PageEnv, TabValues, Values } from "./environment.ts";
import { layout } from "./layout.ts";
import { ballsPage } from "./pages/balls.ts";
import { boardPage } from "./pages/board.ts";
import { booksPage } from "./pages/books.ts";
import { calendarPage } from "./pages/calendar.ts";
import { chatPages } from "./pages/chat.ts";
import { clicksPage } from "./pages/clicks.ts";
import { counterPage } from "./pages/counter.ts";
import { gravatarPage } from "./pages/gravatar.ts";
import { homePage } from "./pages/home.ts";
import { lifePage } from "./pages/life.ts";
import { networkPage } from "./pages/network.ts";
import { answerNotFound } from "./pages/not-found.ts";
import { operationsPage } from "./pages/operations.ts";
import { placesPage } from "./pages/places.ts";
import { reportPage } from "./pages/report.ts";
import { reversePage } from "./pages/reverse.ts";
import { rowsPage } from "./pages/rows.ts";
import { sessionPage } from "./pages/session.ts";
import { signupPage } from "./pages/signup.ts";
import { snakePage } from "./pages/snake.ts";
import { structuresPage } from "./pages/structures.ts";
import { tabularPage } from "./pages/tabular.ts";
import { timerPage } from "./pages/timer.ts";
import { todosPages } from "./pages/todos.ts";
import { uploadPage } from "./pages/upload.ts";
import { valuePage } from "./pages/value.ts";

/** The showcase's pages. Each knows its own path. */
export const app = new Hono<PageEnv>()
  .use(pages<Values, Assigns, TabValues>({ layout }))
  .route("/", homePage)
  .route("/", counterPage)
  .route("/", valuePage)
  .route("/", ballsPage)
  .route("/", todosPages)
  .route("/", rowsPage)
  .route("/", clicksPage)
  .route("/", networkPage)
  .route("/", timerPage)
  .route("/", sessionPage)
  .route("/", reportPage)
  .route("/", structuresPage)
  .route("/", boardPage)
  .route("/", chatPages)
  .route("/", lifePage)
  .route("/", booksPage)
  .route("/", calendarPage)
  .route("/", gravatarPage)
  .route("/", operationsPage)
  .route("/", placesPage)
  .route("/", reversePage)
  .route("/", signupPage)
  .route("/", snakePage)
  .route("/", tabularPage)
  .route("/", uploadPage)
  .notFound(answerNotFound);
