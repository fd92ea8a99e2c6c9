import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { online, Site, shows, type Visitor } from "../support/site.ts";

let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  site = await Site.start("showcase");
});
afterAll(() => site.stop());
beforeEach(async () => {
  visitor = await site.visitor();
});
afterEach(async () => {
  expect(visitor.complaints).toEqual([]);
  await visitor.context.close();
});

/** The cookies of the visitor's browser, by their names. */
async function cookies(): Promise<ReadonlyMap<string, { value: string; httpOnly: boolean }>> {
  return new Map((await visitor.context.cookies()).map((cookie) => [cookie.name, cookie]));
}

describe("the page of a session", () => {
  it("logs in and out under other cookies, and the other tab follows by itself", async () => {
    const [page, other] = [await visitor.open("/session"), await visitor.open("/session")];
    const first = (await cookies()).get("reflex")?.value;
    const session = (await page.textContent("#session-id")) ?? "";
    await page.fill("#name", "Ada");
    await page.press("#name", "Enter");
    await shows(page, "#visitor", "Ada");
    await shows(page, "#notice", "Welcome, Ada.");
    await shows(other, "#visitor", "Ada");
    await expect.poll(async () => (await cookies()).get("reflex")?.value).not.toBe(first);
    expect(await page.textContent("#session-id")).toBe(session);
    await online(other);
    await other.click("#log-out");
    await shows(other, "#notice", "You are logged out, and everything in your session is gone.");
    await page.waitForSelector("#log-in");
    expect(await page.textContent("#session-id")).not.toBe(session);
    expect(await page.textContent("#session-id")).toBe(await other.textContent("#session-id"));
    // Both go on in the next session.
    await page.fill("#name", "Grace");
    await page.press("#name", "Enter");
    await shows(other, "#visitor", "Grace");
    expect(await page.textContent("#notice")).toBe("Welcome, Grace.");
    // What the other tab was told of its own call stays until its next one, over into the next session.
    expect(await other.textContent("#notice")).toBe(
      "You are logged out, and everything in your session is gone.",
    );
  });

  it("keeps who is logged in through a reload, and shows the message once", async () => {
    const page = await visitor.open("/session");
    await page.fill("#name", "Ada");
    await page.press("#name", "Enter");
    await shows(page, "#visitor", "Ada");
    await expect.poll(async () => (await cookies()).get("reflex")?.value).toMatch(/^v2\./);
    await page.reload();
    await online(page);
    expect([await page.textContent("#visitor"), await page.textContent("#notice")]).toEqual(["Ada", ""]);
  });

  it("asks for a name", async () => {
    const page = await visitor.open("/session");
    await page.click("#log-in button");
    await shows(page, "#notice", "Who are you? Type any name.");
  });

  it("keeps the paper in a cookie that no script can read", async () => {
    const page = await visitor.open("/session");
    await page.check("[value=sepia]");
    await page.waitForSelector(".session[data-paper=sepia]");
    await expect
      .poll(async () => (await cookies()).get("paper"))
      .toMatchObject({ value: "sepia", httpOnly: true });
    expect(await page.evaluate("document.cookie")).not.toContain("paper");
    await page.reload();
    expect(await page.isChecked("[value=sepia]")).toBe(true);
  });

  it("has steps of its own in each tab, which a reload and a sleep leave alone", async () => {
    const [page, other] = [await visitor.open("/session"), await visitor.open("/session")];
    await page.click("#next");
    await shows(page, "#step", "2");
    await site.evictVisitor(visitor);
    await page.click("#next");
    await shows(page, "#step", "3");
    expect(await page.isDisabled("#next")).toBe(true);
    await page.reload();
    // Rendered with it: before the socket is open.
    expect(await page.textContent("#step")).toBe("3");
    await online(page);
    await page.click("#back");
    await shows(page, "#step", "2");
    expect(await other.textContent("#step")).toBe("1");
    await page.goto(`${site.url}/counter`);
    await online(page);
    await page.goto(`${site.url}/session`);
    await shows(page, "#step", "2");
  });
});
