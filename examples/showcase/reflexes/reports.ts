import { Reflex } from "edge-reflex";
import type { Assigns, Env, Values } from "../environment.ts";
import { ReportStore } from "../report/report-store.ts";

/** Orders reports over everybody's todos, which are made in the background. */
export class Reports extends Reflex<Values, Assigns, Env> {
  /**
   * The database and the queue are not part of the session's transaction. Should the call run again, it finds its report there by its key
   * and orders it again; made it is once.
   */
  async ask(): Promise<void> {
    const key = await new ReportStore(this.env.DB).ask(this.session.id, this.idempotencyKey);
    if (key !== undefined) await this.env.REPORTS.send(key);
  }

  /**
   * What the queue has run when a report is made or given up; no browser can, for the name's first character. Nothing to do: the pages
   * that are open read the reports again.
   */
  _settled(): void {}
}
