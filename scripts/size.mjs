import { spawnSync } from "node:child_process";
import { readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { buildClient } from "./build-client.mjs";

// Prints what the Worker and the client weigh: `npm run size`.

const { files } = await buildClient();
for (const [name, text] of Object.entries(files)) print(`client: ${name}`, Buffer.from(text));
print("Worker: showcase, minified", await bundleWorker());

/** The Worker as `wrangler deploy --minify` would upload it. */
async function bundleWorker() {
  const directory = join(tmpdir(), `edge-reflex-size-${process.pid}`);
  const args = ["deploy", "--dry-run", "--minify", "--outdir", directory];
  const { status, stderr } = spawnSync("wrangler", args, {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`wrangler ${args.join(" ")} failed:\n${stderr}`);
  const names = (await readdir(directory)).filter((name) => name.endsWith(".js"));
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name))));
  await rm(directory, { recursive: true });
  return Buffer.concat(texts);
}

function print(name, bytes) {
  const sizes = [bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length];
  const [plain, gzip, brotli] = sizes.map((size) => `${size.toLocaleString("en")} B`.padStart(11));
  console.log(`${name.padEnd(28)} ${plain}  gzip ${gzip}  brotli ${brotli}`);
}
