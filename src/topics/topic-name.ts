import { LIMITS } from "../protocol/limits.ts";
import { TopicError } from "./topic-error.ts";

/** What separates a topic's name from the place of one of its relays. No topic's name holds it. */
export const RELAY_MARK = "#";

/** The name, if it can be a topic's. Throws {@link TopicError}. */
export function checkedTopic(name: unknown): string {
  if (typeof name === "string" && name.length <= LIMITS.topicNameChars && /^[^\s#\p{C}]+$/u.test(name))
    return name;
  const given = typeof name === "string" ? JSON.stringify(name.slice(0, 100)) : typeof name;
  throw new TopicError(
    "topic-name",
    `A topic cannot be called ${given}; expected 1 to ${LIMITS.topicNameChars} characters such as "todos:42", ` +
      `without white space and without ${RELAY_MARK}`,
  );
}
