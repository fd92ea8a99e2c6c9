import { spawnSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { findChromium } from "./find-chromium.mjs";

// Installs what is missing, for a machine with Node 20 and npm and nothing else: the dependencies, a key for local
// sessions and, with --browser, a Chromium for the tests. Runs before `npm start` and `npm test`; when all is there
// it says nothing and costs nothing.

/** Holds the hash of the lock file that node_modules was installed from. */
const STAMP = "node_modules/.edge-reflex-setup";
const NODE = "node_modules/.bin/node";
const SECRETS = ".dev.vars";

/** Playwright's download gives up on a closed network only after many tries. */
const DOWNLOAD_MS = 180_000;

installDependencies();
makeKey();
if (process.argv.includes("--browser")) await installBrowser();

function installDependencies() {
  const lock = createHash("sha256").update(readFileSync("package-lock.json")).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === lock) return;
  say("Installing dependencies (npm ci); the first time takes about a minute");
  const isInstalled = npm(["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  if (!isInstalled) fail("npm ci failed", "read what it printed above, mend it, and run this command again");
  checkNode();
  writeFileSync(STAMP, lock);
}

/** wrangler and vitest need a newer Node than many machines have; the package `node` brings one for npm's scripts. */
function checkNode() {
  if (!existsSync(NODE)) npm(["rebuild", "node", "--foreground-scripts"]);
  const { stdout } = spawnSync(NODE, ["--version"], {
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (/^v2[4-9]\./.test(stdout ?? "")) return;
  const got = stdout?.trim() || "nothing";
  fail(
    `${NODE} printed ${got} as its version; expected v24`,
    "run npm ci without --ignore-scripts, on a platform that the npm package node supports",
  );
}

/** Signs the cookies of the local showcase; a deployed Worker has its own, as a secret. */
function makeKey() {
  const present = existsSync(SECRETS) ? readFileSync(SECRETS, "utf8") : "";
  if (/^REFLEX_KEYS\s*=/m.test(present)) return;
  say(`Making a key for local sessions (${SECRETS})`);
  const separator = present === "" || present.endsWith("\n") ? "" : "\n";
  appendFileSync(SECRETS, `${separator}REFLEX_KEYS=${randomBytes(32).toString("base64url")}\n`, {
    mode: 0o600,
  });
}

/** One that is present, else Playwright's download, else Debian's package. */
async function installBrowser() {
  if (await findChromium()) return;
  const tried = ["CHROMIUM_PATH and the usual places"];
  for (const [name, install] of [
    ["Playwright's download", downloadBrowser],
    ["Debian's package", installPackage],
  ]) {
    if (!install()) tried.push(`${name} (did not work here)`);
    else if (await findChromium()) return;
    else tried.push(`${name} (worked, but left no Chromium that runs)`);
  }
  fail(
    `No Chromium for the browser tests. Tried: ${tried.join("; ")}`,
    "install Chromium or Chrome and set CHROMIUM_PATH to it",
  );
}

function downloadBrowser() {
  say("No Chromium found; downloading one with Playwright");
  const script = "node_modules/playwright-core/cli.js";
  return (
    run(NODE, [script, "install", "chromium", "--only-shell"], { timeout: DOWNLOAD_MS }) ||
    run(NODE, [script, "install", "chromium"], { timeout: DOWNLOAD_MS })
  );
}

function installPackage() {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return false;
  say("Installing Debian's package chromium");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  run("apt-get", ["update", "-qq"], { env });
  return run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
}

/** The npm that runs this script, or else the one on the path. */
function npm(args) {
  const path = process.env.npm_execpath;
  return path?.endsWith(".js") ? run(process.execPath, [path, ...args]) : run("npm", args);
}

function run(command, args, options = {}) {
  const { status } = spawnSync(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
    ...options,
  });
  return status === 0;
}

function say(text) {
  console.log(`edge-reflex: ${text} …`);
}

function fail(what, advice) {
  console.error(`edge-reflex: ${what}. What to do: ${advice}.`);
  process.exit(1);
}
