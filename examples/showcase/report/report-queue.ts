import { TimerError } from "edge-reflex";
import type { Env } from "../environment.ts";
import { ReportStore } from "./report-store.ts";

/** Where messages go that failed each time, as wrangler.toml says. */
export const FAILED_QUEUE = "edge-reflex-showcase-reports-failed";

/** How long a message waits before it is tried again: twice as long each time, in seconds. */
const FIRST_RETRY_SECONDS = 1;

/**
 * Tells a visitor that a report is made, or given up; the same one perhaps more than once. Rejects with `TimerError` when nobody is there
 * any more.
 */
export type TellVisitor = (visitor: string, key: string) => Promise<unknown>;

/**
 * Makes the reports that reflexes have ordered, and tells those who wait for them. A message is a report's key, and may come more than
 * once: queues deliver at least once.
 */
export async function makeReports(
  batch: MessageBatch<string>,
  env: Pick<Env, "DB">,
  tell: TellVisitor,
): Promise<void> {
  const store = new ReportStore(env.DB);
  const settle = batch.queue === FAILED_QUEUE ? store.fail.bind(store) : store.make.bind(store);
  for (const message of batch.messages) {
    try {
      const visitor = await settle(message.body);
      if (visitor !== undefined) await tell(visitor, message.body).catch(unlessGone);
      message.ack();
    } catch (cause) {
      console.error(`Report ${JSON.stringify(message.body)} failed at attempt ${message.attempts}`, cause);
      // Only this one: the rest of the batch is not to blame.
      message.retry({ delaySeconds: FIRST_RETRY_SECONDS * 2 ** (message.attempts - 1) });
    }
  }
}

/** Nobody waits in a session that has ended: no reason to try again. */
function unlessGone(cause: unknown): void {
  if (!(cause instanceof TimerError && cause.code === "session-unknown")) throw cause;
}
