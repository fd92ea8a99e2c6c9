import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { call, follow } from "../support/following.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitors: Visitor[] = [];

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());
afterEach(async () => {
  await Promise.all(visitors.map(({ context }) => context.close()));
  visitors = [];
});

async function newVisitor(): Promise<Visitor> {
  const visitor = await site.visitor();
  visitors.push(visitor);
  return visitor;
}

describe("an element that looks for its content", () => {
  /** The requests of a page by which its elements look, as they are sent. */
  function looks(page: Page): string[] {
    const urls: string[] = [];
    page.on("request", (request) => {
      if (request.headers()["x-cable-ready"] === "update") urls.push(new URL(request.url()).pathname);
    });
    return urls;
  }

  /** Opens a page whose topic nobody follows yet: its elements look once, since it was not followed as they were rendered. */
  async function openFresh(visitor: Visitor, path: string): Promise<{ page: Page; urls: string[] }> {
    const page = await visitor.context.newPage();
    const urls = looks(page);
    await page.goto(`/following/${path}`);
    await online(page);
    await follow(page);
    return { page, urls };
  }

  const shows = async (page: Page, ...texts: readonly string[]) =>
    await expect
      .poll(() => page.locator("cable-ready-updates-for .count").allTextContents(), { timeout: 10_000 })
      .toEqual(texts);

  it("fetches its page once for all that wait, and takes what stands in its own place", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=once");
    const { page: other } = await openFresh(bob, "stream?topic=once");
    await expect.poll(() => urls).toHaveLength(1);
    await call(other, "Follow#change", "once");
    await shows(page, "1", "1");
    expect(await page.locator(".place").allTextContents()).toEqual(["first", "second"]);
    expect(urls).toHaveLength(2);
    expect(await page.locator("[updating]").count()).toBe(0);
    // The rest of the page rests on nothing.
    expect(await page.locator("#count").textContent()).toBe("0");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });

  it("says by headers what it is, and finds the page with the state of its tab", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=headers");
    await expect.poll(() => urls).toHaveLength(1);
    await call(page, "Follow#note", "mine");
    await expect.poll(() => page.locator(".note").allTextContents()).toEqual(["mine", "mine"]);
    const asked = page.waitForRequest((request) => request.headers()["x-cable-ready"] === "update");
    const { page: other } = await openFresh(bob, "stream?topic=headers");
    await call(other, "Follow#change", "headers");
    expect((await asked).headers()).toMatchObject({
      "x-requested-with": "XmlHttpRequest",
      accept: "text/html",
    });
    await shows(page, "1", "1");
    expect(await page.locator(".note").allTextContents()).toEqual(["mine", "mine"]);
  });

  it("looks once for many changes, and behind a look for those that came during it", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=many&debounce=400");
    const { page: other } = await openFresh(bob, "stream?topic=many");
    await expect.poll(() => urls).toHaveLength(1);
    for (const _ of [1, 2, 3, 4]) await call(other, "Follow#change", "many");
    await shows(page, "4", "4");
    expect(urls).toHaveLength(2);
    // The answer that is on its way was made before the next change.
    const held = Promise.withResolvers<void>();
    const isHeld = Promise.withResolvers<void>();
    await page.route(/updates/, async (route) => {
      const answer = await route.fetch();
      isHeld.resolve();
      await held.promise;
      await route.fulfill({ response: answer });
    });
    await call(other, "Follow#change", "many");
    await isHeld.promise;
    await call(other, "Follow#change", "many");
    await expect.poll(() => page.locator("[updating]").count()).toBe(2);
    held.resolve();
    await shows(page, "6", "6");
    expect(urls).toHaveLength(4);
  });

  it("shows what changes all the time, and does not wait for it to end", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=always&debounce=300");
    const { page: other } = await openFresh(bob, "stream?topic=always");
    await expect.poll(() => urls).toHaveLength(1);
    let isOver = false;
    const changes = (async () => {
      while (!isOver) await call(other, "Follow#change", "always");
    })();
    await expect.poll(() => urls.length, { timeout: 10_000 }).toBeGreaterThan(3);
    isOver = true;
    await changes;
    const count = await (await other.request.get("/following/updates?topic=always")).text();
    const [, last = ""] = /id="count"[^>]*>(\d+)/.exec(count) ?? [];
    await shows(page, last, last);
  });

  it("takes notice of what it is limited to alone, and of what nobody has named", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=only&only=name,price");
    const { page: other } = await openFresh(bob, "updates?topic=only");
    await expect.poll(() => urls).toHaveLength(1);
    await call(other, "Follow#change", "only", "stock");
    await shows(other, "1", "1");
    expect(urls).toHaveLength(1);
    await call(other, "Follow#change", "only", "stock", "price");
    await shows(page, "2", "2");
    await call(other, "Follow#change", "only");
    await shows(page, "3", "3");
    expect(urls).toHaveLength(3);
  });

  it("waits for what began in it, and then looks for what came meanwhile", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=inner&inner=1");
    const { page: other } = await openFresh(bob, "updates?topic=inner");
    await expect.poll(() => urls).toHaveLength(1);
    await page.evaluate(() => {
      Reflect.set(window, "order", []);
      const order = Reflect.get(window, "order") as string[];
      const [first] = document.querySelectorAll("cable-ready-updates-for");
      document.addEventListener("reflex:after", () => order.push("over"));
      first?.addEventListener("cable-ready:before-update", () => order.push("update"));
      document.querySelector<HTMLElement>(".inner")?.click();
    });
    await call(other, "Follow#change", "inner");
    await shows(other, "2", "2");
    await shows(page, "2", "2");
    await expect.poll(() => page.evaluate("order")).toEqual(["over", "update"]);
  });

  it("looks when it first appears, and from then on while it can be seen", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=seen&appear=1");
    const { page: other } = await openFresh(bob, "updates?topic=seen");
    await call(other, "Follow#change", "seen");
    await shows(other, "1", "1");
    expect(urls).toEqual([]);
    await page.locator("#second").scrollIntoViewIfNeeded();
    await shows(page, "1", "1");
    expect(urls).toHaveLength(1);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForFunction(
      () => (document.querySelector("#first")?.getBoundingClientRect().top ?? 0) > innerHeight,
    );
    await call(other, "Follow#change", "seen");
    await shows(other, "2", "2");
    expect(urls).toHaveLength(1);
    await page.locator("#second").scrollIntoViewIfNeeded();
    await shows(page, "2", "2");
    expect(urls).toHaveLength(2);
  });

  it("takes its content from the page of its address, with the frames in that, and keeps its own addresses apart", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=framed&url=/following/framed%3Ftopic=framed");
    await openFresh(bob, "stream?topic=framed");
    // There is one of that identifier there, and there are two here.
    const first = page.locator("#first");
    await expect.poll(() => first.locator(".framed").textContent()).toBe("frame update");
    expect(await first.locator(".count").textContent()).toBe("0 there");
    expect(await first.locator("#lazy").textContent()).toBe("waits");
    expect(await page.locator("#second .place").textContent()).toBe("second");
    expect(urls).toEqual(["/following/framed", "/following/frame"]);
    expect(ada.complaints.filter((text) => text.includes("too few elements"))).toHaveLength(1);
    await call(page, "Follow#own");
    await expect.poll(() => page.locator("#own").textContent()).toBe("1");
    await expect.poll(() => first.locator(".own").textContent()).toBe("there");
    expect(await first.locator("cable-ready-updates-for [data-r]").count()).toBe(0);
  });

  it.each([
    ["no address", "http://["],
    ["another site", "http://another.test/page"],
  ])("has no content from where it cannot look: %s; and the others have theirs", async (_, url) => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const asked: string[] = [];
    ada.context.on("request", (request) => asked.push(request.url()));
    const topic = `nowhere-${url.length}`;
    const { page, urls } = await openFresh(ada, `updates?topic=${topic}`);
    await expect.poll(() => urls).toHaveLength(1);
    await page.evaluate((from) => document.querySelector("#first > *")?.setAttribute("url", from), url);
    await expect.poll(() => ada.complaints.filter((text) => text.includes(url)).length).toBe(1);
    const { page: other } = await openFresh(bob, `stream?topic=${topic}`);
    await call(other, "Follow#change", topic);
    await shows(page, "0", "1");
    await call(other, "Follow#change", topic);
    await shows(page, "0", "2");
    expect(asked.filter((one) => !one.startsWith(site.url))).toEqual([]);
    expect(await page.locator("[updating]").count()).toBe(0);
  });

  it("tells before and behind an update, and can be kept from it", async () => {
    const ada = await newVisitor();
    const { page, urls } = await openFresh(ada, "updates?topic=told");
    await expect.poll(() => urls).toHaveLength(1);
    await expect.poll(() => page.locator("[updating]").count()).toBe(0);
    await page.evaluate(() => {
      const told: string[] = [];
      Reflect.set(window, "told", told);
      for (const type of ["before", "after"])
        document.addEventListener(`cable-ready:${type}-update`, (event) => {
          const { detail } = event as CustomEvent;
          const place = (event.target as Element).querySelector(".place")?.textContent;
          told.push(`${type} ${place} ${detail.html.querySelector(".count").textContent}`);
          detail.html.querySelector(".own").textContent = "by a listener";
          if (type === "before" && place === "second") event.preventDefault();
        });
    });
    const { page: other } = await openFresh(await newVisitor(), "stream?topic=told");
    await call(other, "Follow#change", "told");
    await shows(page, "1", "0");
    expect(await page.evaluate("told")).toEqual(["before first 1", "after first 1", "before second 1"]);
    expect(await page.locator("#first .own").textContent()).toBe("by a listener");
  });

  it("leaves what is being typed, what has the focus, and what is to be ignored as it is", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=typed");
    const { page: other } = await openFresh(bob, "stream?topic=typed");
    await expect.poll(() => urls).toHaveLength(1);
    const input = page.locator("#first .typed");
    await input.fill("half a wo");
    await call(other, "Follow#change", "typed");
    await shows(page, "1", "1");
    await input.pressSequentially("rd");
    expect(await input.inputValue()).toBe("half a word");
    expect(await page.locator(".ignored").allTextContents()).toEqual(["0", "0"]);
  });

  it("shows what the server's updates say of it, which did not fit what it has fetched", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=apart");
    const { page: other } = await openFresh(bob, "stream?topic=apart");
    const rows = (...counts: readonly number[]) =>
      expect
        .poll(() => page.locator("#first .rows li").allTextContents(), { timeout: 10_000 })
        .toEqual(counts.map((count, index) => `row-${index} of ${count}`));
    await expect.poll(() => urls).toHaveLength(1);
    // Before it has fetched anything else, what a call changes comes as it always does.
    await call(page, "Follow#changeSilently", "apart");
    await rows(1);
    expect(urls).toHaveLength(1);
    await call(other, "Follow#change", "apart");
    await rows(2, 2);
    expect(urls).toHaveLength(2);
    // Row 1 and 2 are new to the server, and row 2 to the page.
    await call(page, "Follow#changeSilently", "apart");
    await rows(3, 3, 3);
    expect(await page.locator("#count").textContent()).toBe("3");
    await call(page, "Follow#changeHere", "apart");
    await rows();
    await call(page, "Follow#own");
    await expect.poll(() => page.locator(".own").allTextContents()).toEqual(["1", "1"]);
    await call(other, "Follow#change", "apart");
    await rows(5);
    expect(ada.complaints).toEqual([]);
  });

  it("does not look for what its own page was rendered with", async () => {
    const ada = await newVisitor();
    const { page, urls } = await openFresh(ada, "updates?topic=author");
    await expect.poll(() => urls).toHaveLength(1);
    await call(page, "Follow#changeHere", "author");
    await shows(page, "1", "1");
    const { page: other } = await openFresh(await newVisitor(), "stream?topic=author");
    await call(other, "Follow#change", "author");
    await shows(page, "2", "2");
    expect(urls).toHaveLength(2);
  });

  it("has its page rendered without a trace: what that writes is dropped, and it touches nothing", async () => {
    const ada = await newVisitor();
    const { page, urls } = await openFresh(ada, "counting");
    await expect.poll(() => urls).toHaveLength(1);
    const { page: other } = await openFresh(await newVisitor(), "counting");
    // Loading that page touched the topic, once.
    await expect.poll(() => urls).toHaveLength(2);
    await call(other, "Follow#own");
    await page.reload();
    await expect.poll(() => page.locator(".loads").textContent()).toBe("2");
  });

  it("looks again when it could not: the server failed, or the network was down", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const { page, urls } = await openFresh(ada, "updates?topic=fails");
    const { page: other } = await openFresh(bob, "stream?topic=fails");
    await expect.poll(() => urls).toHaveLength(1);
    await page.route(/updates/, (route) => route.fulfill({ status: 503 }), { times: 1 });
    await call(other, "Follow#change", "fails");
    await shows(page, "1", "1");
    await page.route(/updates/, (route) => route.fulfill({ status: 404 }), { times: 1 });
    await call(other, "Follow#change", "fails");
    await expect
      .poll(() => ada.complaints.filter((text) => text.includes("was answered 404")))
      .toHaveLength(1);
    site.proxy.cut();
    await shows(page, "2", "2");
  });
});
