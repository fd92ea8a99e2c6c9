import type { PageVariables } from "edge-reflex";
import type { Ball } from "./balls/ball.ts";
import type { OrderList } from "./rows/order-list.ts";

/** What the Worker is bound to, as wrangler.toml says. */
export interface Env {
  readonly DB: D1Database;
  /** Keys of reports that are to be made. */
  readonly REPORTS: Queue<string>;
}

/** What the session of a visitor holds. */
export interface Values {
  count: number;
  balls: readonly Ball[];
  orders: OrderList;
  /** What the page of a thousand rows is searched for. */
  ordersQuery: string;
  journal: Journal;
  kitchen: Kitchen;
  /** Who has logged in; absent: nobody has. */
  visitor: Visitor;
}

/** Somebody who has logged in. */
export interface Visitor {
  readonly name: string;
  readonly since: Date;
}

/** What a tab of a visitor holds. */
export interface TabValues {
  /** The step of the little wizard, from 1. */
  step: number;
  /** When the tab first showed the timers, in milliseconds since 1970. */
  openedAt: number;
}

/** A timer of the kitchen that runs. */
export interface KitchenTimer {
  readonly number: number;
  readonly name: string;
  /** When it is to ring, in milliseconds since 1970. */
  readonly at: number;
}

/** One that has rung. */
export interface RungTimer extends KitchenTimer {
  readonly rangAt: number;
}

/** The timers of a visitor. */
export interface Kitchen {
  /** How many there ever were. */
  readonly count: number;
  readonly running: readonly KitchenTimer[];
  /** Latest first. */
  readonly rung: readonly RungTimer[];
}

/** What one visitor has computed for all. */
export interface Reckoning {
  readonly number: number;
  /** The beginning of the visitor's session id. */
  readonly by: string;
  readonly at: Date;
}

/** What was written on the page of the bad network. */
export interface Journal {
  /** How many lines there ever were. */
  readonly count: number;
  /** The last of them, latest first: the session's number and the page's. */
  readonly lines: readonly { readonly number: number; readonly press: string }[];
}

/** What reflexes hand to the page that is rendered for them. */
export interface Assigns {
  /** The text that the visitor has typed, on the page of that name. */
  value: string;
  /** What the server heard last, on the page of the bad network. */
  echo: string;
  /** The number of the page of clicks, as it was when the visitor asked for it. */
  reckoning: Reckoning;
  /** The id of the todo whose title is being edited. */
  editing: string;
}

/** What hono is told about every page of the showcase. */
export interface PageEnv {
  Bindings: Env;
  Variables: PageVariables<Values, Assigns, TabValues>;
}
