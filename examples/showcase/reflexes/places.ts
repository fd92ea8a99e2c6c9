import { Reflex } from "edge-reflex";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";
import { placeOf } from "../places/atlas.ts";

/** Keeps for a tab which place its visitor has chosen. */
export class Places extends Reflex<Values, Assigns, Env, TabValues> {
  /** What the form says, as far as it fits together: another country has other regions. */
  choose(): void {
    const { country, region, city } = placeOf((level) => this.params.get(level));
    this.tab.set("place", { country: country?.name, region: region?.name, city });
  }
}
