import { spawnSync } from "node:child_process";
import { ARTEFACTS, SITES } from "./site.ts";

/**
 * Builds the Workers that the browser tests run, once for all of them, as `wrangler deploy` would upload them.
 * Building in each test would rewrite `dist` under the feet of the others.
 */
export default function buildSites(): void {
  for (const [name, configPath] of Object.entries(SITES)) {
    const args = ["deploy", "--dry-run", "--config", configPath, "--outdir", `${ARTEFACTS}/${name}`];
    const { status, stdout, stderr } = spawnSync("wrangler", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}
