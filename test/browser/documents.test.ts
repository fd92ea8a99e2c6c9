import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness, type TestHarness } from "wrangler";
import { type Example, readExamples } from "../support/examples.ts";
import { ARTEFACTS, launchBrowser, newVisitor, shows } from "../support/site.ts";

const examples = await readExamples();
/** What readers come from, for comparison. */
const SHOWN_ONLY = ["erb", "ruby"];
const configuration = examples.find(
  ({ language, code }) => language === "toml" && code.includes("worker.ts"),
);
const isApplication = ({ language }: Example) => language === "ts" || language === "tsx";
const applications = examples.filter(isApplication);
const isProgram = ({ language, code }: Example) => language === "js" && code.includes("createTestHarness");
const programs = examples.filter(isProgram);
const scripts = examples.filter((example) => example.language === "js" && !isProgram(example));
const controllers = scripts.filter(({ code }) => code.includes("extends Controller"));
const pageScripts = scripts.filter((script) => !controllers.includes(script));

interface Server {
  readonly harness: TestHarness;
  readonly origin: string;
  readonly directory: string;
}

let browser: Browser;
/** The examples that run: each is started by the first test that uses it, and stopped by the one that every application has. */
const servers = new Map<Example, Promise<Server>>();

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(async () => {
  await Promise.all(Array.from(servers.keys(), stop));
  await browser.close();
});

/** What a document has told a reader to add before an example stands there. */
function before(example: Example, language: string): readonly string[] {
  const [document] = example.place.split(":");
  return examples
    .slice(0, examples.indexOf(example))
    .filter((other) => other !== configuration && other.language === language)
    .filter(({ place }) => place.split(":")[0] === document)
    .map(({ code }) => code);
}

/**
 * Writes an example as a reader would have it, inside the package so that it imports it by name: with the README's configuration,
 * and what its own document adds to that.
 *
 * @returns the directory
 */
async function writeExample(example: Example): Promise<string> {
  const directory = `${ARTEFACTS}/examples/${example.place.replace(/\W/g, "-")}`;
  await mkdir(`${directory}/migrations`, { recursive: true });
  const file = `worker.${example.language}`;
  await writeFile(`${directory}/${file}`, example.code);
  const toml = [configuration?.code.replace("worker.ts", file), ...before(example, "toml")];
  await writeFile(`${directory}/wrangler.toml`, toml.join("\n"));
  await writeFile(`${directory}/.dev.vars`, "REFLEX_KEYS=only-for-tests-0123456789-0123456789\n");
  for (const [at, sql] of before(example, "sql").entries())
    await writeFile(`${directory}/migrations/000${at + 1}_example.sql`, sql);
  return directory;
}

async function start(example: Example): Promise<Server> {
  const directory = await writeExample(example);
  const harness = createTestHarness({ workers: [{ configPath: `${directory}/wrangler.toml` }] });
  const { url } = await harness.listen();
  if (before(example, "sql").length > 0) await harness.getWorker().applyD1Migrations("DB");
  return { harness, origin: url.origin, directory };
}

async function stop(example: Example): Promise<void> {
  const server = await servers.get(example);
  servers.delete(example);
  if (server === undefined) return;
  await server.harness.close();
  await rm(server.directory, { recursive: true });
}

/** Uses an example, with a new visitor who opens its page. It runs on, with what it stores for all visitors. */
async function run(example: Example, use: (page: Page) => Promise<void>): Promise<void> {
  const server = servers.get(example) ?? start(example);
  servers.set(example, server);
  const visitor = await newVisitor(browser, (await server).origin);
  // The examples have no icon, which browsers ask for all the same.
  await visitor.context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  try {
    await use(await visitor.open("/"));
    expect(visitor.complaints).toEqual([]);
  } finally {
    await visitor.context.close();
  }
}

/** Makes every declared reflex of the page happen, and tells how each of them ended. */
async function triggerAll(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(async () => {
    const { stimulate } = await import("/_reflex/client.js");
    const declared = Array.from(document.querySelectorAll("[data-reflex]"), (element) => element.dataset.reflex);
    const ends = [];
    for (const declaration of declared) {
      const element = document.querySelector('[data-reflex="' + CSS.escape(declaration) + '"]');
      for (const [, target, json = ""] of declaration.matchAll(/([\\w:]+#\\w+)(?:\\((.*?)\\))?/g)) {
        const args = JSON.parse("[" + json + "]");
        ends.push(await stimulate(target, element, ...args).then(() => "done", (error) => error.message));
      }
    }
    return ends;
  })()`);
}

describe("the documents", () => {
  it("hold the applications and scripts that these tests run", () => {
    expect(configuration?.place).toMatch(/^README\.md/);
    expect(applications.length).toBeGreaterThanOrEqual(6);
    expect([pageScripts.length, controllers.length, programs.length]).toEqual([4, 3, 1]);
  });

  it("hold no code block of a language that nothing here looks at", () => {
    const languages = new Set(examples.map(({ language }) => language));
    const run = [...languages].filter((language) => !SHOWN_ONLY.includes(language));
    expect(run.sort()).toEqual(["js", "sh", "sql", "toml", "ts", "tsx"]);
  });
});

describe("the documents' page of hono/jsx", () => {
  it("is brought by its smallest element with an id, and the document's other tabs with it", async () => {
    const card = applications.find(({ language }) => language === "tsx");
    if (card === undefined) throw new Error("No document has a page of hono/jsx");
    await run(card, async (page) => {
      const heading = await page.locator("h1").elementHandle();
      await page.click("button");
      await shows(page, "#visits", "1");
      expect(await heading?.evaluate((element) => element.isConnected)).toBe(true);
    });
  });
});

describe("the README's counter", () => {
  it("counts clicks, and has its count after a reload", async () => {
    const [counter] = applications;
    if (counter === undefined) throw new Error("The README has no application");
    await run(counter, async (page) => {
      await shows(page, "#count", "0");
      await page.click("button");
      await page.click("button");
      await shows(page, "#count", "2");
      await page.reload();
      await shows(page, "#count", "2");
    });
  });
});

describe("the guest books of the document on databases", () => {
  const books = applications.filter(({ code }) => code.includes("class GuestBook"));

  it.each(books.map((book) => [book.place, book] as const))(
    "keep what is written, once, until its writer erases it: %s",
    async (_, book) => {
      await run(book, async (page) => {
        await page.fill("input", "I was here");
        await page.press("input", "Enter");
        await page.locator("li", { hasText: "I was here" }).waitFor();
        await page.reload();
        expect(await page.locator("li").count()).toBe(1);
        await page.click("li button");
        await page.locator("li").waitFor({ state: "detached" });
      });
    },
  );
});

describe("the shop of the document on databases", () => {
  it("takes from the stock what the session has ordered", async () => {
    const shop = applications.find(({ code }) => code.includes("INSERT INTO orders"));
    if (shop === undefined) throw new Error("No document has a shop with a database");
    await run(shop, async (page) => {
      await page.click("button");
      await page.click("button");
      await shows(page, "#left", "98");
      await shows(page, "#ordered", "2");
    });
  });
});

describe("the poll of the document on jobs", () => {
  it("has its votes counted by the queue, and shows them when they are", async () => {
    const poll = applications.find(({ code }) => code.includes("class Poll"));
    if (poll === undefined) throw new Error("No document has a poll");
    await run(poll, async (page) => {
      for (const choice of ["tea", "coffee", "tea"]) await page.click(`[data-choice=${choice}]`);
      await shows(page, "#tea", "2");
      await shows(page, "#coffee", "1");
    });
  });
});

describe("the auction of the document on topics", () => {
  it("shows each visitor at once what somebody has bid, and whose the price is", async () => {
    const auction = applications.find(({ code }) => code.includes("class Auction"));
    if (auction === undefined) throw new Error("No document has an auction");
    await run(auction, async (page) => {
      const other = await newVisitor(browser, new URL(page.url()).origin);
      await other.context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
      const theirs = await other.open("/");
      await page.click("text=Ten more");
      await shows(page, "#standing", "It is yours");
      await shows(theirs, "#price", "10");
      await shows(theirs, "#standing", "It is not yours");
      await theirs.click("text=One more");
      await shows(page, "#price", "11");
      await shows(page, "#standing", "It is not yours");
      expect(other.complaints).toEqual([]);
      await other.context.close();
    });
  });
});

describe("the wall of the document on elements", () => {
  it("shows each visitor what anybody writes, by an operation and by content that is fetched", async () => {
    const wall = applications.find(({ code }) => code.includes("class Wall"));
    if (wall === undefined) throw new Error("No document has a wall");
    await run(wall, async (page) => {
      const other = await newVisitor(browser, new URL(page.url()).origin);
      await other.context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
      const theirs = await other.open("/");
      for (const one of [page, theirs])
        await one.waitForFunction(() => {
          const elements = [...document.querySelectorAll("cable-ready-stream-from, cable-ready-updates-for")];
          return elements.every((element) => Reflect.get(element, "key") !== undefined);
        });
      await page.click("button");
      await theirs.click("button");
      for (const one of [page, theirs]) {
        await shows(one, "#count", "2");
        await shows(one, "#notes li:nth-child(2)", "note 2");
        expect(await one.locator("#notes li").allTextContents()).toEqual(["note 1", "note 2"]);
      }
      expect(other.complaints).toEqual([]);
      await other.context.close();
    });
  });
});

describe("the posts of the guide for people who come from StimulusReflex", () => {
  it("are saved for who is logged in, each title once", async () => {
    const posts = applications.find(({ code }) => code.includes("class TakenError"));
    if (posts === undefined) throw new Error("The guide has no posts");
    await run(posts, async (page) => {
      await page.fill("input", "Tea");
      await shows(page, "#preview", "Tea");
      await page.press("input", "Enter");
      await page.getByText("Log in").click();
      await page.press("input", "Enter");
      await page.locator("li", { hasText: "Tea" }).waitFor();
      await page.press("input", "Enter");
      await shows(page, "[role=status]", "There is one of that title.");
      expect(await page.locator("li").count()).toBe(1);
    });
  });
});

/** The application that a script belongs to: the one that stands before it. */
function applicationBefore(script: Example): Example {
  const application = examples.slice(0, examples.indexOf(script)).findLast(isApplication);
  if (application === undefined) throw new Error(`No application stands before ${script.place}`);
  return application;
}

describe("a script in the documents", () => {
  it.each(pageScripts.map((script) => [script.place, script] as const))(
    "runs in the page of the application before it: %s",
    async (_, script) => {
      await run(applicationBefore(script), async (page) => {
        await page.evaluate(`(async () => { ${script.code} })()`);
        if (script.code.includes("simulate"))
          expect(new Set(await triggerAll(page))).toEqual(new Set(["done"]));
        else if (script.code.includes("perform")) await shows(page, "#greeting", "Hello there");
        else await shows(page, "#query", "coffee");
      });
    },
  );
});

describe("a Stimulus controller in the documents", () => {
  it.each(controllers.map((script) => [script.place, script] as const))(
    "works when an application bundles it with its own script: %s",
    async (_, script) => {
      const bundle = await bundleController(script.code);
      await run(applicationBefore(script), async (page) => {
        await page.evaluate(() => {
          const box = document.querySelector("#box");
          box?.setAttribute("data-controller", "example");
          box?.setAttribute("data-action", "input->example#search");
        });
        await page.addScriptTag({ content: bundle, type: "module" });
        await page.locator("#box[data-started]").waitFor();
        await page.fill("#box", "cocoa");
        await shows(page, "#query", "cocoa");
      });
    },
  );
});

/** What an application's own bundler makes of a controller; tells the page when Stimulus has started. */
async function bundleController(code: string): Promise<string> {
  const main = code.replace("export default class", "class Example") + START_STIMULUS;
  const stdin = { contents: main, resolveDir: process.cwd() };
  const { outputFiles } = await build({ stdin, bundle: true, format: "esm", write: false });
  return outputFiles[0]?.text ?? "";
}

const START_STIMULUS = `
  import { Application } from "@hotwired/stimulus";
  Application.start().register("example", class extends Example {
    connect() { super.connect(); this.element.dataset.started = ""; }
  });
`;

// Behind the laws of single ones, which find nothing stored.
describe("an application in the documents", () => {
  it.each(applications.map((example) => [example.place, example] as const))(
    "serves its page and runs every reflex that the page declares: %s",
    async (_, example) => {
      await run(example, async (page) => {
        const ends = await triggerAll(page);
        expect(ends).toEqual(ends.map(() => "done"));
      });
      await stop(example);
    },
  );
});

describe("a program in the documents", () => {
  it.each(programs.map((program) => [program.place, program] as const))(
    "ends well where the document's first application is: %s",
    async (_, program) => {
      const [document] = program.place.split(":");
      const application = applications.find(({ place }) => place.split(":")[0] === document);
      if (application === undefined) throw new Error(`${document} has no application`);
      const directory = await writeExample(application);
      await writeFile(`${directory}/program.mjs`, program.code);
      await promisify(execFile)("node", ["program.mjs"], { cwd: directory });
      await rm(directory, { recursive: true });
    },
  );
});
