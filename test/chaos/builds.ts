import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";
import { LIMITS } from "../../src/protocol/limits.ts";
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

/** How many subscribers a topic's node tells by itself, as it is built, and under chaos: fifty sessions are to need relays. */
const WIDE = `nodeSubscribers: ${LIMITS.nodeSubscribers}`;
const NARROW = "nodeSubscribers: 8";

/** The scripts that {@link buildBoth} wrote, with narrow topics. */
export function readBuilds(): Readonly<Record<BuildName, string>> {
  const read = (build: BuildName) => {
    const script = readFileSync(`${folderOf(build)}/worker.js`, "utf8");
    if (script.split(WIDE).length !== 2)
      throw new Error(`Expected ${JSON.stringify(WIDE)} once in the ${build} build`);
    return script.replace(WIDE, NARROW);
  };
  return { first: read("first"), second: read("second") };
}

/** What the configuration says beside the script. */
export function workerOptions(): object {
  const { compatibilityDate, bindings, durableObjects, additionalUnboundDurableObjects } =
    readWorkerOptions(CONFIG).workerOptions;
  return { compatibilityDate, bindings, durableObjects, additionalUnboundDurableObjects };
}

function folderOf(build: BuildName): string {
  return `${ARTEFACTS}/chaos-${build}`;
}
