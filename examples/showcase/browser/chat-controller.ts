import { Controller } from "@hotwired/stimulus";

/** How near to the end of the log one reads what is said last, in pixels. */
const NEAR = 40;

/** How long nothing is typed before the visitor is not typing any more, in milliseconds. */
const REST_MS = 3000;

/** Keeps the end of a log in view, as long as that is what one reads, and tells when one has stopped typing. */
export class ChatController extends Controller<HTMLElement> {
  static override targets = ["log", "below"];

  declare readonly logTarget: HTMLElement;
  declare readonly belowTarget: HTMLElement;

  readonly #observer = new MutationObserver(() => this.#follow());
  #isAtEnd = true;
  #resting: ReturnType<typeof setTimeout> | undefined;

  override connect(): void {
    this.#observer.observe(this.logTarget, { subtree: true, childList: true });
    this.follow();
  }

  override disconnect(): void {
    this.#observer.disconnect();
    clearTimeout(this.#resting);
  }

  /** Something was said, as the server tells every page of the room. */
  said(): void {
    this.belowTarget.hidden = this.#isAtEnd;
  }

  /** Something is typed: what the server heard of it ends some time after the last of it. */
  rest({ currentTarget }: Event): void {
    clearTimeout(this.#resting);
    this.#resting = setTimeout(
      () => currentTarget?.dispatchEvent(new CustomEvent("chat:rested", { bubbles: true })),
      REST_MS,
    );
  }

  scrolled(): void {
    const { scrollHeight, scrollTop, clientHeight } = this.logTarget;
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#isAtEnd) this.belowTarget.hidden = true;
  }

  /** To the end of the log, and to what is said next: who says something wants to see it. */
  follow(): void {
    this.#isAtEnd = true;
    this.belowTarget.hidden = true;
    this.#follow();
  }

  /** The same, for who reads: the button goes, so the focus needs a place. */
  down(): void {
    this.follow();
    this.logTarget.focus();
  }

  #follow(): void {
    if (this.#isAtEnd) this.logTarget.scrollTop = this.logTarget.scrollHeight;
  }
}
