import { ATTRIBUTES } from "../src/protocol/names.ts";

/** Where an entry is heard: at its element, or wherever the event is, as long as its element is in the page. */
export type Place = "element" | "window" | "document";

/** One entry of a `data-reflex` attribute. */
export interface Declaration {
  /** The entry as it is written. */
  readonly entry: string;
  readonly eventType: string;
  /** The modifiers and the key that the event must have, joined by `+`; empty: any. */
  readonly keys: string;
  readonly place: Place;
  /** `Class#action`. */
  readonly target: string;
  /** JSON values, passed to the action in order. */
  readonly args: readonly unknown[];
  /** `:once`, `:prevent` and so on, one behind the other. */
  readonly options: string;
}

/** Entries end at white space, and arguments may hold that. What is no entry goes on to the end. */
const ENTRIES = /(?:[^\s(]|\((?:"(?:[^"\\]|\\.)*"|[^")])*\))+(?!\S)|\S.*/gs;

const ENTRY =
  /^(?:([^#(>@:][^#(>@]*?)(?:@(window|document))?)?(?:(?:^|(?!^)->)([^#(>]+#[^(:]+)(?:\((.*)\))?)?((?::(?:once|prevent|stop|self|capture|passive))*)$/s;

const MODIFIERS = ["ctrl", "alt", "shift", "meta"];

/** Of keys that browsers call otherwise. */
const KEY_NAMES: Readonly<Record<string, string>> = { esc: "escape", space: " " };

/**
 * Reads the entries of a `data-reflex` attribute:
 * `[event[.keys][@window|@document]->]Class#action[(arguments)][:option…]`, or an event alone, which renders the page again.
 *
 * @param ownEvent the event of an entry that names none
 * @param doubt told each entry that has another shape, which is left out; and those with keys, which may have misspelt them
 */
export function parseDeclarations(
  text: string,
  ownEvent: string,
  doubt?: (entry: string) => void,
): readonly Declaration[] {
  return (text.match(ENTRIES) ?? []).flatMap((entry) => {
    const [isEntry, event = ownEvent, place = "element", target = "Reflex#refresh", json = "", options = ""] =
      ENTRY.exec(entry) ?? [];
    const [eventType = "", keys = ""] = event.split(/(?<=^key(?:down|up|press))\./);
    // What is an event alone begins with no capital: that is a class without an action.
    const isWhole = /#|^[a-z]/.test(entry) && !eventType.includes("+");
    const args = parseArguments(json);
    const isRead = isEntry && isWhole && args !== undefined;
    if (!isRead || keys) doubt?.(entry);
    return isRead ? [{ entry, eventType, keys, place: place as Place, target, args, options }] : [];
  });
}

function parseArguments(json: string): readonly unknown[] | undefined {
  try {
    return JSON.parse(`[${json}]`);
  } catch {
    // Their entry is left out, and that is said.
    return undefined;
  }
}

/** Reads what an element declares. An entry without an event stands for that of the element's kind, as in Stimulus. */
export function declarationsOf(element: Element, doubt?: (entry: string) => void): readonly Declaration[] {
  return parseDeclarations(element.getAttribute(ATTRIBUTES.reflex) ?? "", ownEventOf(element), doubt);
}

const OWN_EVENTS: Readonly<Record<string, string>> = {
  details: "toggle",
  form: "submit",
  input: "input",
  select: "change",
  textarea: "input",
};

function ownEventOf(element: Element): string {
  const isButton = /^(submit|button|reset|image)$/i.test(element.getAttribute("type") ?? "");
  return (!isButton && OWN_EVENTS[element.localName]) || "click";
}

/** True when an event has exactly the modifiers, and the key, that an entry asks for. */
export function hasKeys(event: Event, keys: string): boolean {
  const wanted = new Set(keys.split("+"));
  const pressed = event as Event & Readonly<Record<string, unknown>>;
  // Each modifier is taken out, so that the key is left.
  const agrees = MODIFIERS.every((name) => wanted.delete(name) === pressed[`${name}Key`]);
  const [key] = wanted;
  // Browsers that fill in a field by themselves tell of keys without a name.
  const name = `${pressed.key}`.toLowerCase().replace("arrow", "");
  return !keys || (agrees && (!key || name === (KEY_NAMES[key] ?? key.replace("_", ""))));
}
