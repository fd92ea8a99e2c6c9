import { createHash } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";

/** Browsers that the client is written for: all that have had an update in the last three years. */
const BROWSERS = ["chrome115", "firefox115", "safari16.4"];

/** Where the built client goes into the runtime, so that the Worker can serve it without a build by the application. */
const CLIENT_MODULE = "src/app/client-files.generated.ts";

await writeClientModule(await buildClient());
await buildPackage();
await buildShowcase();

/** The files that a page loads: one for every page, and the Stimulus adapter for those that use it. */
async function buildClient() {
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

/** The showcase's own script and style sheets, next to its other public files. */
async function buildShowcase() {
  await build({
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    entryPoints: ["examples/showcase/browser/showcase.ts"],
    outfile: "examples/showcase/public/assets/showcase.js",
  });
}
