import { moveNode } from "../nodes.ts";
import { morphTo } from "../operation-morphs.ts";
import { type Effect, type LiveOperation, namesOf, recordOf, textOf } from "./live-operation.ts";

/** Where a text or markup goes that is put beside an element or into it. */
type Place = Exclude<InsertPosition, `${Uppercase<string>}`>;

/** Operations that change what there is in the page. Each gives the focus to `focusSelector`, or back. */
export const MUTATIONS = {
  append: insert("beforeend"),
  prepend: insert("afterbegin"),
  insertAdjacentHtml: (operation, element) =>
    element.insertAdjacentHTML(placeOf(operation), textOf(operation, "html")),
  insertAdjacentText: (operation, element) =>
    element.insertAdjacentText(placeOf(operation), textOf(operation, "text")),
  innerHtml: (operation, element) => {
    element.innerHTML = textOf(operation, "html");
  },
  outerHtml: replace,
  replace,
  textContent: (operation, element) => {
    element.textContent = textOf(operation, "text");
  },
  remove: (_, element) => element.remove(),
  graft: (operation, element) => {
    const parent = document.querySelector(textOf(operation, "parent"));
    // What goes by its own state, a video say, keeps it where browsers can move.
    if (parent !== null) moveNode(parent, element, null);
  },
  morph,
} satisfies Readonly<Record<string, Effect<Element>>>;

/** Operations that change what an element is, and leave the focus alone. */
export const ELEMENT_EFFECTS = {
  addCssClass: (operation, element) => element.classList.add(...namesOf(operation, "name")),
  removeCssClass: (operation, element) => {
    element.classList.remove(...namesOf(operation, "name"));
    if (element.classList.length === 0) element.removeAttribute("class");
  },
  setAttribute: (operation, element) =>
    element.setAttribute(textOf(operation, "name"), textOf(operation, "value")),
  removeAttribute: (operation, element) => element.removeAttribute(textOf(operation, "name")),
  setDatasetProperty: (operation, element) => {
    // Whatever has attributes has a dataset, drawings included.
    (element as HTMLElement).dataset[textOf(operation, "name")] = textOf(operation, "value");
  },
  setProperty: (operation, element) => {
    const name = textOf(operation, "name");
    if (name in element) Reflect.set(element, name, operation.value ?? "");
  },
  setStyle: (operation, element) => style(element, textOf(operation, "name"), textOf(operation, "value")),
  setStyles: (operation, element) => {
    for (const [name, value] of Object.entries(recordOf(operation, "styles")))
      style(element, name, String(value ?? ""));
  },
  setValue: (operation, element) => Reflect.set(element, "value", textOf(operation, "value")),
  setFocus: (_, element) => focus(element),
  scrollIntoView: (operation, element) => element.scrollIntoView(operation as ScrollIntoViewOptions),
} satisfies Readonly<Record<string, Effect<Element>>>;

/** Gives an element the focus, if it can have it. */
export function focus(element: Element, options?: FocusOptions): void {
  // Elements of other languages than HTML and SVG have none.
  (element as Partial<HTMLElement>).focus?.(options);
}

function insert(position: Place): Effect<Element> {
  return (operation, element) => element.insertAdjacentHTML(position, textOf(operation, "html"));
}

function placeOf(operation: LiveOperation): Place {
  // What is no place is refused by the browser.
  return (textOf(operation, "position") || "beforeend") as Place;
}

function replace(operation: LiveOperation, element: Element): void {
  element.outerHTML = textOf(operation, "html");
}

function morph(operation: LiveOperation, element: Element): void {
  morphTo(element, textOf(operation, "html").trim(), {
    childrenOnly: operation.childrenOnly === true,
    permanentName: textOf(operation, "permanentAttributeName"),
  });
}

/** By the name in a style sheet, that of a property of one's own included, or in camel case. */
function style(element: Element, name: string, value: string): void {
  const { style } = element as HTMLElement;
  if (name.startsWith("--")) style.setProperty(name, value);
  else Reflect.set(style, name, value);
}
