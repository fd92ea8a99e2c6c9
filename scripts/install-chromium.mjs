import { readFile } from "node:fs/promises";
import { findChromium, playwrightChromium, USUAL_PLACES } from "./find-chromium.mjs";
import { runCommand } from "./run-command.mjs";

/** Longest silence of a download, in milliseconds, before the next way is tried. */
const SILENCE_MS = 90_000;

/** How long Playwright waits for its server, in milliseconds; it tries five times. */
const CONNECT_MS = 10_000;

/** @typedef {{ readonly name: string, readonly install: () => Promise<string> }} Way */

/**
 * The ways to get a Chromium, the one that leaves the system alone first. `install` tells why it failed, or nothing.
 *
 * @type {readonly Way[]}
 */
const WAYS = [
  { name: "npx playwright-core install chromium", install: installFromPlaywright },
  { name: "apt-get install chromium", install: installFromDebian },
];

/**
 * Installs a Chromium, checks that it starts, and returns its path.
 *
 * Throws when no way works; the message names all that was tried.
 *
 * @param {(line: string) => void} say
 */
export async function installChromium(say) {
  const tried = ["CHROMIUM_PATH is not set", ...USUAL_PLACES.map((path) => `${path} is missing`)];
  tried.push(`${(await playwrightChromium()) || "Playwright's own"} is missing`);
  for (const { name, install } of WAYS) {
    say(`no Chromium found; trying ${name}`);
    const failure = (await install()) || (await whyNotStarted());
    const path = await findChromium();
    if (failure === "" && path !== undefined) return path;
    tried.push(`${name}: ${failure}`);
  }
  const list = tried.map((line) => `\n  - ${line}`).join("");
  throw new Error(`The browser tests need a Chromium, and none was found or could be installed:${list}
Install Chromium or Chrome, or set CHROMIUM_PATH to one, and run this again.`);
}

/** Without the separate headless shell: `executablePath()`, by which it is found later, names the full browser. */
async function installFromPlaywright() {
  const args = ["node_modules/playwright-core/cli.js", "install", "--no-shell", "chromium"];
  const env = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: String(CONNECT_MS) };
  return (await runCommand(process.execPath, args, { env, silenceMs: SILENCE_MS })).failure;
}

/** Only on Debian itself: what Ubuntu's package of this name installs is a snap, which containers cannot run. */
async function installFromDebian() {
  const release = await readFile("/etc/os-release", "utf8").catch(() => "");
  if (!/^ID=debian$/m.test(release)) return "this is not Debian";
  if (process.getuid?.() !== 0) return "needs root";
  const options = { env: { DEBIAN_FRONTEND: "noninteractive" }, silenceMs: SILENCE_MS };
  const update = await runCommand("apt-get", ["update"], options);
  if (update.failure !== "") return update.failure;
  const args = ["install", "-y", "--no-install-recommends", "chromium"];
  return (await runCommand("apt-get", args, options)).failure;
}

/** Playwright's Chromium comes without the system's libraries, and lacks some of them on a bare machine. */
async function whyNotStarted() {
  const path = await findChromium();
  if (path === undefined) return "reported success, but left no browser where it is looked for";
  const { failure } = await runCommand(path, ["--version"], { silenceMs: SILENCE_MS });
  return failure === "" ? "" : `${path} does not start: ${failure}`;
}
