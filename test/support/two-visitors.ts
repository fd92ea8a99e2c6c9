import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { Site, type Visitor } from "./site.ts";

/** Two people at the showcase, each in a browser of their own. */
export interface TwoVisitors {
  readonly site: Site;
  readonly ada: Visitor;
  readonly grace: Visitor;
}

/** Every test of the file has two new visitors, whose pages have nothing to complain of. Called once, outside of tests; read within. */
export function twoVisitors(): TwoVisitors {
  let site: Site;
  let ada: Visitor;
  let grace: Visitor;
  beforeAll(async () => {
    site = await Site.start("showcase");
  });
  afterAll(() => site.stop());
  beforeEach(async () => {
    [ada, grace] = await Promise.all([site.visitor(), site.visitor()]);
  });
  afterEach(async () => {
    for (const visitor of [ada, grace]) {
      expect(visitor.complaints).toEqual([]);
      await visitor.context.close();
    }
  });
  return {
    get site() {
      return site;
    },
    get ada() {
      return ada;
    },
    get grace() {
      return grace;
    },
  };
}

/** Opens a page on which visitors have names, as somebody who calls themselves so. */
export async function openAs(visitor: Visitor, name: string, path: string): Promise<Page> {
  const page = await visitor.open(path);
  await page.fill("#nick", name);
  await page.click("#name-form button");
  await page.locator(`#nick[value="${name}"]`).waitFor();
  return page;
}

/** Opens a page for each, or another one for Grace, on which visitors have names: as Ada, and as Grace. */
export async function openBoth(
  { ada, grace }: TwoVisitors,
  path: string,
  theirs = path,
): Promise<readonly [mine: Page, theirs: Page]> {
  return await Promise.all([openAs(ada, "Ada", path), openAs(grace, "Grace", theirs)]);
}
