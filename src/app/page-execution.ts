import type { ExecutionContext } from "hono";
import type { View } from "../render/view.ts";
import type { TurnState } from "../state/turn-state.ts";
import type { PageCause } from "../turn/turn-end.ts";

/** What a page is told that no browser loads. */
export interface PageTurn {
  readonly assigns: Record<string, unknown>;
  readonly cause: PageCause;
}

interface PageOptions {
  /** Absent when a browser loads the page. */
  readonly turn?: PageTurn;
  readonly visit?: string;
  readonly isDevelopment?: boolean;
}

/**
 * The execution context of one page render: what hono hands through to every handler, and so the one way from
 * the session object to the `pages()` middleware that needs neither a global nor the application's help.
 */
export class PageExecution implements ExecutionContext {
  readonly props: Record<string, never> = {};
  readonly state: TurnState;
  readonly assigns: Record<string, unknown>;
  /** The call that caused this render, or the tab's last one; absent when a browser loads the page. */
  readonly cause: PageCause | undefined;
  /** Names the visit, by letters and digits; empty when there is none. */
  readonly visit: string;
  /** True while the application is being developed: then mistakes that only cost something are errors. */
  readonly isDevelopment: boolean;
  /** True when a browser waits for the page itself. */
  readonly isVisit: boolean;
  /** The document that `c.render` was given, when no browser loads the page: it is compared before it is written. */
  document: View | undefined;
  /** What a handler threw, also when hono turned it into a response. */
  failure: unknown;
  readonly #ctx: DurableObjectState;

  constructor(
    ctx: DurableObjectState,
    state: TurnState,
    { turn, visit = "", isDevelopment = false }: PageOptions = {},
  ) {
    this.#ctx = ctx;
    this.state = state;
    this.assigns = turn?.assigns ?? {};
    this.cause = turn?.cause;
    this.isVisit = turn === undefined;
    this.visit = visit;
    this.isDevelopment = isDevelopment;
  }

  /** The classes that the Worker exports, for what asks by a context: `reflex.later(c.executionCtx, …)`. */
  get exports(): DurableObjectState["exports"] {
    return this.#ctx.exports;
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#ctx.waitUntil(promise);
  }

  /** Has no meaning behind a session object: there is no origin to pass a request on to. */
  passThroughOnException(): void {}
}
