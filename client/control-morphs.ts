import { replaceAttributes, setAreaText } from "./controls.ts";

/** Brings a `<textarea>` to its counterpart. */
export function updateTextArea(live: HTMLTextAreaElement, wanted: HTMLTextAreaElement): void {
  replaceAttributes(live, wanted);
  setAreaText(live, wanted.defaultValue);
}

/**
 * Brings a `<select>` to its counterpart: what the visitor chose stays chosen while it is still offered and the
 * server's own choice has not changed.
 *
 * @param complete puts into `wanted` the options that it takes over from `live`
 */
export function updateSelect(live: HTMLSelectElement, wanted: HTMLSelectElement, complete: () => void): void {
  const chosen = new Set(Array.from(live.selectedOptions, (option) => option.value));
  const choice = defaultChoice(live);
  complete();
  const keeps = sameTexts(choice, defaultChoice(wanted));
  replaceAttributes(live, wanted);
  // A select for one chooses another option each time that the chosen one is taken out of it.
  wanted.multiple = true;
  live.replaceChildren(...wanted.childNodes);
  const options = Array.from(live.options);
  const isOffered = live.multiple || options.some((option) => chosen.has(option.value));
  if (!keeps || !isOffered) return;
  for (const option of options) option.selected = chosen.has(option.value);
}

/** The values that the server chose, by `selected` attributes. */
function defaultChoice(select: HTMLSelectElement): readonly string[] {
  return Array.from(select.options).flatMap((option) => (option.defaultSelected ? [option.value] : []));
}

function sameTexts(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
