import { html, keyed, type PresenceList, type View } from "edge-reflex";

/** What a page tells of its visitor to all who look at who is here. */
export interface Here {
  readonly name: string;
  /** Whether the visitor is writing something. */
  readonly isTyping?: boolean;
}

/** Who is here: the visitor first, whose socket may not be there yet, then the others, as they came. */
export function hereList(here: PresenceList<Here>): View {
  const others = here.filter(({ isSelf }) => !isSelf);
  const further = here.count - here.length;
  return html`<div class="here"><p id="here-label">Here</p>
<ul id="here" aria-labelledby="here-label">
<li>You</li>${keyed(
    others,
    ({ id }) => id,
    ({ meta: { name }, tabs }) => html`<li>${name}${tabs > 1 && ` (in ${tabs} tabs)`}</li>`,
  )}
</ul>${further > 0 && html`<p>and ${further} more</p>`}</div>`;
}

/** Who of the others is writing, in a phrase; empty when nobody is. */
export function typingText(here: PresenceList<Here>): string {
  const names = here
    .filter(({ isSelf, meta }) => !isSelf && meta.isTyping === true)
    .map(({ meta }) => meta.name);
  const [first, second] = names;
  if (first === undefined) return "";
  if (second === undefined) return `${first} is typing …`;
  return names.length === 2 ? `${first} and ${second} are typing …` : `${names.length} people are typing …`;
}
