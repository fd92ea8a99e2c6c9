import { constants } from "node:fs";
import { access } from "node:fs/promises";
import process from "node:process";

/** Where systems keep a Chromium or Chrome, in the order tried. */
const USUAL_PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome-stable",
  "/usr/bin/google-chrome",
  "/snap/bin/chromium",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/**
 * The path of a Chromium that can be run: the one that CHROMIUM_PATH names, else one in a usual place, else
 * Playwright's own. `undefined` when there is none.
 *
 * @returns {Promise<string | undefined>}
 */
export async function findChromium() {
  for (const path of [process.env.CHROMIUM_PATH ?? "", ...USUAL_PLACES])
    if (await isExecutable(path)) return path;
  // Last, since loading Playwright takes longer than all the rest.
  const path = await playwrightPath();
  return (await isExecutable(path)) ? path : undefined;
}

/** Where Playwright would have put a browser; empty while its package is not installed. */
async function playwrightPath() {
  try {
    const { chromium } = await import("playwright-core");
    return chromium.executablePath();
  } catch {
    // Before the first install there is no Playwright to ask.
    return "";
  }
}

/** @param {string} path */
async function isExecutable(path) {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
