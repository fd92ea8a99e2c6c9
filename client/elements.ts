import { STREAM_FROM, UPDATES_FOR } from "../src/protocol/stream-names.ts";
import { StreamFromElement } from "./elements/stream-from-element.ts";
import { UpdatesForElement } from "./elements/updates-for-element.ts";

export { StreamFromElement } from "./elements/stream-from-element.ts";
export { SubscribingElement } from "./elements/subscribing-element.ts";
export { UpdatesForElement } from "./elements/updates-for-element.ts";

// Loading the file is all that a page has to do. It may have been loaded before, by another name.
if (customElements.get(STREAM_FROM) === undefined) {
  const style = new CSSStyleSheet();
  // Weaker than all that a page says.
  style.replaceSync(`:where(${UPDATES_FOR}){display:block}`);
  document.adoptedStyleSheets.push(style);
  customElements.define(STREAM_FROM, StreamFromElement);
  customElements.define(UPDATES_FOR, UpdatesForElement);
}
