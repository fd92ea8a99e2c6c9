import type { Page } from "playwright-core";
import { topicKey } from "../../src/topics/topic-key.ts";
import { online, type Visitor } from "../support/site.ts";
import { type CrowdPlace, type CrowdTab, crowdPath, type Said } from "./crowd-tab.ts";
import { pageDifference } from "./page-difference.ts";

declare global {
  interface Window {
    /** What a page of the crowd was told by operations. */
    crowdHeard: Said[];
    /** The client's own function, put there by the harness. */
    crowdStimulate(target: string, ...args: readonly unknown[]): Promise<{ readonly outcome?: string }>;
  }
}

/** A page of the crowd in a browser. */
export class PageTab implements CrowdTab {
  readonly name: string;
  readonly who: string;
  readonly topics: readonly string[];
  readonly #page: Page;

  private constructor({ name, who, topics }: Omit<CrowdPlace, "origin" | "cookie">, page: Page) {
    this.name = name;
    this.who = who;
    this.topics = topics;
    this.#page = page;
  }

  /** Opens a tab, and waits until its socket is open and it was told its places: what it is told of topics counts from there. */
  static async open(visitor: Visitor, place: Omit<CrowdPlace, "origin" | "cookie">): Promise<PageTab> {
    const page = await visitor.context.newPage();
    await page.addInitScript(() => {
      window.crowdHeard = [];
      window.addEventListener("said", (event) => {
        window.crowdHeard.push((event as CustomEvent<Said>).detail);
      });
    });
    const isTold = toldPlaces(page, place.topics);
    await page.goto(crowdPath(place));
    await online(page);
    await isTold;
    // Text, since vitest rewrites the imports in functions. Once: imports of two calls may end in another order.
    await page.evaluate(
      `import("/_reflex/client.js").then(({ stimulate }) => { window.crowdStimulate = stimulate; })`,
    );
    return new PageTab(place, page);
  }

  async call(target: string, ...args: readonly unknown[]): Promise<string> {
    const calling = async ([target, args]: readonly [string, readonly unknown[]]) => {
      try {
        return (await window.crowdStimulate(target, ...args)).outcome ?? "done";
      } catch (error) {
        return String(Reflect.get(Object(error), "code") ?? error);
      }
    };
    return await this.#page.evaluate(calling, [target, args] as const);
  }

  async heard(): Promise<readonly Said[]> {
    return await this.#page.evaluate(() => window.crowdHeard);
  }

  async difference(): Promise<readonly [shown: string, fresh: string] | undefined> {
    return await pageDifference(this.#page);
  }

  async present(): Promise<readonly string[]> {
    return await this.#page.evaluate(() =>
      Array.from(
        document.querySelectorAll("[data-present]"),
        (entry) => entry.getAttribute("data-present") ?? "",
      ),
    );
  }

  async leave(): Promise<void> {
    await this.#page.close();
  }
}

/** Resolves when a page has been told its places in topics. Called before it is loaded. */
async function toldPlaces(page: Page, topics: readonly string[]): Promise<void> {
  const untold = new Set(topics.map(topicKey));
  const { promise, resolve } = Promise.withResolvers<void>();
  page.on("websocket", (socket) => {
    socket.on("framereceived", ({ payload }) => {
      for (const key of untold) if (String(payload).includes(`["at","${key}"`)) untold.delete(key);
      if (untold.size === 0) resolve();
    });
  });
  await promise;
}
