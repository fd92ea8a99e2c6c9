import { STREAM_FROM, type StreamMode } from "../../src/protocol/stream-names.ts";
import { type MissingElementPolicy, registry } from "../operations/registry.ts";
import { SubscribingElement } from "./subscribing-element.ts";

/**
 * `<cable-ready-stream-from identifier missing>`: has the operations that are broadcast in a topic carried out in its page. `missing`
 * says what becomes of those whose element is not there: `warn`, `ignore` or `event`; without it, what the page says.
 */
export class StreamFromElement extends SubscribingElement {
  static override readonly observedAttributes = ["identifier", "missing"];

  protected override readonly mode: StreamMode = "stream";

  override followed(key: string): void {
    super.followed(key);
    this.#say();
  }

  override attributeChangedCallback(...change: [name: string, before: string | null, after: string | null]) {
    super.attributeChangedCallback(...change);
    this.#say();
  }

  override disconnectedCallback(): void {
    const { key } = this;
    super.disconnectedCallback();
    if (key === undefined) return;
    registry().streams.delete(key);
    for (const other of this.ownerDocument.querySelectorAll(STREAM_FROM))
      if (other instanceof StreamFromElement && other.key === key) other.#say();
  }

  /** Of several elements for one topic, the last that says something is right. */
  #say(): void {
    const missing = this.getAttribute("missing");
    if (this.key === undefined) return;
    if (missing !== null && isPolicy(missing)) registry().streams.set(this.key, missing);
    else registry().streams.delete(this.key);
  }
}

/** An error would have nobody to catch it. */
function isPolicy(word: string): word is Exclude<MissingElementPolicy, "exception"> {
  return /^(warn|ignore|event)$/.test(word);
}
