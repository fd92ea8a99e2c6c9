import { html, reflex, type View } from "edge-reflex";
import { Guest } from "../reflexes/guest.ts";
import { NAME_CHARS_MAX } from "./names.ts";

/** Says what the visitor is called here, and lets them change it. */
export const nameForm = (
  name: string,
): View => html`<form id="name-form" class="name-form" data-reflex="${reflex("submit", Guest, "rename")}">
<label for="nick">You are</label>
<input id="nick" class="text-input" name="nick" value="${name}" maxlength="${NAME_CHARS_MAX}" autocomplete="off" required>
<button class="button button-quiet">Rename</button>
</form>`;
