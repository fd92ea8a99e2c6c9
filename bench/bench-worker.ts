import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { unstable_getMiniflareWorkerOptions as readWorkerOptions } from "wrangler";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const CONFIG = "bench/app/wrangler.toml";
const BUILT = `${ROOT}test/.artefacts/bench`;
const NAME = "bench";

/** The Durable Object classes of the bench's Worker. */
export type ObjectClass = "SessionObject" | "EchoObject" | "StoringEchoObject";

/**
 * The built bench Worker in a workerd of its own. Not by wrangler's test harness: that puts a second workerd in front
 * of the first, whose 0.4 ms a message would hide most of what is compared here.
 */
export class BenchWorker {
  readonly origin: string;
  readonly #miniflare: Miniflare;
  readonly #hibernated = new Set<string>();

  private constructor(origin: string, miniflare: Miniflare) {
    this.origin = origin;
    this.#miniflare = miniflare;
  }

  /**
   * Starts workerd. {@link buildWorker} must have run. Whoever starts it stops it.
   *
   * @param v8Flags separated by spaces; with any, workerd compiles its own scripts anew at each start
   */
  static async start(v8Flags = ""): Promise<BenchWorker> {
    // miniflare has no option for it, and reads this as it starts workerd.
    process.env.MINIFLARE_WORKERD_V8_FLAGS = v8Flags;
    const { compatibilityDate, bindings, durableObjects, additionalUnboundDurableObjects, r2Buckets } =
      readWorkerOptions(`${ROOT}${CONFIG}`).workerOptions;
    const contents = readFileSync(`${BUILT}/worker.js`, "utf8");
    const modules = [{ type: "ESModule" as const, path: "worker.js", contents }];
    const worker = { name: NAME, modules, compatibilityDate, bindings, durableObjects, r2Buckets };
    const options = { workers: [{ ...worker, additionalUnboundDurableObjects }] };
    // wrangler's types leave members undefined that miniflare's leave out.
    const miniflare = new Miniflare(convertV4MiniflareOptions(options as never));
    return new BenchWorker((await miniflare.ready).origin, miniflare);
  }

  /** Has the Worker's isolate collect its garbage now. */
  async collectGarbage(): Promise<void> {
    const response = await fetch(`${this.origin}/bench/garbage`);
    const text = await response.text();
    if (!response.ok) throw new Error(`The garbage was not collected: ${text.slice(0, 200)}`);
  }

  /**
   * Makes the objects of a class hibernate that have not been made to before, as ten idle seconds do.
   * Returns how many did.
   */
  async hibernate(objectClass: ObjectClass): Promise<number> {
    const ids = await this.#miniflare.listDurableObjectIds(objectClass, NAME);
    const fresh = ids.filter((id) => !this.#hibernated.has(id));
    for (const id of fresh) {
      await this.#miniflare.unsafeEvictDurableObject(NAME, objectClass, { id, webSockets: "hibernate" });
      this.#hibernated.add(id);
    }
    return fresh.length;
  }

  stop(): Promise<void> {
    return this.#miniflare.dispose();
  }
}

/** Builds the bench Worker as `wrangler deploy` would upload it. Throws with what wrangler said when it cannot. */
export function buildWorker(): void {
  const args = ["deploy", "--dry-run", "--config", CONFIG, "--outdir", BUILT];
  const { status, stdout, stderr } = spawnSync("wrangler", args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stdout}\n${stderr}`);
}
