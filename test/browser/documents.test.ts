import { mkdir, rm, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTestHarness } from "wrangler";
import { type Example, readExamples } from "../support/examples.ts";
import { ARTEFACTS, launchBrowser, newVisitor, shows } from "../support/site.ts";

const examples = await readExamples();
const configuration = examples.find(
  ({ language, code }) => language === "toml" && code.includes("worker.ts"),
);
const isApplication = ({ language }: Example) => language === "ts" || language === "tsx";
const applications = examples.filter(isApplication);
const scripts = examples.filter(({ language }) => language === "js");
const controllers = scripts.filter(({ code }) => code.includes("extends Controller"));
const pageScripts = scripts.filter((script) => !controllers.includes(script));

let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** Runs an example with the README's configuration, inside the package so that it imports it by name. */
async function run(example: Example, use: (page: Page) => Promise<void>): Promise<void> {
  const directory = `${ARTEFACTS}/examples/${example.place.replace(/\W/g, "-")}`;
  await mkdir(directory, { recursive: true });
  const file = `worker.${example.language}`;
  await writeFile(`${directory}/${file}`, example.code);
  await writeFile(`${directory}/wrangler.toml`, configuration?.code.replace("worker.ts", file) ?? "");
  await writeFile(`${directory}/.dev.vars`, "REFLEX_KEYS=only-for-tests-0123456789-0123456789\n");
  const harness = createTestHarness({ workers: [{ configPath: `${directory}/wrangler.toml` }] });
  const { url } = await harness.listen();
  const visitor = await newVisitor(browser, url.origin);
  // The examples have no icon, which browsers ask for all the same.
  await visitor.context.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  try {
    await use(await visitor.open("/"));
    expect(visitor.complaints).toEqual([]);
  } finally {
    await visitor.context.close();
    await harness.close();
    await rm(directory, { recursive: true });
  }
}

/** Makes every declared reflex of the page happen, and tells how each of them ended. */
async function triggerAll(page: Page): Promise<readonly string[]> {
  return await page.evaluate(`(async () => {
    const { stimulate } = await import("/_reflex/client.js");
    const declared = Array.from(document.querySelectorAll("[data-reflex]"), (element) => element.dataset.reflex);
    const ends = [];
    for (const declaration of declared) {
      const element = document.querySelector('[data-reflex="' + declaration + '"]');
      const target = declaration.split("->")[1];
      ends.push(await stimulate(target, element).then(() => "done", (error) => error.message));
    }
    return ends;
  })()`);
}

describe("the documents", () => {
  it("hold the applications and scripts that these tests run", () => {
    expect(configuration?.place).toMatch(/^README\.md/);
    expect(applications.length).toBeGreaterThanOrEqual(6);
    expect([pageScripts.length, controllers.length]).toEqual([2, 1]);
  });

  it("hold no code block of a language that nothing here looks at", () => {
    const languages = new Set(examples.map(({ language }) => language));
    expect([...languages].sort()).toEqual(["js", "sh", "toml", "ts", "tsx"]);
  });
});

describe("an application in the documents", () => {
  it.each(applications.map((example) => [example.place, example] as const))(
    "serves its page and runs every reflex that the page declares: %s",
    async (_, example) => {
      await run(example, async (page) => {
        const ends = await triggerAll(page);
        expect(ends).toEqual(ends.map(() => "done"));
      });
    },
  );
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
