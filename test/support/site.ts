import { fileURLToPath } from "node:url";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { createTestHarness, type TestHarness } from "wrangler";
import { findChromium } from "../../scripts/find-chromium.mjs";
import { evict, evictBeforeFrames, sessionNameIn } from "./evict-before-frames.ts";
import { FrameProxy } from "./proxy.ts";

/** Where `build-sites.ts` leaves the built Workers: absolute, since wrangler takes paths from its configuration. */
export const ARTEFACTS = fileURLToPath(new URL("../.artefacts", import.meta.url));

/** The Workers that browser tests run, by their configuration. */
export const SITES = {
  showcase: "wrangler.toml",
  fixture: "test/browser/fixture/wrangler.toml",
  /** The page that is measured. */
  bench: "bench/app/wrangler.toml",
} as const;

/** A visitor: a browser profile of its own, whose pages share one session. */
export interface Visitor {
  readonly context: BrowserContext;
  /** What the visitor's pages wrote to the console as warning or error, or threw, or failed to load. */
  readonly complaints: string[];
  /** Opens a tab, and waits until its socket is open. */
  open(path: string): Promise<Page>;
}

/** What signs the tests' cookies. */
const KEYS = "only-for-tests-0123456789-0123456789";

/**
 * A Worker running in workerd, with a Chromium in front of it, and a wire between them that a test can cut. In the project
 * `evicted` every frame from a browser finds its session object asleep.
 */
export class Site {
  readonly harness: TestHarness;
  readonly proxy: FrameProxy;
  readonly #browser: Browser;
  readonly #proxies: FrameProxy[];

  constructor(harness: TestHarness, proxy: FrameProxy, browser: Browser) {
    this.harness = harness;
    this.proxy = proxy;
    this.#proxies = [proxy];
    this.#browser = browser;
  }

  /** As browsers name it. */
  get url(): string {
    return this.proxy.url;
  }

  static async start(name: keyof typeof SITES): Promise<Site> {
    const harness = newHarness(name);
    const [{ url }, browser] = await Promise.all([harness.listen(), launchBrowser()]);
    if (name === "showcase") await harness.getWorker().applyD1Migrations("DB");
    const proxy = await FrameProxy.start(() => Number(url.port));
    if (process.env.EVICTED === "yes") proxy.hooks.up = evictBeforeFrames(harness, KEYS);
    return new Site(harness, proxy, browser);
  }

  /** A new visitor, without a cookie, who comes by the site's wire or by another one. */
  async visitor(proxy = this.proxy): Promise<Visitor> {
    return await newVisitor(this.#browser, proxy.url);
  }

  /** Another wire to the site, for a test that cuts it while others go on. Stops with the site. */
  async newProxy(): Promise<FrameProxy> {
    const { url } = await this.harness.listen();
    const proxy = await FrameProxy.start(() => Number(url.port));
    this.#proxies.push(proxy);
    return proxy;
  }

  /**
   * Evicts one visitor's session object.
   *
   * @returns false when it was asleep
   */
  async evictVisitor(
    { context }: Visitor,
    webSockets: "hibernate" | "close" = "hibernate",
  ): Promise<boolean> {
    const cookies = await context.cookies();
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
    const name = await sessionNameIn(cookie, KEYS);
    if (name === undefined) throw new Error(`No session in the cookies ${JSON.stringify(cookie)}`);
    return await evict(this.harness, { name }, webSockets);
  }

  /** Evicts every session object that has stored something, its sockets hibernating: what ten idle seconds do. */
  async evict(webSockets: "hibernate" | "close" = "hibernate"): Promise<void> {
    for (const id of await this.harness.getWorker().listDurableObjectIds("SessionObject"))
      await evict(this.harness, { id }, webSockets);
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
    await this.harness.close();
  }
}

/** A Worker in workerd that does not run yet. */
export function newHarness(name: keyof typeof SITES): TestHarness {
  const prebuiltWorkerDir = `${ARTEFACTS}/${name}`;
  return createTestHarness({
    workers: [{ configPath: SITES[name], prebuiltWorkerDir, vars: { REFLEX_KEYS: KEYS } }],
  });
}

/** Starts the Chromium that the set-up found. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await findChromium();
  if (executablePath === undefined)
    throw new Error("No Chromium was found; run: node scripts/setup.mjs --browser");
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  return await chromium.launch({ executablePath, args });
}

/** A new visitor of the site at `url`. */
export async function newVisitor(browser: Browser, url: string): Promise<Visitor> {
  const context = await browser.newContext({ baseURL: url });
  context.setDefaultTimeout(10_000);
  const complaints: string[] = [];
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type()))
      complaints.push(`${message.text()} (${message.location().url})`);
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  const open = async (path: string) => {
    const page = await context.newPage();
    await page.goto(path);
    await online(page);
    return page;
  };
  return { context, complaints, open };
}

/** Waits until the page's socket is open. */
export async function online(page: Page): Promise<void> {
  await page.locator('html[data-reflex-connection="online"]').waitFor({ state: "attached" });
}

/**
 * Touches a page, and waits for the part of the client that changes it: it is loaded when a visitor does so first, and what it
 * marks comes with it.
 */
export async function touched(page: Page): Promise<void> {
  await page.keyboard.press("Shift");
  await loaded(page, "page");
}

/** Waits until a page has a part of the client that it has asked for, by the name of its file. */
export async function loaded(page: Page, name: string): Promise<void> {
  const file = await page.waitForFunction(
    (start) =>
      performance
        .getEntriesByType("resource")
        .map(({ name }) => name)
        .find((name) => name.includes(start)),
    `/_reflex/${name}.js`,
  );
  // The same module, which starts before this resolves.
  await page.evaluate(`import(${JSON.stringify(await file.jsonValue())}).then(() => {})`);
}

/**
 * Calls an action from the page's own code. Text, not a function: vitest rewrites the imports in functions.
 *
 * @returns `"done"`, or the code of the error
 */
export async function stimulate(page: Page, target: string): Promise<string> {
  return await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate(${JSON.stringify(target)}).then(() => "done", (error) => error.code))`);
}

/** Waits until an element shows exactly this text. */
export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    ([selector, text]) => document.querySelector(selector ?? "")?.textContent?.trim() === text,
    [selector, text] as const,
  );
}
