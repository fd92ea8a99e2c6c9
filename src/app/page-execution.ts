import type { ExecutionContext } from "hono";
import type { View } from "../render/view.ts";
import type { Session } from "../session/session.ts";
import type { PageCause } from "../turn/turn.ts";

/**
 * The execution context of one page render: what hono hands through to every handler, and so the one way from
 * the session object to the `pages()` middleware that needs neither a global nor the application's help.
 */
export class PageExecution implements ExecutionContext {
  readonly props: Record<string, never> = {};
  readonly session: Session;
  readonly assigns: Record<string, unknown>;
  /** The call that caused this render; absent when a browser loads the page. */
  readonly cause: PageCause | undefined;
  /** The document that `c.render` was given, when a reflex causes the render: it is compared before it is written. */
  document: View | undefined;
  /** What a handler threw, also when hono turned it into a response. */
  failure: unknown;
  readonly #ctx: DurableObjectState;

  constructor(
    ctx: DurableObjectState,
    session: Session,
    turn?: { assigns: Record<string, unknown>; cause: PageCause },
  ) {
    this.#ctx = ctx;
    this.session = session;
    this.assigns = turn?.assigns ?? {};
    this.cause = turn?.cause;
  }

  waitUntil(promise: Promise<unknown>): void {
    this.#ctx.waitUntil(promise);
  }

  /** Has no meaning behind a session object: there is no origin to pass a request on to. */
  passThroughOnException(): void {}
}
