import { spawnSync } from "node:child_process";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { BROWSERS, buildClient, importedClient } from "./build-client.mjs";

// Builds the client, the package and the showcase's browser files: `npm run build`. With --types also the
// package's declarations, which only those who install it need.

/** What the licence of TodoMVC's style sheet asks for. */
const TODOMVC_CREDIT =
  "/* todomvc-app-css by Sindre Sorhus, CC-BY-4.0, https://github.com/tastejs/todomvc-app-css\n" +
  "   Changed: every rule applies inside .todomvc only. */\n";

/** Where the built client goes into the runtime, so that the Worker can serve it without a build by the application. */
const CLIENT_MODULE = "src/app/client-files.generated.ts";

/** What `npm start` runs. */
const SHOWCASE = "examples/showcase";

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();

async function buildAll() {
  await writeClientModule(await buildClient());
  await buildPackage();
  await buildShowcase();
  if (process.argv.includes("--types")) buildTypes();
}

async function writeClientModule({ version, files }) {
  const text = [
    "// Written by scripts/build.mjs from client/.",
    `export const CLIENT_VERSION = ${JSON.stringify(version)};`,
    `export const CLIENT_FILES: Readonly<Record<string, string>> = ${JSON.stringify(files)};`,
    "",
  ].join("\n");
  await writeChanged(CLIENT_MODULE, text);
}

/**
 * What applications import. Both server entries share a chunk, so that they have the same classes; the Stimulus
 * adapter and the elements import the client as the file that an application gets by its name.
 */
async function buildPackage() {
  const options = {
    bundle: true,
    format: "esm",
    target: "es2022",
    outdir: "dist",
    outbase: ".",
    write: false,
  };
  const details = { ...options, sourcemap: true, legalComments: "linked" };
  const results = await Promise.all([
    build({
      ...details,
      splitting: true,
      entryPoints: ["src/index.ts", "durable-objects/index.ts"],
      external: ["hono", "hono/*", "cloudflare:*"],
    }),
    build({ ...details, entryPoints: ["client/index.ts"] }),
    build({ ...details, entryPoints: ["client/simulate.ts"] }),
    build({ ...details, entryPoints: ["client/operations.ts"] }),
    ...["client/stimulus.ts", "client/elements.ts"].map((path) =>
      build({ ...details, entryPoints: [path], plugins: [importedClient("./index.js")] }),
    ),
  ]);
  const files = results.flatMap(({ outputFiles }) => outputFiles);
  await Promise.all(files.map(({ path, text }) => writeChanged(path, text)));
  await removeStaleChunks(new Set(files.map(({ path }) => basename(path))));
}

/** Their names change with their content, so those of earlier builds would pile up. */
async function removeStaleChunks(present) {
  const stale = (await readdir("dist")).filter((name) => name.startsWith("chunk-") && !present.has(name));
  await Promise.all(stale.map((name) => rm(join("dist", name))));
}

/** An unchanged file is left alone: others read the last build while this one runs, and watchers would start again. */
async function writeChanged(path, text) {
  const present = await readFile(path, "utf8").catch(() => "");
  if (present === text) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

/** Each program emits its own part; what both share (the protocol) comes out the same. */
function buildTypes() {
  for (const program of ["scripts/types.worker.json", "scripts/types.client.json"]) {
    const { status } = spawnSync("tsc", ["-p", program], {
      stdio: "inherit",
      shell: process.platform === "win32",
    });
    if (status !== 0) throw new Error(`tsc -p ${program} found errors, so the package has no declarations`);
  }
}

/** The showcase's own script and style sheets, next to its other public files. */
async function buildShowcase() {
  const { outputFiles } = await build({
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    write: false,
    entryPoints: [`${SHOWCASE}/browser/showcase.ts`],
    outfile: `${SHOWCASE}/public/assets/showcase.js`,
  });
  for (const { path, text } of outputFiles) await writeChanged(path, text);
  const sheet = await readFile(new URL(import.meta.resolve("todomvc-app-css/index.css")), "utf8");
  // Nested, so that it stays inside its frame; written out again by esbuild, since not every browser nests.
  const framed = `.todomvc {\n${sheet.replace(/^@charset .*$/m, "")}\n}`;
  const { code } = await transform(framed, { loader: "css", target: BROWSERS });
  await writeChanged(`${SHOWCASE}/public/assets/todomvc.css`, TODOMVC_CREDIT + code);
  await writeChanged(`${SHOWCASE}/sources.generated.ts`, await sourcesOfShowcase());
}

/** The showcase shows its own source, cut out of this, so that what it shows is what runs. */
async function sourcesOfShowcase() {
  const names = await readdir(SHOWCASE, { recursive: true });
  const paths = names.map((name) => name.replaceAll("\\", "/")).filter(isShown);
  const entries = await Promise.all(
    paths.sort().map(async (path) => [path, await readFile(`${SHOWCASE}/${path}`, "utf8")]),
  );
  return [
    "// Written by scripts/build.mjs from examples/showcase/.",
    `export const SOURCES: Readonly<Record<string, string>> = ${JSON.stringify(Object.fromEntries(entries))};`,
    "",
  ].join("\n");
}

function isShown(path) {
  return /\.(ts|css)$/.test(path) && !/^public\/assets\/|\.generated\.ts$/.test(path);
}
