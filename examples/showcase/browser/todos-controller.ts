import { Controller } from "@hotwired/stimulus";
import { type Stimulate, useReflex } from "edge-reflex/stimulus";

const UNSENT = "That did not work, and nothing was changed. Please try again.";

/**
 * The keyboard's share of the todos: what Enter, Escape and leaving an input mean. What they do, and which todo is
 * being edited, is the server's matter.
 */
export class TodosController extends Controller<HTMLElement> {
  static override targets = ["notice"];

  declare readonly noticeTarget: HTMLElement;
  declare readonly stimulate: Stimulate;

  /** The input whose edit nobody has ended yet. Enter ends it, and the blur when the input goes must not do so again. */
  #editing: HTMLInputElement | undefined;

  override connect(): void {
    useReflex(this);
  }

  /** Empties the input at once, so that the next todo can be typed; gives the text back when it was not taken. */
  add(event: KeyboardEvent): void {
    const input = inputOf(event);
    const { value } = input;
    if (event.isComposing || input.readOnly || value.trim() === "") return;
    const call = this.stimulate("Todos#add", input);
    input.value = "";
    call.catch((error: unknown) => {
      if (input.value === "") input.value = value;
      this.#tell(error);
    });
  }

  /** The input got the focus, because the server asked for it or because the visitor came back to it. */
  begin(event: Event): void {
    const input = inputOf(event);
    if (this.#editing === input) return;
    this.#editing = input;
    input.setSelectionRange(input.value.length, input.value.length);
  }

  save(event: FocusEvent | KeyboardEvent): void {
    const input = inputOf(event);
    // Enter that chooses among an input method's suggestions belongs to the input method.
    if (event instanceof KeyboardEvent && event.isComposing) return;
    // The focused input's text is the visitor's: the server will not bring it into the form that it saves.
    input.value = input.value.trim();
    this.#end(input, "Todos#save");
  }

  cancel(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const input = inputOf(event);
    input.value = input.defaultValue;
    this.#end(input, "Todos#cancel");
  }

  /** A declared reflex did not succeed: a checkbox goes back to what the server last said. */
  failed({ target }: Event): void {
    if (target instanceof HTMLInputElement) target.checked = target.defaultChecked;
    this.noticeTarget.textContent = UNSENT;
  }

  #end(input: HTMLInputElement, action: "Todos#save" | "Todos#cancel"): void {
    if (this.#editing !== input) return;
    this.#editing = undefined;
    this.stimulate(action, input).catch((error: unknown) => {
      this.#editing = input;
      this.#tell(error);
    });
  }

  #tell(error: unknown): void {
    console.error(error);
    this.noticeTarget.textContent = UNSENT;
  }
}

/** The input that the action is written on. */
function inputOf(event: Event): HTMLInputElement {
  if (event.currentTarget instanceof HTMLInputElement) return event.currentTarget;
  throw new TypeError(`The action for ${event.type} stands on something that is not an input`);
}
