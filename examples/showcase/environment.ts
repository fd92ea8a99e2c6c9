import type { PageVariables } from "edge-reflex";
import type { Ball } from "./balls/ball.ts";

/** What the Worker is bound to, as wrangler.toml says. */
export interface Env {
  readonly DB: D1Database;
}

/** What the session of a visitor holds. */
export interface Values {
  count: number;
  balls: readonly Ball[];
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
