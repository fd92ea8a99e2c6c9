import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runCommand } from "./run-command.mjs";

// Makes a fresh clone ready to run: dependencies, the local secret and, with --browser, a Chromium. The pre-scripts of
// package.json run it each time, so it looks before it acts, and starts no process when all is there. It runs on the
// Node of the machine, from version 20, before anything is installed: only Node's own modules are imported here.

/**
 * wrangler needs a newer Node than the machine may have, so Node itself is a dependency. npm puts this directory
 * first in the PATH of its scripts, which makes it the `node` of all of them.
 */
const LOCAL_NODE = process.platform === "win32" ? "node_modules/node/bin/node.exe" : "node_modules/.bin/node";

const SECRET_FILE = ".dev.vars";
const SECRET_NAME = "REFLEX_KEYS";

/** @typedef {{ readonly version?: string, readonly optional?: boolean, readonly devOptional?: boolean }} LockedPackage */

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
try {
  await installDependencies();
  writeLocalSecret();
  if (process.argv.includes("--browser")) await provideChromium();
} catch (error) {
  console.error(`setup: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

async function installDependencies() {
  if (isInstalled()) return;
  say("installing dependencies with npm ci (about 20 s)");
  const [command, ...args] = npmCommand();
  // At this level npm is silent about the machine's Node being older than what some packages ask for: they never see it.
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error"];
  const { failure, output } = await runCommand(command, [...args, ...flags]);
  if (failure !== "") throw new Error(`npm ci failed:\n${output.trim() || failure}\n${whatToDo(output)}`);
  await checkLocalNode();
}

/**
 * True when npm's own record of what it installed has all that package-lock.json asks for. npm writes the record
 * last, so an interrupted install has none. Optional packages are for other platforms when they are absent.
 */
function isInstalled() {
  const installed = readLockedPackages("node_modules/.package-lock.json");
  const { "": _project, ...locked } = readLockedPackages("package-lock.json");
  if (!existsSync(LOCAL_NODE)) return false;
  return Object.entries(locked).every(([path, { version, optional, devOptional }]) => {
    const present = installed[path];
    return present === undefined ? (optional ?? devOptional ?? false) : present.version === version;
  });
}

/**
 * @param {string} path
 * @returns {Readonly<Record<string, LockedPackage>>}
 */
function readLockedPackages(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")).packages : {};
}

/**
 * The npm that runs this script, on the Node that it runs on, so that both stay the ones the user chose. Not on the
 * Node of this process: that may be the local one, which `npm ci` deletes first.
 *
 * @returns {readonly [string, ...string[]]}
 */
function npmCommand() {
  const { npm_execpath: npm = "", npm_node_execpath: node = process.execPath } = process.env;
  if (npm.endsWith("npm-cli.js")) return [node, npm];
  return process.platform === "win32" ? ["cmd", "/c", "npm"] : ["npm"];
}

/** @param {string} output what npm wrote */
function whatToDo(output) {
  if (output.includes("EUSAGE"))
    return "package-lock.json does not fit package.json: run npm install and commit both.";
  return "Check that the registry can be reached (npm ping), then run npm ci.";
}

/** The package `node` fetches its program in an install script, which npm may have been told not to run. */
async function checkLocalNode() {
  const expected = `v${readLockedPackages("package-lock.json")["node_modules/node"]?.version}`;
  const { output, failure } = await runCommand(LOCAL_NODE, ["--version"]);
  if (output.trim() === expected) return;
  throw new Error(`${LOCAL_NODE} ${failure || `printed ${JSON.stringify(output.trim().slice(0, 100))}`}; expected ${expected}.
The install script of the package "node" did not run or failed. Check that npm config get ignore-scripts is false, and
that package.json has "node": true in "allowScripts"; then run npm rebuild node --ignore-scripts=false`);
}

/** Appends a key when the file has none; the lines that are there stay as they are. */
function writeLocalSecret() {
  const present = existsSync(SECRET_FILE) ? readFileSync(SECRET_FILE, "utf8") : "";
  if (new RegExp(`^[ \\t]*(export[ \\t]+)?${SECRET_NAME}[ \\t]*=`, "m").test(present)) return;
  const separator = present === "" || present.endsWith("\n") ? "" : "\n";
  const line = `${SECRET_NAME}=${randomBytes(32).toString("base64url")}\n`;
  appendFileSync(SECRET_FILE, separator + line, { mode: 0o600 });
  // The mode above counts only for a file that is new.
  chmodSync(SECRET_FILE, 0o600);
  say(`wrote a random ${SECRET_NAME} to ${SECRET_FILE}, for local development only`);
}

async function provideChromium() {
  const { findChromium } = await import("./find-chromium.mjs");
  if ((await findChromium()) !== undefined) return;
  const { installChromium } = await import("./install-chromium.mjs");
  say(`installed ${await installChromium(say)}`);
}

/** @param {string} line */
function say(line) {
  console.log(`setup: ${line}`);
}
