import { LIMITS } from "../protocol/limits.ts";
import { TopicError } from "./topic-error.ts";

/** What a touch says has changed, by names of the application's; absent: nobody says. */
type ChangedNames = readonly string[] | undefined;

/** The names that a touch is given, as they travel. Throws {@link TopicError} for more than one says, and for one that is too long. */
export function changedNames(topic: string, given: ChangedNames): ChangedNames {
  if (given === undefined) return undefined;
  const names = [...new Set(Array.from(given, String))];
  const longest = Math.max(0, ...names.map((name) => name.length));
  if (names.length <= LIMITS.changedNames && longest <= LIMITS.changedNameChars) return names;
  throw new TopicError(
    "topic-size",
    `The touch of ${JSON.stringify(topic)} says that ${names.length} names have changed, the longest of ${longest} characters; expected ` +
      `at most ${LIMITS.changedNames} of ${LIMITS.changedNameChars}, or none: then everyone looks`,
  );
}

/** What two touches say together. Where one does not say it, or they say too much, nobody says. */
export function changedByBoth(one: ChangedNames, other: ChangedNames): ChangedNames {
  if (one === undefined || other === undefined) return undefined;
  const names = new Set([...one, ...other]);
  return names.size > LIMITS.changedNames ? undefined : [...names];
}
