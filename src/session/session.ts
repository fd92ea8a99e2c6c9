import { type Draft, RESERVED } from "../state/draft.ts";
import { KeyedValues } from "../state/keyed-values.ts";

/** One turn's view of the visitor's session. */
export class Session<Values extends object = Record<string, unknown>> extends KeyedValues<Values> {
  /** Names the session: stable for its life, safe to use as a key for the application's own data, no secret. */
  readonly id: string;

  /** @param draft what the turn reads and writes */
  constructor(id: string, draft: Draft) {
    super({
      read: (key) => draft.read(key),
      write: (key, value) => draft.write(key, value),
      keys: () => draft.keys().filter((key) => !key.startsWith(RESERVED)),
    });
    this.id = id;
  }
}
