/** How grave a line of the log is. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** One line that an action writes. */
export interface LogLine {
  readonly level: LogLevel;
  readonly message: string;
  /** What else there is to say, by names. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Writes lines into the application's log, each with the id and the target of the call that it belongs to. */
export class CallLogger {
  readonly #write: (line: LogLine) => void;

  /** @param write never throws */
  constructor(write: (line: LogLine) => void) {
    this.#write = write;
  }

  /** @param details what else there is to say: JSON, where the log is to be lines of JSON */
  debug(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#write({ level: "debug", message, details });
  }

  /** As {@link debug}. */
  info(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#write({ level: "info", message, details });
  }

  /** As {@link debug}. */
  warn(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#write({ level: "warn", message, details });
  }

  /** As {@link debug}. */
  error(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.#write({ level: "error", message, details });
  }
}
