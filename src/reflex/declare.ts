import type { ActionsOf, ArgumentsOf } from "./action-types.ts";
import type { ReflexClass } from "./reflex-class.ts";
import { wireNameOf } from "./registry.ts";

/** Events that elements fire, for editors to offer; any other name is one, too. */
type EventName =
  | "click"
  | "dblclick"
  | "input"
  | "change"
  | "submit"
  | "focus"
  | "blur"
  | "toggle"
  | "keydown"
  | "keydown.enter"
  | "keydown.esc"
  | "pointerdown"
  | "pointerup"
  | (string & Record<never, never>);

/** When a declared reflex is called, and what becomes of the event. */
export interface DeclaredEvent {
  /** The event's type, with keys if need be: `keydown.ctrl+enter`. Absent: the event of the element's kind. */
  readonly event?: EventName;
  /** Hears the event wherever it happens, while the element is in the page. */
  readonly on?: "window" | "document";
  /** Is called for the first event only. */
  readonly once?: boolean;
  /** Keeps the browser from what it would do. */
  readonly prevent?: boolean;
  /** Lets the event go no further. */
  readonly stop?: boolean;
  /** Is called for events of the element itself, and of nothing in it. */
  readonly self?: boolean;
  /** Is called before the page's own listeners. */
  readonly capture?: boolean;
  /** Promises not to prevent anything, so that scrolling need not wait. */
  readonly passive?: boolean;
}

const OPTIONS = ["once", "prevent", "stop", "self", "capture", "passive"] as const;

/** What stands for a class without an action to the compiler, too. */
type Declared<Class extends ReflexClass, Action extends ActionsOf<Class>> = [
  reflexClass: Class,
  action: Action,
  ...args: ArgumentsOf<Class, Action>,
];

/**
 * Writes an entry of a `data-reflex` attribute. The compiler checks that the class has the action, and that the arguments are
 * the action's. The class is called by the name that `createReflex` got it under.
 *
 * Throws a `TypeError` for an event that cannot stand there, and for an argument that is no JSON.
 *
 * @param event its type, or all that there is to say of it; when left out, that of the element's kind
 * @example
 * html`<button data-reflex="${reflex("click", Counter, "increment", 2)}">+2</button>`
 */
export function reflex<Class extends ReflexClass, Action extends ActionsOf<Class>>(
  event: EventName | DeclaredEvent,
  ...declared: Declared<Class, Action>
): string;
export function reflex<Class extends ReflexClass, Action extends ActionsOf<Class>>(
  ...declared: Declared<Class, Action>
): string;
export function reflex(...given: readonly unknown[]): string {
  const [first] = given;
  if (typeof first === "function") return write({}, given);
  return write(typeof first === "string" ? { event: first } : (first as DeclaredEvent), given.slice(1));
}

/** Writes several entries into one attribute: on an event, all that name it are called, in their order. */
export function reflexes(...entries: readonly string[]): string {
  return entries.join(" ");
}

function write(declared: DeclaredEvent, [reflexClass, action, ...args]: readonly unknown[]): string {
  const { event, on } = declared;
  if (event === undefined && on !== undefined)
    throw new TypeError(`The reflex of the ${on} names no event; expected one, such as "resize"`);
  if (event !== undefined && !/^[^\s#(>@:][^\s#(>@]*$/.test(event))
    throw new TypeError(
      `${JSON.stringify(event)} cannot be an event; expected its type, such as "click" or "keydown.enter"`,
    );
  const place = on === undefined ? "" : `@${on}`;
  const json = args.length === 0 ? "" : `(${args.map(toJson).join(", ")})`;
  const options = OPTIONS.map((option) => (declared[option] ? `:${option}` : "")).join("");
  const when = event === undefined ? "" : `${event}${place}->`;
  // The overloads take classes alone.
  return `${when}${wireNameOf(reflexClass as ReflexClass)}#${action}${json}${options}`;
}

function toJson(arg: unknown, index: number): string {
  const json = JSON.stringify(arg);
  if (json === undefined)
    throw new TypeError(
      `Argument ${index + 1} of a declared reflex is ${typeof arg}; expected what JSON can write`,
    );
  return json;
}
