import type { PageVariables } from "edge-reflex";
import type { Ball } from "./balls/ball.ts";
import type { OrderList } from "./rows/order-list.ts";

/** What the Worker is bound to, as wrangler.toml says. */
export interface Env {
  readonly DB: D1Database;
}

/** What the session of a visitor holds. */
export interface Values {
  count: number;
  balls: readonly Ball[];
  orders: OrderList;
  /** What the page of a thousand rows is searched for. */
  ordersQuery: string;
}

/** What reflexes hand to the page that is rendered for them. */
export interface Assigns {
  /** The text that the visitor has typed, on the page of that name. */
  value: string;
  /** The id of the todo whose title is being edited. */
  editing: string;
}

/** What hono is told about every page of the showcase. */
export interface PageEnv {
  Bindings: Env;
  Variables: PageVariables<Values, Assigns>;
}
