import { Reflex } from "edge-reflex";
import type { Assigns, Values } from "../environment.ts";
import { FIELDS, type Field, type Messages, messagesFor } from "../signup/messages.ts";

/** Says what is wrong with a form, while it is filled in and when it is sent. Keeps nothing of it. */
export class Signup extends Reflex<Values, Assigns> {
  static override readonly ephemeral = true;

  /** Before the form was sent, a field that nobody has come to yet is not complained about. */
  check(): void {
    const messages = messagesFor(this.params);
    const isSent = this.params.has("sent");
    this.assigns.signup = { isSent, messages: isSent ? messages : this.#ofTouched(messages) };
  }

  submit(): void {
    const messages = messagesFor(this.params);
    const isFine = Object.keys(messages).length === 0;
    const welcomed = isFine ? this.params.get("name")?.trim() : undefined;
    this.assigns.signup = { isSent: true, messages, welcomed };
  }

  /** Begins again with an empty form. */
  again(): void {}

  #ofTouched(messages: Messages): Messages {
    const isTouched = (field: Field) =>
      field === this.element.attributes.name || (this.params.get(field) ?? "") !== "";
    return Object.fromEntries(FIELDS.filter(isTouched).map((field) => [field, messages[field]]));
  }
}
