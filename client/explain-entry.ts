const MODIFIER = /^(ctrl|alt|shift|meta)$/;
const KEY =
  /^(enter|tab|esc|space|up|down|left|right|home|end|page_up|page_down|delete|backspace|f\d\d?|[^+])$/;
const OPTIONS = /(:(once|prevent|stop|self|capture|passive))*$/;

/** Tells the console what is wrong with an entry of an element that was doubted, if anything is. */
export function explain(entry: string, element: Element): void {
  const text = explainEntry(entry);
  if (text !== undefined) console.error(text, element);
}

/** Says what is wrong with an entry of `data-reflex` that was doubted; `undefined` when nothing is. */
export function explainEntry(entry: string): string | undefined {
  const reason = whyNot(entry);
  if (reason === undefined) return undefined;
  const shown = JSON.stringify(entry.length > 100 ? `${entry.slice(0, 100)}…` : entry);
  return `edge-reflex: data-reflex has ${shown}, which does nothing: ${reason}; expected [event->]Class#action[(JSON)][:option]`;
}

function whyNot(entry: string): string | undefined {
  const [, head = "", json, tail = ""] = /^([^(]*)(?:\((.*)\))?([^)]*)$/s.exec(entry) ?? [];
  if (entry.includes("(") && json === undefined) return "its arguments do not end";
  const [event, target] = partsOf(head);
  if (target !== undefined && !/^[^#>]+#[^#:]+/.test(target)) return "it names no action";
  return (
    (event === undefined ? undefined : whyNotEvent(event)) ??
    whyNotArguments(json ?? "") ??
    whyNotOptions(json === undefined ? (/#[^:]*(.*)$/s.exec(target ?? "")?.[1] ?? "") : tail) ??
    (event !== undefined && isKeyed(event) ? undefined : "it has another shape")
  );
}

/** An event and what it calls, one of them alone, or neither. */
function partsOf(head: string): [event: string | undefined, target: string | undefined] {
  const arrow = head.indexOf("->");
  if (arrow >= 0) return [head.slice(0, arrow), head.slice(arrow + 2)];
  return /^[a-z][^#]*$/.test(head) ? [head.replace(OPTIONS, ""), undefined] : [undefined, head];
}

function isKeyed(event: string): boolean {
  return /^key(down|up|press)\./.test(event);
}

function whyNotEvent(event: string): string | undefined {
  const [type = "", place] = event.split("@");
  if (place !== undefined && !/^(window|document)$/.test(place))
    return `@${place} is neither @window nor @document`;
  if (!isKeyed(type))
    return type.includes("+") ? "modifiers belong to a key, as in keydown.ctrl+a" : undefined;
  const keys = type
    .slice(type.indexOf(".") + 1)
    .split("+")
    .filter((key) => !MODIFIER.test(key));
  if (keys.length > 1) return `${keys.join(" and ")} are more than one key`;
  return keys.every((key) => KEY.test(key)) ? undefined : `the key ${keys} is not known`;
}

function whyNotArguments(json: string): string | undefined {
  try {
    JSON.parse(`[${json}]`);
    return undefined;
  } catch (error) {
    return `its arguments are no JSON (${error instanceof Error ? error.message : error})`;
  }
}

function whyNotOptions(options: string): string | undefined {
  return options.replace(OPTIONS, "") === "" ? undefined : `${options} is no option`;
}
