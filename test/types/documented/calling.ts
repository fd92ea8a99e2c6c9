import { stimulate } from "edge-reflex/client";
import type { Stimulate } from "edge-reflex/stimulus";

class SearchController {
  declare stimulate: Stimulate;

  add(): void {
    void this.stimulate("Counter#increment", 2);
    // @ts-expect-error: an argument of another type
    void this.stimulate("Counter#increment", "2");
  }
}

void new SearchController().add();
void stimulate("Counter#increment", 2);
// @ts-expect-error: an argument of another type
void stimulate("Counter#increment", "2");
