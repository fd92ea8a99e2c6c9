import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { formOf } from "./forms.ts";
import type { PageStorage } from "./pending-calls.ts";

/**
 * What has something to lose, and may be kept. A password is nobody's to keep; a file cannot be given back; a hidden field
 * is not typed in; a copy of an image button would load its image.
 */
const CONTROLS = `:is(input:not([type=password],[type=file],[type=hidden],[type=image]),textarea,select):not([${ATTRIBUTES.draft}=off],[${ATTRIBUTES.draft}=off] *)`;

/** WHATWG HTML, 4.10.18.7.1: what the author wants no browser to remember, and what is a password, a code or a card. */
const SECRET = /\b(off|one-time-code|cc-|(current|new)-password)/i;

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What was in one control of one page: its state, and the state that the server gave it. */
type Draft = readonly [address: string, control: string, given: string, typed: readonly string[]];

/** Forms that were submitted as they are, at any time since the page came: what is in them has arrived. */
type SubmittedForms = Pick<WeakSet<Element>, "has">;

/**
 * Keeps what is typed and chosen, and not sent, when the page is reloaded or left and opened again in the same browser
 * tab. Browsers do so by themselves, but not for pages that must not be stored.
 */
export class Drafts {
  readonly #document: Document;
  readonly #storage: PageStorage;
  readonly #submitted: SubmittedForms;

  constructor(document: Document, storage: PageStorage, submitted: SubmittedForms) {
    this.#document = document;
    this.#storage = storage;
    this.#submitted = submitted;
  }

  /** Gives the page what was typed into it before, and watches over what is typed from then on. Called once. */
  start(): void {
    this.#restore();
    const view = this.#document.defaultView;
    // Turbo leaves a page without unloading it, and comes to one without loading it.
    for (const type of ["pagehide", "turbo:before-cache"]) view?.addEventListener(type, () => this.#save());
    view?.addEventListener("turbo:load", () => this.#restore());
    // A page that is hidden may never be heard of again.
    view?.addEventListener("visibilitychange", () => this.#document.hidden && this.#save());
  }

  /** A draft is used once, and only where the server says what it said when it was typed, and nobody has typed or submitted since. */
  #restore(): void {
    const here = this.#address;
    const drafts = this.#read();
    const controls = new Map(namedControls(this.#document));
    for (const [address, name, given, typed] of drafts) {
      const control = address === here ? controls.get(name) : undefined;
      if (control === undefined || this.#isSubmitted(control) || textOf(control) !== given) continue;
      setState(control, typed);
      control.dispatchEvent(new Event("reflex:restored", { bubbles: true }));
    }
    this.#write(drafts.filter(([address]) => address !== here));
  }

  #save(): void {
    const here = this.#address;
    const drafts: Draft[] = [];
    for (const [name, control] of namedControls(this.#document)) {
      if (!isTouched(control) || this.#isSubmitted(control)) continue;
      const given = textOf(pristine(control));
      const typed = stateOf(control);
      // What was chosen in its stead tells that a radio button is not: should that be gone, the server's choice stands.
      const isLeft = control.type === "radio" && typed.length === 0;
      if (!isLeft && textOf(control) !== given) drafts.push([here, name, given, typed]);
    }
    let room: number = CLIENT_LIMITS.draftChars;
    const fitting = [...drafts, ...this.#read().filter(([address]) => address !== here)].filter((draft) => {
      const { length } = JSON.stringify(draft);
      const fits = length <= room;
      if (fits) room -= length;
      return fits;
    });
    this.#write(fitting.slice(0, CLIENT_LIMITS.draftControls));
  }

  #isSubmitted(control: Control): boolean {
    const form = formOf(control);
    return form !== null && this.#submitted.has(form);
  }

  #read(): readonly Draft[] {
    try {
      const drafts: Draft[] = JSON.parse(this.#storage.read() ?? "[]");
      return drafts.filter((draft) => Array.isArray(draft) && Array.isArray(draft[3]));
    } catch {
      // Written by something else.
      return [];
    }
  }

  #write(drafts: readonly Draft[]): void {
    this.#storage.write(drafts.length === 0 ? null : JSON.stringify(drafts));
  }

  get #address(): string {
    const { pathname, search } = this.#document.location;
    return pathname + search;
  }
}

/** The controls by names that they have on the next load, too: position counts only among those of one name. */
function* namedControls(document: Document): Generator<readonly [name: string, control: Control]> {
  const counts = new Map<string, number>();
  for (const control of document.querySelectorAll<Control>(CONTROLS)) {
    const form = formOf(control);
    const [autocomplete, formAutocomplete] = [control, form].map((element) =>
      element?.getAttribute("autocomplete"),
    );
    if (SECRET.test(autocomplete ?? formAutocomplete ?? "")) continue;
    // The item of a keyed list: what is typed into one must not turn up in another.
    const item = control.closest(`[${ATTRIBUTES.address}*=":"]`);
    const name = JSON.stringify([
      item?.getAttribute(ATTRIBUTES.address),
      form?.getAttribute("id") ?? form?.getAttribute("name"),
      control.type,
      control.name || control.id,
      isBox(control) && control.value,
    ]);
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    yield [name + count, control];
  }
}

/** The control as the server gave it. */
function pristine(control: Control): Control {
  const form = document.createElement("form");
  form.append(control.cloneNode(true));
  form.reset();
  // A copy is of its original's class.
  return form.firstChild as Control;
}

function isTouched(control: Control): boolean {
  // Without a choice of the server's, a select has one all the same.
  if (control instanceof HTMLSelectElement) return true;
  const isChecked = control instanceof HTMLInputElement && control.checked !== control.defaultChecked;
  return isChecked || control.value !== control.defaultValue;
}

function isBox(control: Control): control is HTMLInputElement {
  return control.type === "checkbox" || control.type === "radio";
}

function textOf(control: Control): string {
  return JSON.stringify(stateOf(control));
}

function stateOf(control: Control): readonly string[] {
  if (control instanceof HTMLSelectElement) return Array.from(control.selectedOptions, ({ value }) => value);
  return isBox(control) && !control.checked ? [] : [control.value];
}

function setState(control: Control, state: readonly string[]): void {
  if (control instanceof HTMLSelectElement) {
    const offered = Array.from(control.options).filter(({ value }) => state.includes(value));
    if (offered.length === 0 && state.length > 0) return;
    for (const option of control.options) option.selected = offered.includes(option);
  } else if (isBox(control)) control.checked = state.length > 0;
  else control.value = state[0] ?? "";
}
