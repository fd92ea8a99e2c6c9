import { constants } from "node:fs";
import { access } from "node:fs/promises";

/** Where systems keep a Chromium or Chrome, in the order tried. */
export const USUAL_PLACES = [
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
 * Throws when CHROMIUM_PATH names no program: whoever chose a browser should not get another one unasked.
 *
 * @returns {Promise<string | undefined>}
 */
export async function findChromium() {
  const chosen = process.env.CHROMIUM_PATH ?? "";
  if (chosen !== "") return await chosenChromium(chosen);
  for (const path of USUAL_PLACES) if (await isExecutable(path)) return path;
  const path = await playwrightChromium();
  return path !== "" && (await isExecutable(path)) ? path : undefined;
}

/** Where Playwright would keep its own Chromium; empty while its package is not installed. */
export async function playwrightChromium() {
  try {
    // Loaded late: this takes ten times as long as all the rest, and is rarely needed.
    const { chromium } = await import("playwright-core");
    return chromium.executablePath();
  } catch {
    // Before the first install there is no Playwright to ask.
    return "";
  }
}

/** @param {string} path */
async function chosenChromium(path) {
  if (await isExecutable(path)) return path;
  const found = `CHROMIUM_PATH is ${JSON.stringify(path.slice(0, 100))}, which is not a program that can be run`;
  throw new Error(
    `${found}; expected the path of a Chromium or Chrome. Correct it, or unset it to have one looked for`,
  );
}

/** @param {string} path */
async function isExecutable(path) {
  return await access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
