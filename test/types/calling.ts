import type { ReflexesOf } from "edge-reflex";
import { stimulate } from "edge-reflex/client";
import type { Stimulate } from "edge-reflex/stimulus";
import type { classes } from "./declaring.ts";

declare module "edge-reflex/client" {
  interface ReflexTypes extends ReflexesOf<typeof classes> {}
}

declare const button: HTMLButtonElement;
declare const controller: { readonly stimulate: Stimulate };

// What is right compiles.
void stimulate();
void stimulate("Reflex#refresh");
void stimulate("Counter#increment", 2);
void stimulate("Counter#increment", button, 2, "two");
void stimulate("Counter#increment", { serializeForm: false }, 2);
void stimulate("Counter#search", button, { resolveLate: true }, ["tea"], { isExact: true });
void controller.stimulate("Guarded#open");

// What is wrong does not.
// @ts-expect-error: no class of this name
void stimulate("Count#increment", 2);
// @ts-expect-error: no action of this name
void stimulate("Counter#incremnt", 2);
// @ts-expect-error: no action at all
void stimulate("Counter", 2);
// @ts-expect-error: an argument of another type
void stimulate("Counter#increment", "2");
// @ts-expect-error: an argument is missing
void stimulate("Counter#increment");
// @ts-expect-error: the same behind an element
void stimulate("Counter#increment", button);
// @ts-expect-error: one argument too many
void stimulate("Counter#reset", 1);
// @ts-expect-error: no option of this name
void stimulate("Counter#increment", { serializeForms: false }, 2);
// @ts-expect-error: `actions` leaves it out
void stimulate("Guarded#close");
// @ts-expect-error: what Reflex itself gives is no action
void stimulate("Counter#halt");
// @ts-expect-error: the same for a controller
void controller.stimulate("Counter#increment", "2");
// @ts-expect-error: a controller knows the same names
void controller.stimulate("Counter#incremnt", 2);
