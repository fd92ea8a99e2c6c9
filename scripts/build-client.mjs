import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { minify } from "terser";

// The client's files as the runtime serves them.

/** Browsers that the client is written for: all that have had an update in the last three years. */
export const BROWSERS = ["chrome115", "firefox115", "safari16.4"];

/** How files that import the client name it, so that a page has it once. */
const CLIENT_FILE = "./client.js?v=__CLIENT_VERSION__";

/** What those files share with it, and import from there. */
const SHARED = /^\.\.?\/(index|attributes|client-limits)\.ts$/;

/** The same of files that import what changes the page. */
const PAGE_FILE = "./page.js?v=__CLIENT_VERSION__";

/** What the client loads when a page first needs it: client/<name>.ts, as client/lazy-files.ts names it. */
const LAZY_FILES = ["drafts", "elements", "errand", "extras", "log", "operations", "page", "upload"];

/**
 * The files that a page loads: one for every page, the Stimulus adapter for those that use it, a network for developers, and what
 * is loaded when it is needed.
 */
export async function buildClient() {
  const options = {
    bundle: true,
    format: "esm",
    minify: true,
    target: BROWSERS,
    write: false,
    legalComments: "none",
  };
  const client = build({ ...options, entryPoints: ["client/browser.ts"] });
  const simulate = build({ ...options, entryPoints: ["client/simulate.ts"] });
  const plugins = [importedClient(CLIENT_FILE, SHARED), importedPage(PAGE_FILE), leanMorphdom()];
  const others = ["stimulus", ...LAZY_FILES].map((name) =>
    build({ ...options, entryPoints: [`client/${name}.ts`], plugins }),
  );
  const results = await Promise.all([client, simulate, ...others]);
  const names = ["client", "simulate", "stimulus", ...LAZY_FILES];
  const texts = await Promise.all(results.map(({ outputFiles }) => shortened(outputFiles[0].text)));
  const version = createHash("sha256").update(texts.join("\0")).digest("base64url").slice(0, 12);
  const files = names.map((name, index) => [
    `${name}.js`,
    texts[index].replaceAll("__CLIENT_VERSION__", version),
  ]);
  return { version, files: Object.fromEntries(files) };
}

/**
 * What a file shares with the client it takes from there, so that a page has it once: the client itself, and, of the files that are
 * served, what both know of pages.
 */
export function importedClient(path, filter = /^\.\.?\/index\.ts$/) {
  return {
    name: "imported-client",
    setup({ onResolve }) {
      onResolve({ filter }, () => ({
        path,
        external: true,
        sideEffects: false,
      }));
    },
  };
}

/** Operations and elements take from the file of the page what morphs and moves. */
function importedPage(path) {
  return {
    name: "imported-page",
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/(nodes|operation-morphs)\.ts$/ }, () => ({
        path,
        external: true,
        sideEffects: false,
      }));
    },
  };
}

/** What is left of morphdom's tools where it is given elements alone, in pairs of one name, and makes none. */
const MORPHDOM_TOOLS = `export const doc = document;
export const compareNodeNames = (from, to) => from.nodeName === to.nodeName;
export const [toElement, moveChildren, createElementNS] = [];`;

/**
 * morphdom from its source, without what it does for form controls: those are brought to their counterparts by
 * client/controls.ts, and never reach it. client/morph.ts gives it no text, and no pair of different names.
 */
function leanMorphdom() {
  const source = dirname(createRequire(import.meta.url).resolve("morphdom/package.json"));
  return {
    name: "lean-morphdom",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^morphdom$/ }, () => ({ path: join(source, "src/index.js") }));
      onLoad({ filter: /specialElHandlers\.js$/ }, () => ({ contents: "export default {};" }));
      onLoad({ filter: /morphdom.src.util\.js$/ }, () => ({ contents: MORPHDOM_TOOLS }));
    },
  };
}

/** What esbuild has minified, by another twentieth. */
async function shortened(text) {
  const { code } = await minify(text, {
    module: true,
    ecma: 2022,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true },
  });
  if (code === undefined) throw new Error("terser made nothing of a file of the client");
  return code;
}
