import type { Page } from "playwright-core";

/** Starts a timer of the page, of the shortest time that it offers unless said otherwise. */
export async function startTimer(page: Page, name: string, seconds = "3"): Promise<void> {
  await page.fill("[name=name]", name);
  await page.selectOption("[name=seconds]", seconds);
  await page.click(".kitchen-form button");
  await page.locator("#running li", { hasText: name }).waitFor();
}

/** Waits until a timer is among those that rang; what the page says of them, the latest first. */
export async function rung(page: Page, name: string): Promise<readonly string[]> {
  await page.locator("#rung li", { hasText: name }).waitFor();
  return await page.locator("#rung li").allTextContents();
}
