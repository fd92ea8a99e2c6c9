import { html, type Part, type Structures, type View } from "edge-reflex";

/** A structure to be tried out. */
interface Description<Structure> {
  readonly kind: string;
  readonly what: string;
  /** Declares it. */
  of(structures: Structures): Structure;
  show(structure: Structure): Part;
  /** What its buttons do, by what they say. */
  readonly acts: Readonly<Record<string, (structure: Structure) => unknown>>;
}

/** The same, of whichever type the structure is. */
export interface Tool {
  readonly kind: string;
  /** Does what the button of that name does. Nothing for a name that there is not. */
  act(structures: Structures, name: string): void;
  view(structures: Structures): View;
}

/** Ties what is described to the structure that it is of. */
export function tool<Structure>({ kind, what, of, show, acts }: Description<Structure>): Tool {
  return {
    kind,
    act(structures, name) {
      // The name comes from the browser.
      if (Object.hasOwn(acts, name)) acts[name]?.(of(structures));
    },
    view: (structures) => html`<li class="tool" id="${kind}">
<h3>${kind}</h3><p>${what}</p>
<output>${show(of(structures))}</output>
<p class="tool-acts">${Object.keys(acts).map(
      (name) => html`<button class="button button-quiet" type="button" data-kind="${kind}" data-act="${name}"
 data-reflex="click->Shelf#use">${name}</button>`,
    )}</p>
</li>`,
  };
}
