import type { PageVariables } from "edge-reflex";
import type { Ball } from "./balls/ball.ts";
import type { Day } from "./calendar/days.ts";
import type { Gravatar } from "./gravatar/picture.ts";
import type { LifeRunner } from "./life/life-runner.ts";
import type { Pace } from "./people/pace.ts";
import type { OrderList } from "./rows/order-list.ts";
import type { Messages } from "./signup/messages.ts";
import type { Game } from "./snake/game.ts";

/** What the Worker is bound to, as wrangler.toml says. */
export interface Env {
  readonly DB: D1Database;
  /** Keys of reports that are to be made. */
  readonly REPORTS: Queue<string>;
  /** What visitors upload. */
  readonly UPLOADS: R2Bucket;
  /** The game of life: one object, of the application's own. */
  readonly LIFE: DurableObjectNamespace<LifeRunner>;
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
  calendar: Plans;
  /** What hangs on the visitor's wall, latest first. */
  photos: readonly Photo[];
  /** What the visitor wants to be called among others. */
  nick: string;
  /** How often the visitor may change the board before it is too often. */
  boardPace: Pace;
  /** The same of what the visitor says in the chat. */
  chatPace: Pace;
  /** The same of what the visitor does to the game of life. */
  lifePace: Pace;
}

/** A card whose title a tab is writing. */
export interface BoardEdit {
  readonly id: string;
  /** The version of the card that the visitor has seen. */
  readonly version: number;
  /** Its title at that time. */
  readonly title: string;
}

/** A photo that was uploaded. */
export interface Photo {
  /** Of its object in the bucket. */
  readonly key: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  readonly type: string;
}

/** What a visitor has planned. */
export interface Plans {
  /** How many entries there ever were. */
  readonly count: number;
  readonly entries: readonly CalendarEntry[];
}

/** Something that is planned for a day. */
export interface CalendarEntry {
  readonly id: number;
  readonly day: Day;
  readonly title: string;
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
  /** The names of what has been chosen, as far as it has. */
  place: {
    readonly country: string | undefined;
    readonly region: string | undefined;
    readonly city: string | undefined;
  };
  /** The day that the calendar looks at; absent: today. */
  day: Day;
  /** Absent: none was begun. */
  snake: Game;
  /** Absent: no card is being written. */
  boardEdit: BoardEdit;
  /** What the tab's visitor is told who could not say something in the chat. Stays while they type, which is a call as well. */
  chatNotice: string;
  /** The room in which the tab's visitor is writing something; absent: they are not. */
  typing: string;
  /** How far back the chat is shown, and of which room; absent: the last few messages. */
  chatFrom: { readonly room: string; readonly id: number };
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
  /** What books are searched for. */
  booksQuery: string;
  /** What the visitor has typed, the other way round. */
  reversed: string;
  /** Who the address stands for that the visitor has typed. */
  gravatar: Gravatar;
  signup: SignupAnswer;
  /** What a visitor is told who changed the board, or could not. */
  boardNotice: string;
}

/** What the server says to the form of who signs up. */
export interface SignupAnswer {
  /** What is wrong, as far as it is to be told. */
  readonly messages: Messages;
  /** Whether the form was sent once. */
  readonly isSent: boolean;
  /** By what name; absent: not yet. */
  readonly welcomed?: string | undefined;
}

/** What hono is told about every page of the showcase. */
export interface PageEnv {
  Bindings: Env;
  Variables: PageVariables<Values, Assigns, TabValues>;
}
