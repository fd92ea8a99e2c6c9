import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";
import { ARTEFACTS } from "../support/site.ts";

const CONFIG = fileURLToPath(new URL("./app/wrangler.toml", import.meta.url));
const BUILDS = ["first", "second"] as const;

/** The two builds of the application under chaos, which differ in their templates. */
export type BuildName = (typeof BUILDS)[number];

/** How the runtime calls the Worker. */
export const WORKER_NAME = "chaos";

/** Builds both as `wrangler deploy` would upload them. Throws with what wrangler said when it cannot. */
export function buildBoth(): void {
  for (const build of BUILDS) {
    const define = ["--define", `BUILD:${JSON.stringify(build)}`];
    const args = ["deploy", "--dry-run", "--config", CONFIG, ...define, "--outdir", folderOf(build)];
    const { status, stdout, stderr } = spawnSync("wrangler", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
  }
}

/** The scripts that {@link buildBoth} wrote. */
export function readBuilds(): Readonly<Record<BuildName, string>> {
  const read = (build: BuildName) => readFileSync(`${folderOf(build)}/worker.js`, "utf8");
  return { first: read("first"), second: read("second") };
}

/** What the configuration says beside the script. */
export function workerOptions(): { readonly objectClass: string; readonly worker: object } {
  const { compatibilityDate, bindings, additionalUnboundDurableObjects } =
    readWorkerOptions(CONFIG).workerOptions;
  const worker = { compatibilityDate, bindings, additionalUnboundDurableObjects };
  return { objectClass: "SessionObject", worker };
}

function folderOf(build: BuildName): string {
  return `${ARTEFACTS}/chaos-${build}`;
}
