import type { Env } from "../environment.ts";
import { ReportStore } from "./report-store.ts";

/** Where messages go that failed each time, as wrangler.toml says. */
export const FAILED_QUEUE = "edge-reflex-showcase-reports-failed";

/** How long a message waits before it is tried again: twice as long each time, in seconds. */
const FIRST_RETRY_SECONDS = 1;

/**
 * Makes the reports that reflexes have ordered. A message is a report's key, and may come more than once: queues deliver at least once.
 */
export async function makeReports(batch: MessageBatch<string>, env: Pick<Env, "DB">): Promise<void> {
  const store = new ReportStore(env.DB);
  const settle = batch.queue === FAILED_QUEUE ? store.fail.bind(store) : store.make.bind(store);
  for (const message of batch.messages) {
    try {
      await settle(message.body);
      message.ack();
    } catch (cause) {
      console.error(`Report ${JSON.stringify(message.body)} failed at attempt ${message.attempts}`, cause);
      // Only this one: the rest of the batch is not to blame.
      message.retry({ delaySeconds: FIRST_RETRY_SECONDS * 2 ** (message.attempts - 1) });
    }
  }
}
