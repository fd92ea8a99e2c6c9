import { CHANGED_EVENT, type StreamMode, type TopicChange } from "../../src/protocol/stream-names.ts";
import { APART, LEFT_OUT } from "../nodes.ts";
import { morphAnyway } from "../operation-morphs.ts";
import { dispatch } from "../operations/live-operation.ts";
import { Appearance } from "./appearance.ts";
import { InnerWork } from "./inner-work.ts";
import { SubscribingElement } from "./subscribing-element.ts";
import { type Updatable, Updates } from "./updates.ts";

/** How long an element waits behind a change for further ones, unless it says otherwise, in milliseconds. */
const DEBOUNCE_MS = 20;

/** What updates of elements leave alone, beside what is permanent. */
const IGNORED = "data-ignore-updates";

/** What the events of an update carry; a listener may change it. */
interface UpdateDetail {
  readonly element: UpdatesForElement;
  /** What holds the new content. */
  html: Element;
  readonly permanentAttributeName: string;
  /** True: the content stays as it is. */
  cancel?: unknown;
  /** What has the focus behind the update. */
  focusSelector?: string;
}

const updates = new Updates();

/**
 * `<cable-ready-updates-for identifier url debounce only ignore-inner-updates observe-appearance>`: fetches its content anew when a
 * topic is touched, from `url` or else the page that it is in. No change is missed: what comes while it waits, fetches, cannot be seen
 * or is being worked in is looked for behind that.
 */
export class UpdatesForElement extends SubscribingElement implements Updatable {
  static override readonly observedAttributes = ["identifier", "url", APART];

  protected override readonly mode: StreamMode = "updates";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Something has changed since it looked. */
  #isDue = false;
  #work: InnerWork | undefined;
  #appearance: Appearance | undefined;
  #listening: AbortController | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.#listening !== undefined) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const goOn = () => this.#goOn();
    const on = (target: EventTarget, type: string, heard: (event: Event) => void) =>
      target.addEventListener(type, heard, { signal });
    on(document, CHANGED_EVENT, (event) => this.#changed((event as CustomEvent<TopicChange>).detail));
    // What it could not have when it looked may be there by then.
    on(document, "reflex:connected", goOn);
    on(this, LEFT_OUT, () => this.update());
    this.#work = new InnerWork(this, goOn);
    updates.add(this);
    if (this.hasAttribute("observe-appearance")) {
      this.#appearance = new Appearance(this, goOn);
      this.#isDue = true;
    }
    goOn();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    updates.remove(this);
    this.#stopWaiting();
    this.#work?.stop();
    this.#appearance?.stop();
    this.#listening?.abort();
    this.#work = this.#appearance = this.#listening = undefined;
  }

  override attributeChangedCallback(
    ...change: [name: string, before: string | null, after: string | null]
  ): void {
    super.attributeChangedCallback(...change);
    const [name, before, after] = change;
    if (!this.isIn || before === after) return;
    // It is to look somewhere else; or the server has brought it whole, maybe to what it was before the last change.
    if (name === "url" || (name === APART && after === null)) this.update();
  }

  /** Looks for its content once more, when its time comes. */
  update(): void {
    this.#isDue = true;
    this.#goOn();
  }

  // Updatable

  get source(): string {
    const given = this.getAttribute("url") ?? location.href;
    // What is no address is refused as it stands, when it is fetched.
    return (URL.parse(given, document.baseURI)?.href ?? given).replace(/#.*/s, "");
  }

  get isWaiting(): boolean {
    return this.#timer !== undefined && !this.#isHeld;
  }

  begun(): void {
    this.#stopWaiting();
    this.#isDue = false;
    this.setAttribute("updating", "updating");
  }

  done(content: Element | undefined): void {
    this.removeAttribute("updating");
    if (content === undefined || !this.isConnected) return;
    const detail: UpdateDetail = { element: this, html: content, permanentAttributeName: IGNORED };
    if (!dispatch(this, "cable-ready:before-update", detail) || detail.cancel) return;
    const { activeElement } = document;
    const before = this.innerHTML;
    morphAnyway(this, detail.html.innerHTML, { childrenOnly: true, permanentName: IGNORED });
    if (this.innerHTML !== before) this.setAttribute(APART, "");
    dispatch(this, "cable-ready:after-update", detail);
    const wanted = detail.focusSelector ? document.querySelector(detail.focusSelector) : activeElement;
    if (wanted instanceof HTMLElement && wanted.isConnected && wanted !== document.activeElement)
      wanted.focus({ preventScroll: wanted === activeElement });
  }

  failed(): void {
    this.removeAttribute("updating");
    this.#isDue = true;
  }

  #changed({ topic, changed, isShown }: TopicChange): void {
    // Its own page shows it already, or has told it that something was left out.
    if (topic !== this.key || (isShown && !this.hasAttribute("url"))) return;
    const only = this.getAttribute("only")?.split(/\s+/);
    if (only === undefined || changed === undefined || only.some((name) => changed.includes(name)))
      this.update();
  }

  get #isHeld(): boolean {
    const isInner = this.hasAttribute("ignore-inner-updates") && this.#work?.isUnderWay === true;
    return isInner || this.#appearance?.isSeen === false;
  }

  /** Waits behind the first change, not the last: what changes all the time is shown all the same. */
  #goOn(): void {
    if (!this.#isDue || this.#isHeld || this.#timer !== undefined || !this.isConnected) return;
    const milliseconds = Number.parseInt(this.getAttribute("debounce") ?? "", 10);
    const run = () => {
      if (this.#isHeld) this.#stopWaiting();
      else void updates.run(this.source);
    };
    this.#timer = setTimeout(run, milliseconds >= 0 ? milliseconds : DEBOUNCE_MS);
  }

  #stopWaiting(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
