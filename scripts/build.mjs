import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";

// Builds the client, the package and the showcase's browser files: `npm run build`. With --types also the
// package's declarations, which only those who install it need.

/** Browsers that the client is written for: all that have had an update in the last three years. */
const BROWSERS = ["chrome115", "firefox115", "safari16.4"];

/** What the licence of TodoMVC's style sheet asks for. */
const TODOMVC_CREDIT =
  "/* todomvc-app-css by Sindre Sorhus, CC-BY-4.0, https://github.com/tastejs/todomvc-app-css\n" +
  "   Changed: every rule applies inside .todomvc only. */\n";

/** Where the built client goes into the runtime, so that the Worker can serve it without a build by the application. */
const CLIENT_MODULE = "src/app/client-files.generated.ts";

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildAll();

async function buildAll() {
  await writeClientModule(await buildClient());
  await buildPackage();
  await buildShowcase();
  if (process.argv.includes("--types")) buildTypes();
}

/** The files that a page loads: one for every page, and the Stimulus adapter for those that use it. */
export async function buildClient() {
  const options = { bundle: true, format: "esm", minify: true, target: BROWSERS, write: false, legalComments: "none" };
  const client = await build({ ...options, entryPoints: ["client/browser.ts"] });
  const stimulus = await build({
    ...options,
    entryPoints: ["client/stimulus.ts"],
    plugins: [servedClient()],
  });
  const texts = [client, stimulus].map((result) => result.outputFiles[0].text);
  const version = createHash("sha256").update(texts.join("\0")).digest("base64url").slice(0, 12);
  const [clientText, stimulusText] = texts.map((text) => text.replaceAll("__CLIENT_VERSION__", version));
  return { version, files: { "client.js": clientText, "stimulus.js": stimulusText } };
}

/** The served adapter takes the client from the file that the page has loaded already. */
function servedClient() {
  return {
    name: "served-client",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\/index\.ts$/ }, () => ({ path: "./client.js?v=__CLIENT_VERSION__", external: true }));
    },
  };
}

async function writeClientModule({ version, files }) {
  const text = [
    "// Written by scripts/build.mjs from client/.",
    `export const CLIENT_VERSION = ${JSON.stringify(version)};`,
    `export const CLIENT_FILES: Readonly<Record<string, string>> = ${JSON.stringify(files)};`,
    "",
  ].join("\n");
  // An unchanged file is left alone, so that watchers of the source do not start the build again.
  const present = await readFile(CLIENT_MODULE, "utf8").catch(() => "");
  if (present !== text) await writeFile(CLIENT_MODULE, text);
}

/** What applications import. Shared code goes into chunks, so that every entry sees the same classes. */
async function buildPackage() {
  await rm("dist", { recursive: true, force: true });
  await build({
    bundle: true,
    format: "esm",
    splitting: true,
    target: "es2022",
    outdir: "dist",
    outbase: ".",
    entryPoints: ["src/index.ts", "durable-objects/index.ts", "client/index.ts", "client/stimulus.ts"],
    external: ["hono", "hono/*", "cloudflare:*", "@hotwired/stimulus"],
    sourcemap: true,
    legalComments: "linked",
  });
}

/** Each program emits its own part; what both share (the protocol) comes out the same. */
function buildTypes() {
  for (const program of ["scripts/types.worker.json", "scripts/types.client.json"]) {
    const { status } = spawnSync("tsc", ["-p", program], { stdio: "inherit", shell: process.platform === "win32" });
    if (status !== 0) throw new Error(`tsc -p ${program} found errors, so the package has no declarations`);
  }
}

/** The showcase's own script and style sheets, next to its other public files. */
async function buildShowcase() {
  await build({
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    entryPoints: ["examples/showcase/browser/showcase.ts"],
    outfile: "examples/showcase/public/assets/showcase.js",
    // The package says that none of its files has side effects, and its chunks import each other for nothing else.
    logOverride: { "ignored-bare-import": "silent" },
  });
  const sheet = await readFile(new URL(import.meta.resolve("todomvc-app-css/index.css")), "utf8");
  // Nested, so that it stays inside its frame; written out again by esbuild, since not every browser nests.
  const framed = `.todomvc {\n${sheet.replace(/^@charset .*$/m, "")}\n}`;
  const { code } = await transform(framed, { loader: "css", target: BROWSERS });
  await writeFile("examples/showcase/public/assets/todomvc.css", TODOMVC_CREDIT + code);
}
