import { html, type View } from "edge-reflex";

/** What the operations of the page act on. */
export const stage = (): View => html`<p id="line">A line of text.</p>
<ul id="list"><li>one</li><li>two</li></ul>
<p><label for="field">A field</label> <input id="field" class="text-input" autocomplete="off"></p>
<p><label><input id="box" type="checkbox"> A box</label></p>`;
