import { spawnSync } from "node:child_process";
import { ARTEFACTS, SITES } from "./site.ts";

/** Set once they are built: each project of a run loads a copy of this file. */
const BUILT = Symbol.for("edge-reflex.sites-built");

/**
 * Builds the Workers that the browser tests run, once for all of them, as `wrangler deploy` would upload them.
 * Building in each test would rewrite `dist` under the feet of the others.
 */
export default function buildSites(): void {
  if (Reflect.get(globalThis, BUILT) === true) return;
  Reflect.set(globalThis, BUILT, true);
  for (const [name, configPath] of Object.entries(SITES)) {
    const args = ["deploy", "--dry-run", "--config", configPath, "--outdir", `${ARTEFACTS}/${name}`];
    const { status, stdout, stderr } = spawnSync("wrangler", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}
