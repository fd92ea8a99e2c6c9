import { type Draft, RESERVED } from "./draft.ts";

/** Under which key messages wait for a page that shows them. */
export const FLASH_KEY = `${RESERVED}flash`;

/** Under which name a tab's last turn remembers what it showed, among what it assigned. */
const SHOWN_NAME = "reflex:flash";

/** A message that waits for a page. */
interface WaitingMessage {
  readonly message: string;
  /** Names the tab that set it; absent for a page that has none yet. */
  readonly tab?: string | undefined;
}

/** Which of the messages that wait are shown by a turn: `none` where that is not committed. */
export type FlashTaken = "all" | "own" | "none";

/** Messages by their kinds. */
export type FlashMessages = ReadonlyMap<string, string>;

/**
 * Messages that are shown once: set by an action or a page, they wait for the page that reads them, be it the one that is
 * rendered next in the same turn or one that the visitor is sent to. What a tab was shown stays in its page until its
 * next call.
 */
export class Flash {
  readonly #draft: Draft;
  readonly #shown: Map<string, string>;
  readonly #taken: FlashTaken;
  readonly #tab: string | undefined;

  /**
   * @param shown what the tab was shown already, where it is rendered again
   * @param taken of what waits: what another tab has set waits for the page that it goes to
   * @param tab names the tab
   */
  constructor(draft: Draft, shown: FlashMessages | undefined, taken: FlashTaken, tab: string | undefined) {
    this.#draft = draft;
    this.#shown = new Map(shown);
    this.#taken = taken;
    this.#tab = tab;
  }

  /** Throws `SessionError` for text that is too long, and where nothing can be written. */
  set(kind: string, message: string): void {
    this.#write(new Map([...this.#waiting, [kind, { message: String(message), tab: this.#tab }]]));
  }

  /** The message of that kind, or `undefined`. Reading it in a page that is sent is showing it. */
  get(kind: string): string | undefined {
    if (this.#taken === "none" || this.#draft.isClosed) return this.#shown.get(kind);
    const waiting = this.#waiting;
    const found = waiting.get(kind);
    const isTaken = found !== undefined && (this.#taken === "all" || found.tab === this.#tab);
    if (!isTaken) return this.#shown.get(kind);
    this.#shown.set(kind, found.message);
    waiting.delete(kind);
    this.#write(waiting);
    return found.message;
  }

  /** What was read. */
  get shown(): FlashMessages {
    return this.#shown;
  }

  get #waiting(): Map<string, WaitingMessage> {
    // Only this class writes under this key.
    return new Map(this.#draft.read(FLASH_KEY) as ReadonlyMap<string, WaitingMessage> | undefined);
  }

  #write(messages: ReadonlyMap<string, WaitingMessage>): void {
    this.#draft.write(FLASH_KEY, messages.size === 0 ? undefined : messages, "A flash message");
  }
}

/** What a turn assigned, with what it showed: both are what later renders of the tab are told. */
export function withShown(
  assigns: Record<string, unknown>,
  { shown }: { readonly shown: FlashMessages },
): Record<string, unknown> {
  return shown.size === 0 ? assigns : { ...assigns, [SHOWN_NAME]: shown };
}

/** The reverse of {@link withShown}. */
export function takeShown(remembered: Record<string, unknown>): {
  readonly assigns: Record<string, unknown>;
  readonly shown: FlashMessages | undefined;
} {
  const { [SHOWN_NAME]: shown, ...assigns } = remembered;
  return { assigns, shown: shown instanceof Map ? shown : undefined };
}
