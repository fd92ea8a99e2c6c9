import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";
import type { LIMITS } from "../../src/protocol/limits.ts";
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

/** Limits under chaos, in place of those that are built. */
const NARROW: Readonly<Partial<Record<keyof typeof LIMITS, number>>> = {
  // Fifty sessions are to need relays.
  nodeSubscribers: 8,
  // Who is present is to be exact soon after the last fault. A page is heard every 25 seconds.
  leaveMs: 1_000,
  presenceLeaseMs: 10_000,
  presenceAgainMs: 5_000,
  silenceMs: 40_000,
};

/** The scripts that {@link buildBoth} wrote, with limits that bear on fifty sessions within a run. */
export function readBuilds(): Readonly<Record<BuildName, string>> {
  const read = (build: BuildName) => {
    const script = readFileSync(`${folderOf(build)}/worker.js`, "utf8");
    return Object.entries(NARROW).reduce((text, [name, limit]) => withLimit(text, name, limit), script);
  };
  return { first: read("first"), second: read("second") };
}

/** A script with another number for a limit. Throws when it has no such limit, or several. */
function withLimit(script: string, name: string, limit: number): string {
  const [before, after, ...others] = script.split(new RegExp(`(?<=\\b${name}: )[\\d_e.]+(?=,)`));
  if (before === undefined || after === undefined || others.length > 0)
    throw new Error(
      `Expected one number for ${name} in the script, found ${others.length + (after === undefined ? 0 : 1)}`,
    );
  return before + limit + after;
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
