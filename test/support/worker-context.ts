import { createExecutionContext } from "cloudflare:test";
import { exports } from "cloudflare:workers";

/** What code of the Worker is handed that runs outside of sessions: a request, a queue's message, a schedule. */
export const workerContext = () => Object.assign(createExecutionContext(), { exports });
