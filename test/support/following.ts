import type { Page } from "playwright-core";

/** Waits until all elements of a page that follow topics do so. */
export async function follow(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const elements = document.querySelectorAll("cable-ready-stream-from, cable-ready-updates-for");
    return elements.length > 0 && [...elements].every((element) => Reflect.get(element, "key") !== undefined);
  });
}

/** Calls an action with arguments, from the page's own code. */
export async function call(page: Page, ...given: readonly unknown[]): Promise<void> {
  await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate(...${JSON.stringify(given)}).then(() => {}))`);
}
