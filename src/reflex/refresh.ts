import { Reflex } from "./reflex.ts";

/** The names of classes under which {@link Refresh} is there without being declared; the second is StimulusReflex's. */
const CLASS_NAMES: readonly string[] = ["Reflex", "StimulusReflex::Reflex"];
const METHODS: readonly string[] = ["refresh", "default_reflex"];

/** The reflex that every application has: it does nothing, so that the page is rendered again. */
export class Refresh extends Reflex {
  refresh(): void {}
}

/** True for what names {@link Refresh} and its action: `Reflex#refresh`, or as StimulusReflex calls it. */
export function isRefresh(className: string, method: string): boolean {
  return CLASS_NAMES.includes(className) && METHODS.includes(method);
}
