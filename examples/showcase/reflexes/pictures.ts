import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";
import { gravatarOf } from "../gravatar/picture.ts";

/** Longest address, in characters, inclusive (RFC 5321). */
const EMAIL_CHARS_MAX = 254;

/** Makes pictures for e-mail addresses, and keeps neither. */
export class Pictures extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  async draw(): Promise<void> {
    const email = (this.element.value ?? "").slice(0, EMAIL_CHARS_MAX);
    if (email.trim() !== "") this.assigns.gravatar = await gravatarOf(email);
  }
}
