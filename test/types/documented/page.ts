import type { ReflexesOf } from "edge-reflex";
import type { classes } from "./classes.ts"; // export const classes = { Counter };

declare module "edge-reflex/client" {
  interface ReflexTypes extends ReflexesOf<typeof classes> {}
}
