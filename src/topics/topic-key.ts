import { nameFor } from "../render/hash.ts";

/** What stands for a topic in frames and pages: a short hash, the same in every session, so that names stay on the server. */
export function topicKey(name: string): string {
  return nameFor(name);
}
