import type { StreamMode } from "../../src/protocol/stream-names.ts";
import { type Follower, Streams } from "./streams.ts";

const streams = new Streams(document);

/** An element that follows a topic while it is in the page: the one that its `identifier` was signed for. */
export abstract class SubscribingElement extends HTMLElement implements Follower {
  /** What the browser tells changes of. */
  static readonly observedAttributes: readonly string[] = ["identifier"];

  /** Stands for the topic in what comes of it; absent until the server has said. */
  key: string | undefined;
  /** What it follows the topic for. */
  protected abstract readonly mode: StreamMode;
  #leave: (() => void) | undefined;
  /** The browser has told that it is in the page: before, it tells of the attributes that it came with. */
  protected isIn = false;

  /** What was signed, as the page has it; empty for none. */
  get identifier(): string {
    return this.getAttribute("identifier") ?? "";
  }

  /** Called by the browser when the element is in the page. */
  connectedCallback(): void {
    this.isIn = true;
    const isPreview = document.documentElement.hasAttribute("data-turbo-preview");
    if (this.#leave !== undefined || isPreview || this.identifier === "") return;
    this.#leave = streams.follow(this.identifier, this.mode, this);
  }

  /** Called by the browser when it is not any more. */
  disconnectedCallback(): void {
    this.isIn = false;
    this.#leave?.();
    this.#leave = undefined;
    this.key = undefined;
  }

  /** Called by the browser: another topic. */
  attributeChangedCallback(name: string, before: string | null, after: string | null): void {
    if (name !== "identifier" || before === after || !this.isIn) return;
    this.disconnectedCallback();
    this.connectedCallback();
  }

  /** See {@link Follower}. */
  followed(key: string): void {
    this.key = key;
  }
}
