import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitors: readonly [Visitor, Visitor];

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitors = [await site.visitor(), await site.visitor()];
});
afterEach(async () => {
  for (const { context, complaints } of visitors) {
    expect(complaints).toEqual([]);
    await context.close();
  }
});

describe("the page of all clicks", () => {
  it("counts the clicks of two visitors into one number, and loses none", async () => {
    const [one, other] = await Promise.all(visitors.map((visitor) => visitor.open("/clicks")));
    if (one === undefined || other === undefined) throw new Error("Two visitors have two pages");
    const before = Number(await one.textContent("#clicks"));
    for (let click = 0; click < 10; click += 1)
      await Promise.all([one.click("#click"), other.click("#click")]);
    for (const page of [one, other]) {
      // What the other has done shows with the next update of one's own, when all of it was done.
      await page.waitForFunction(() => !document.documentElement.hasAttribute("data-reflex-pending"));
    }
    for (const page of [one, other]) {
      await page.click("#look");
      await shows(page, "#clicks", String(before + 20));
    }
  });

  it("computes a number for the visitors who ask for it at once by one of them", async () => {
    const [one, other] = await Promise.all(visitors.map((visitor) => visitor.open("/clicks")));
    if (one === undefined || other === undefined) throw new Error("Two visitors have two pages");
    await Promise.all([one.click("#reckon"), other.click("#reckon")]);
    await Promise.all([one, other].map((page) => page.locator("#reckoner").waitFor()));
    const shown = (page: typeof one) =>
      Promise.all([page.textContent("#reckoning"), page.textContent("#reckoner"), page.textContent("#you")]);
    const [[number, by, you], [otherNumber, otherBy, otherYou]] = [await shown(one), await shown(other)];
    expect(you).not.toBe(otherYou);
    expect([you, otherYou]).toContain(by);
    expect([number, by]).toEqual([otherNumber, otherBy]);
    // It is there for who comes later.
    await one.reload();
    await shows(one, "#reckoning", number ?? "");
  });
});
