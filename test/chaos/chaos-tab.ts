import type { Page } from "playwright-core";
import { ATTRIBUTES } from "../../src/protocol/names.ts";
import type { Visitor } from "../support/site.ts";
import { type DriverOptions, installDriver, noteLeaving, type Settled } from "./driver.ts";
import { pageDifference } from "./page-difference.ts";

/** What a page has to tell. */
export interface TabState {
  readonly issued: number;
  /** Calls that are unanswered: those whose promise is open, and those of earlier pages, whose promises are gone. */
  readonly waiting: number;
  readonly settled: readonly Settled[];
}

/** Tries to load a page, a tenth of a second apart. */
const MOST_TRIES = 100;

/** One browser tab of the application, with the driver in its page. */
export class ChaosTab {
  readonly name: string;
  readonly #page: Page;
  readonly #options: DriverOptions;
  /** What pages that were left have told. */
  readonly #earlier: Settled[] = [];
  /** How many pages were loaded. */
  #loads = 0;
  /** The page that is being loaded, or was. */
  #loaded: Promise<void>;

  private constructor(page: Page, options: Omit<DriverOptions, "issuedKey">) {
    this.name = options.tab;
    this.#page = page;
    this.#options = { ...options, issuedKey: "chaos-issued" };
    this.#loaded = this.#load();
  }

  /** Resolves when the page and the client are loaded. */
  static async open(visitor: Visitor, options: Omit<DriverOptions, "issuedKey">): Promise<ChaosTab> {
    const page = await visitor.context.newPage();
    await page.addInitScript(noteLeaving);
    const tab = new ChaosTab(page, options);
    await tab.#loaded;
    return tab;
  }

  /** Resolves when `count` calls were made; most of them may be unanswered. A page that is loaded again goes on. */
  async run(count: number): Promise<void> {
    for (;;) {
      await this.#loaded;
      const loads = this.#loads;
      try {
        const issued = await this.#page.evaluate((count) => window.chaos.run(count), count);
        if (issued >= count) return;
      } catch (problem) {
        // The page was left under it.
        if (loads === this.#loads) throw problem;
      }
    }
  }

  /** Loads the page again, whatever it waits for. */
  async reload(): Promise<void> {
    const { settled } = await this.state();
    this.#loaded = this.#load();
    this.#earlier.splice(0, Number.POSITIVE_INFINITY, ...settled);
    await this.#loaded;
  }

  /** Of promises that went with an earlier page, those that were settled. */
  async state(): Promise<TabState> {
    await this.#loaded;
    const { issued, waiting, settled } = await this.#page.evaluate((pending) => {
      const { issued, waiting, settled } = window.chaos;
      // Of all calls of the page, also of those that it has from an earlier one, which the driver does not know.
      const unanswered = Number(document.documentElement.getAttribute(pending));
      return { issued, waiting: Math.max(waiting, unanswered), settled };
    }, ATTRIBUTES.pending);
    return { issued, waiting, settled: [...this.#earlier, ...settled] };
  }

  /** What differs from a fresh request, as {@link pageDifference} says it. */
  async difference(): Promise<readonly [shown: string, fresh: string] | undefined> {
    return await pageDifference(this.#page);
  }

  async #load(): Promise<void> {
    this.#loads += 1;
    const seed = this.#options.seed + this.#loads;
    // The server may be down; a browser's error page has no client.
    for (let tries = 1; !(await this.#tryLoad()); tries += 1) {
      if (tries === MOST_TRIES) throw new Error(`The page of tab ${this.name} could not be loaded`);
      await this.#page.waitForTimeout(100);
    }
    await this.#page.evaluate(installDriver, { ...this.#options, seed });
  }

  async #tryLoad(): Promise<boolean> {
    try {
      await this.#page.goto("/", { waitUntil: "domcontentloaded" });
      // Text, since vitest rewrites the imports in functions.
      await this.#page.evaluate(
        `import("/_reflex/client.js").then(({ stimulate }) => { window.chaosStimulate = stimulate; })`,
      );
      return true;
    } catch {
      // Refused, or cut off; what fails for another reason fails each time.
      return false;
    }
  }
}
