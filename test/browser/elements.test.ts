import { readFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Hook, ProxyHooks } from "../support/proxy.ts";
import { online, Site, type Visitor } from "../support/site.ts";

let site: Site;
let visitors: Visitor[] = [];
/** What the project does to frames. */
let hooks: ProxyHooks;

beforeAll(async () => {
  site = await Site.start("fixture");
  hooks = site.proxy.hooks;
});
afterAll(() => site.stop());
afterEach(async () => {
  site.proxy.hooks = hooks;
  await Promise.all(visitors.map(({ context }) => context.close()));
  visitors = [];
});

async function newVisitor(): Promise<Visitor> {
  const visitor = await site.visitor();
  visitors.push(visitor);
  return visitor;
}

/** Opens a page, and waits until its elements follow their topics. */
async function open(visitor: Visitor, path: string): Promise<Page> {
  const page = await visitor.open(`/following/${path}`);
  await follow(page);
  return page;
}

async function follow(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const elements = document.querySelectorAll("cable-ready-stream-from, cable-ready-updates-for");
    return elements.length > 0 && [...elements].every((element) => Reflect.get(element, "key") !== undefined);
  });
}

/** Calls an action with arguments, from the page's own code. */
async function call(page: Page, ...given: readonly unknown[]): Promise<void> {
  await page.evaluate(`import("/_reflex/client.js").then(({ stimulate }) =>
    stimulate(...${JSON.stringify(given)}).then(() => {}))`);
}

/** Waits until a page's log has these texts and no others. */
async function logs(page: Page, ...texts: readonly string[]): Promise<void> {
  await expect.poll(() => page.locator("#log li").allTextContents(), { timeout: 10_000 }).toEqual(texts);
}

/** The calls by which the pages of the site follow topics, as they go up. */
function streamCalls(): string[] {
  const calls: string[] = [];
  const up: Hook = (text, connection) => {
    const [, target] = JSON.parse(text.startsWith("[") ? text : "[]");
    if (/^Reflex#(un)?stream$/.test(target)) calls.push(target);
    return hooks.up?.(text, connection) ?? "forward";
  };
  site.proxy.hooks = { ...hooks, up };
  return calls;
}

describe("an element that streams from a topic", () => {
  it("has what is broadcast there carried out in every page that has one, once and in order", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const pages = await Promise.all([
      open(ada, "stream"),
      open(ada, "stream?several=1"),
      open(bob, "stream?bound=1"),
    ]);
    const [first] = pages;
    await call(first, "Follow#say", "room", "one", "two");
    await call(first, "Follow#say", "elsewhere", "not here");
    await call(first, "Follow#say", "room", "three");
    for (const page of pages) await logs(page, "one", "two", "three");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });

  it("asks once for all that follow the same, and leaves the topic with the last of them", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "stream?topic=left&several=1");
    const other = await open(bob, "stream?topic=left");
    expect(calls).toEqual(["Reflex#stream", "Reflex#stream"]);
    await page.evaluate(() => {
      const [first] = document.querySelectorAll("cable-ready-stream-from");
      // Moved, not removed.
      document.body.prepend(first ?? "");
      document.querySelector("cable-ready-stream-from:last-of-type")?.remove();
    });
    await call(other, "Follow#say", "left", "one");
    await logs(page, "one");
    expect(calls).toHaveLength(2);
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await expect.poll(() => calls.at(-1)).toBe("Reflex#unstream");
    await call(other, "Follow#say", "left", "two");
    await logs(other, "one", "two");
    // What comes to the one behind what came to the other would be there. An update would not fit the page, which script has changed.
    await call(page, "Follow#note", "behind it");
    await logs(page, "one");
  });

  it("goes on when another one goes that follows the same topic by another identifier", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "both?topic=both");
    const other = await open(bob, "stream?topic=both");
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await call(page, "Follow#note", "behind it");
    await call(other, "Follow#say", "both", "one");
    await logs(page, "one");
    expect(calls).not.toContain("Reflex#unstream");
    await page.evaluate(() => document.querySelector("cable-ready-stream-from")?.remove());
    await expect.poll(() => calls.at(-1)).toBe("Reflex#unstream");
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });

  it("follows its topic in the session that takes the place of the page's", async () => {
    const calls = streamCalls();
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await open(ada, "stream?topic=renewed");
    const other = await open(bob, "stream?topic=renewed");
    expect(calls).toHaveLength(2);
    await call(page, "Follow#renew");
    await expect.poll(() => calls.length, { timeout: 10_000 }).toBe(3);
    await call(page, "Follow#own");
    await call(other, "Follow#say", "renewed", "one");
    await logs(page, "one");
  });

  it("says nothing of its calls: no event, no line in the console", async () => {
    const ada = await newVisitor();
    await ada.context.addInitScript(() => {
      const told: string[] = [];
      Reflect.set(window, "told", told);
      for (const stage of ["before", "delivered", "success", "after", "finalize"])
        document.addEventListener(`reflex:${stage}`, ({ type }) => told.push(type), true);
      document.addEventListener("DOMContentLoaded", () =>
        document.documentElement.setAttribute("data-reflex-debug", ""),
      );
    });
    const lines: string[] = [];
    ada.context.on("console", (line) => lines.push(line.text()));
    const page = await open(ada, "stream?topic=quiet");
    expect(await page.evaluate("told")).toEqual([]);
    expect(lines).toEqual([]);
  });

  it("is defined, and follows, when an update brings the first one", async () => {
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    const page = await ada.open("/following/stream?topic=late&late=1");
    const files = () => page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    await call(page, "Reflex#refresh");
    expect((await files()).filter((name) => name.includes("elements.js"))).toEqual([]);
    await call(page, "Follow#own");
    await follow(page);
    const other = await bob.open("/following/stream?topic=late&late=1");
    await call(other, "Follow#say", "late", "one");
    await logs(page, "one");
    expect(ada.complaints).toEqual([]);
  });

  it("follows nothing in a preview of Turbo's", async () => {
    const calls = streamCalls();
    const page = await open(await newVisitor(), "stream?topic=preview");
    await page.evaluate(() => {
      document.documentElement.setAttribute("data-turbo-preview", "");
      const copy = document.querySelector("cable-ready-stream-from")?.cloneNode();
      (copy as Element).setAttribute("identifier", "another");
      document.body.append(copy as Element);
    });
    await call(page, "Follow#own");
    expect(calls).toEqual(["Reflex#stream"]);
  });

  it.each([
    ["warn", "stream?topic=missing", 1, 0],
    ["ignore", "stream?topic=missing&missing=ignore", 0, 0],
    ["event", "stream?topic=missing&missing=event", 0, 1],
  ] as const)("treats what has no element as it says: %s", async (_, path, warnings, events) => {
    const ada = await newVisitor();
    const page = await open(ada, path);
    await page.evaluate(() => {
      Reflect.set(window, "missing", 0);
      document.addEventListener("cable-ready:missing-element", () => {
        Reflect.set(window, "missing", Reflect.get(window, "missing") + 1);
      });
    });
    await call(page, "Follow#miss", "missing");
    await call(page, "Follow#say", "missing", "behind it");
    await logs(page, "behind it");
    expect(ada.complaints.filter((text) => text.includes("#nowhere"))).toHaveLength(warnings);
    expect(await page.evaluate("missing")).toBe(events);
  });

  it.each(["stays awake", "sleeps", "forgets its tabs"])(
    "misses nothing and repeats nothing when the connection goes and its session %s",
    async (what) => {
      const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
      const topic = `cut-${what.replaceAll(" ", "-")}`;
      const page = await open(ada, `stream?topic=${topic}`);
      const other = await open(bob, `stream?topic=${topic}`);
      await call(other, "Follow#say", topic, "before");
      await logs(page, "before");
      if (what === "sleeps") await site.evictVisitor(ada);
      await call(other, "Follow#say", topic, "awake");
      await logs(page, "before", "awake");
      await ada.context.setOffline(true);
      await page.evaluate(() => dispatchEvent(new Event("offline")));
      for (const connection of site.proxy.connections)
        if (connection.headers["user-agent"] !== undefined) connection.kill();
      await online(other);
      await call(other, "Follow#say", topic, "away", "still");
      await logs(other, "before", "awake", "away", "still");
      if (what === "forgets its tabs") await site.evictVisitor(ada, "close");
      await ada.context.setOffline(false);
      await page.evaluate(() => dispatchEvent(new Event("online")));
      await logs(page, "before", "awake", "away", "still");
      await call(other, "Follow#say", topic, "after");
      await logs(page, "before", "awake", "away", "still", "after");
    },
  );
});

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

describe("elements of pages that Turbo puts into each other's place", () => {
  it("follow the topics of the page that is shown, each as it comes and goes", async () => {
    const body = await readFile("node_modules/@hotwired/turbo/dist/turbo.es2017-esm.js", "utf8");
    const [ada, bob] = await Promise.all([newVisitor(), newVisitor()]);
    await ada.context.route("**/turbo-of-the-app.js", (route) =>
      route.fulfill({ body, contentType: "text/javascript" }),
    );
    // Turbo loads the file of elements with the first page that needs it.
    const page = await ada.context.newPage();
    await page.goto("/following/drive/none");
    await online(page);
    await page.waitForFunction("'Turbo' in window");
    const other = await open(bob, "stream?topic=drive-a");
    const to = async (name: string) => {
      await page.click(`#to-${name}`);
      await page.waitForFunction(
        (name) =>
          document.querySelector("#name")?.textContent === name &&
          !document.documentElement.hasAttribute("data-turbo-preview"),
        name,
      );
      if (name !== "none") await follow(page);
    };
    const counts = async (text: string) =>
      await expect.poll(() => page.locator(".count").textContent(), { timeout: 10_000 }).toBe(text);
    const calls = streamCalls();
    await to("drive-a");
    await call(other, "Follow#say", "drive-a", "one");
    await logs(page, "one");
    await call(other, "Follow#change", "drive-a");
    await counts("1");
    await to("drive-b");
    await expect.poll(() => calls.filter((target) => target === "Reflex#unstream")).toHaveLength(2);
    await call(other, "Follow#say", "drive-a", "two");
    await call(other, "Follow#say", "drive-b", "other");
    await logs(page, "other");
    await to("drive-a");
    await call(other, "Follow#change", "drive-a");
    await counts("2");
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#name")?.textContent === "drive-b");
    await follow(page);
    await call(other, "Follow#change", "drive-b");
    await counts("1");
    await to("none");
    await expect.poll(() => calls.filter((target) => target === "Reflex#unstream")).toHaveLength(8);
    expect(calls.filter((target) => target === "Reflex#stream")).toHaveLength(8);
    // A page that none of this was told to does not say that it was.
    const hello = Promise.withResolvers<string>();
    const up: Hook = (text, connection) => {
      if (text.startsWith('["h"') && text.includes("/drive/none")) hello.resolve(text);
      return hooks.up?.(text, connection) ?? "forward";
    };
    site.proxy.hooks = { ...hooks, up };
    for (const connection of site.proxy.connections)
      if (connection.headers["user-agent"] !== undefined) connection.kill();
    expect(JSON.parse(await hello.promise)[7]).toEqual({});
    expect([...ada.complaints, ...bob.complaints]).toEqual([]);
  });
});
