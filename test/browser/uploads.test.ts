import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { online, Site, shows, touched, type Visitor } from "../support/site.ts";

const PART = 5_242_880;

let site: Site;
/** Bytes of files that went over the wire. */
let sent = 0;

beforeAll(async () => {
  site = await Site.start("fixture");
  count();
});
afterAll(() => site.stop());
afterEach(() => {
  count();
  delete site.proxy.hooks.request;
  delete site.proxy.hooks.up;
});

/** Counts what goes up, from zero. */
function count(breaksAt = Number.POSITIVE_INFINITY): void {
  sent = 0;
  let isBroken = false;
  site.proxy.hooks.body = (bytes, { method }) => {
    if (method !== "PUT") return true;
    sent += bytes;
    if (isBroken || sent < breaksAt) return true;
    isBroken = true;
    return false;
  };
}

/** Keeps requests back whose address ends so. */
function hold(ending: string): { readonly reached: Promise<void>; release(): void } {
  const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  site.proxy.hooks.request = async ({ method, url }) => {
    if (method !== "PUT" || url?.endsWith(ending) !== true) return;
    reached.resolve();
    await released.promise;
  };
  return { reached: reached.promise, release: released.resolve };
}

/** A file of so many bytes, and the digest that the server should come to. */
function fileOf(size: number, name = "sea.png", mimeType = "image/png") {
  const buffer = randomBytes(size);
  return { file: { name, mimeType, buffer }, digest: createHash("sha256").update(buffer).digest("hex") };
}

/** Writes down the events of uploads as they come. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen: unknown[] = [];
    Reflect.set(window, "seen", seen);
    for (const name of ["upload-start", "upload-progress", "upload-done", "upload-error", "error"])
      document.addEventListener(`reflex:${name}`, (event) => {
        const { loaded, total, code, error } = (event as CustomEvent).detail;
        const bar = document.querySelector<HTMLProgressElement>("#bar");
        const { id } = event.target as Element;
        seen.push({
          name,
          id,
          loaded,
          total,
          code: code ?? error?.code,
          bar: bar?.value,
          isHidden: bar?.hidden,
        });
        if (name === "error") event.preventDefault();
      });
  });
}

interface Seen {
  readonly name: string;
  readonly id: string;
  readonly loaded?: number;
  readonly total?: number;
  readonly code?: string;
  readonly bar: number;
  readonly isHidden: boolean;
}

async function seen(page: Page): Promise<readonly Seen[]> {
  return await page.evaluate(() => Reflect.get(window, "seen"));
}

async function opened(): Promise<{ readonly visitor: Visitor; readonly page: Page }> {
  const visitor = await site.visitor();
  const page = await visitor.open("/album");
  await watch(page);
  return { visitor, page };
}

/** Waits for as many photos; their digests. */
async function photos(page: Page, number: number, timeout = 25_000): Promise<readonly (string | null)[]> {
  await page.locator(`#photos li:nth-child(${number})`).waitFor({ timeout });
  return await page
    .locator("#photos li")
    .evaluateAll((items) => items.map((item) => item.getAttribute("data-digest")));
}

describe("a file that is chosen in a form", () => {
  it("is up before the form's call is made, and shows how far it is, without a script of the page's", async () => {
    const { visitor, page } = await opened();
    const { file, digest } = fileOf(2 * PART + 7);
    await page.setInputFiles("#photo", file);
    await page.click("#send");
    expect(await photos(page, 1)).toEqual([digest]);
    const events = await seen(page);
    const loaded = events.filter(({ name }) => name === "upload-progress").map((event) => event.loaded ?? 0);
    expect([events[0]?.name, events.at(-1)?.name, events.at(-1)?.id]).toEqual([
      "upload-start",
      "upload-done",
      "photo",
    ]);
    expect(loaded.length).toBeGreaterThanOrEqual(3);
    expect(loaded).toEqual(loaded.toSorted((left, right) => left - right));
    expect(events.every(({ total }) => total === file.buffer.length)).toBe(true);
    expect(
      events.filter(({ name }) => name === "upload-progress").every((one) => one.bar === one.loaded),
    ).toBe(true);
    expect(events.map(({ isHidden }) => isHidden)).toEqual([...loaded.map(() => false), false, true]);
    expect([sent, visitor.complaints]).toEqual([file.buffer.length, []]);
    await visitor.context.close();
  });

  it("comes with the others of its input, in order, an empty one too", async () => {
    const { visitor, page } = await opened();
    const files = [fileOf(3, "a.png"), fileOf(0, "a.png"), fileOf(10, "b.txt", "")];
    await page.setInputFiles(
      "#small",
      files.map(({ file }) => file),
    );
    await page.click("#send");
    expect(await photos(page, 3)).toEqual(files.map(({ digest }) => digest));
    await visitor.context.close();
  });

  it("comes from an input elsewhere in the page that belongs to the form", async () => {
    const { visitor, page } = await opened();
    await page.evaluate(() => {
      const photo = document.querySelector("#photo");
      photo?.setAttribute("form", "form");
      document.querySelector("#elsewhere")?.before(photo ?? "");
    });
    const { file, digest } = fileOf(3);
    await page.setInputFiles("#photo", file);
    await page.click("#send");
    expect(await photos(page, 1)).toEqual([digest]);
    await visitor.context.close();
  });

  it("is only named to calls that are not the form's own, and where its input does not ask for more", async () => {
    const { visitor, page } = await opened();
    await page.setInputFiles("#photo", fileOf(3).file);
    await page.setInputFiles("#plain", fileOf(3, "plain.png").file);
    await page.fill("#words", "two");
    await shows(page, "#said", "two sea.png");
    expect([sent, await seen(page)]).toEqual([0, []]);
    await page.click("#send");
    await photos(page, 1);
    expect(sent).toBe(3);
    await visitor.context.close();
  });

  it("lets the calls of other elements pass meanwhile, and keeps the form's own in order", async () => {
    const { visitor, page } = await opened();
    const held = hold("/1");
    const calls: string[] = [];
    site.proxy.hooks.up = (text) => {
      for (const [, target] of text.matchAll(/"((?:Album|Probe)#\w+)"/g)) calls.push(target ?? "");
      return "forward";
    };
    await page.setInputFiles("#photo", fileOf(3).file);
    await page.fill("#words", "one");
    await shows(page, "#said", "one sea.png");
    await page.click("#send");
    await page.setInputFiles("#photo", []);
    await page.click("#halt");
    await page.click("#elsewhere");
    await page.waitForFunction(
      () => document.querySelector("#elsewhere")?.getAttribute("aria-busy") === null,
    );
    await expect.poll(() => calls).toEqual(["Album#type", "Probe#tick"]);
    held.release();
    await photos(page, 1);
    await expect.poll(() => calls).toEqual(["Album#type", "Probe#tick", "Album#add", "Album#refuse"]);
    await visitor.context.close();
  });

  it("is sent once for a call that stops itself and the next one, and twice for two that do not", async () => {
    const { visitor, page } = await opened();
    const { file, digest } = fileOf(1_000);
    await page.setInputFiles("#photo", file);
    const stopped = page.evaluate(() =>
      new Promise((done) => document.addEventListener("reflex:halted", done)).then(() => true),
    );
    await page.click("#halt");
    await stopped;
    expect(sent).toBe(1_000);
    await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>("#form");
      form?.requestSubmit();
      form?.requestSubmit();
    });
    expect(await photos(page, 2)).toEqual([digest, digest]);
    expect(sent).toBe(2_000);
    await visitor.context.close();
  });
});

describe("an upload that is interrupted", () => {
  it("goes on with the part at which the connection broke", async () => {
    const { visitor, page } = await opened();
    const { file, digest } = fileOf(3 * PART);
    count(PART + PART / 2);
    await page.setInputFiles("#photo", file);
    await page.click("#send");
    expect(await photos(page, 1)).toEqual([digest]);
    // What of the broken part had gone is sent again.
    expect(sent).toBeGreaterThan(3 * PART);
    expect(sent).toBeLessThan(4 * PART);
    await visitor.context.close();
  });

  it("waits while the browser is offline, and goes on when it is not", async () => {
    const { visitor, page } = await opened();
    const { file, digest } = fileOf(2 * PART);
    let offline: Promise<void> | undefined;
    site.proxy.hooks.body = (bytes, { method }) => {
      if (method === "PUT") sent += bytes;
      if (method === "PUT" && sent > PART) offline ??= visitor.context.setOffline(true);
      return offline === undefined;
    };
    await page.setInputFiles("#photo", file);
    await page.click("#send");
    await page.locator('html[data-reflex-connection="offline"]').waitFor({ state: "attached" });
    await offline;
    count();
    await visitor.context.setOffline(false);
    expect(await photos(page, 1)).toEqual([digest]);
    expect(sent).toBe(PART);
    await visitor.context.close();
  });

  it("goes on after a reload when the same file is chosen again, its session asleep meanwhile", async () => {
    const { visitor, page } = await opened();
    const { file, digest } = fileOf(3 * PART);
    const directory = await mkdtemp(join(tmpdir(), "edge-reflex-upload-"));
    const path = join(directory, "sea.png");
    await using handle = await open(path, "w");
    await handle.write(file.buffer);
    // The third part never arrives.
    const held = hold("/3");
    await page.setInputFiles("#photo", path);
    await page.click("#send");
    await held.reached;
    await page.reload();
    // What was under way stays where it is, and what comes behind it goes through.
    delete site.proxy.hooks.request;
    await site.evictVisitor(visitor);
    await online(page);
    count();
    await page.setInputFiles("#photo", path);
    await page.click("#send");
    expect(await photos(page, 1)).toEqual([digest]);
    expect(sent).toBe(PART);
    held.release();
    await rm(directory, { recursive: true });
    await visitor.context.close();
  });
});

describe("a file that the field does not take", () => {
  it.each([
    ["too large", "#small", fileOf(11), "upload-too-large"],
    ["of the wrong type", "#photo", fileOf(3, "sea.mp4", "video/mp4"), "upload-type"],
  ])(
    "is refused before a byte of it is sent, and its call is not made: %s",
    async (_, input, { file }, code) => {
      const { visitor, page } = await opened();
      await page.setInputFiles(input, file);
      await page.click("#send");
      await page.waitForFunction(() => Reflect.get(window, "seen").length === 3);
      expect(await seen(page)).toMatchObject([
        { name: "upload-start" },
        { name: "upload-error", code, id: input.slice(1) },
        { name: "error", code, id: "form" },
      ]);
      expect([sent, await page.locator("#photos li").count()]).toEqual([0, 0]);
      // What the server answers with 4xx, browsers write to the console.
      expect(visitor.complaints.every((complaint) => complaint.includes("Failed to load resource"))).toBe(
        true,
      );
      await visitor.context.close();
    },
  );
});

describe("an upload that is given up", () => {
  it.each([
    ["by a button of its form", (page: Page) => page.click("#cancel")],
    ["by an event at its input", (page: Page) => page.dispatchEvent("#photo", "reflex:upload-cancel")],
    ["by an event at its form", (page: Page) => page.dispatchEvent("#form", "reflex:upload-cancel")],
  ])("%s makes no call, and leaves nothing on the server", async (_, cancel) => {
    const { visitor, page } = await opened();
    const held = hold("/1");
    await page.setInputFiles("#photo", fileOf(3).file);
    await page.click("#send");
    await held.reached;
    const removed = page.waitForResponse((response) => response.request().method() === "DELETE");
    await cancel(page);
    expect((await removed).status()).toBe(410);
    await page.waitForFunction(() => Reflect.get(window, "seen").at(-1).name === "error");
    expect((await seen(page)).at(-1)).toMatchObject({ code: "upload-cancelled", isHidden: true });
    expect(await page.locator("#photos li").count()).toBe(0);
    held.release();
    count();
    await page.click("#send");
    await photos(page, 1);
    expect(sent).toBe(3);
    await visitor.context.close();
  });

  it("by a listener that prevents its start sends nothing at all", async () => {
    const { visitor, page } = await opened();
    await page.evaluate(() => addEventListener("reflex:upload-start", (event) => event.preventDefault()));
    await page.setInputFiles("#photo", fileOf(3).file);
    await page.click("#send");
    await page.waitForFunction(() => Reflect.get(window, "seen").at(-1)?.name === "error");
    expect((await seen(page)).at(-1)).toMatchObject({ code: "upload-cancelled" });
    expect(sent).toBe(0);
    await visitor.context.close();
  });
});

describe("a form that asks to be reset", () => {
  it("is when its call is done", async () => {
    const { visitor, page } = await opened();
    await touched(page);
    await page.fill("#words", "all gone");
    await page.setInputFiles("#photo", fileOf(3).file);
    await page.click("#send");
    await shows(page, "#said", "all gone");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#words")?.value === "");
    expect(await page.inputValue("#photo")).toBe("");
    await visitor.context.close();
  });

  it("is not when what the call shows says false, as of a form in which something is wrong", async () => {
    const { visitor, page } = await opened();
    const words = page.locator("#words");
    await words.fill("too short");
    await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>("#form");
      // As an update that comes with the answer.
      const show = () => form?.setAttribute("data-reflex-reset", "false");
      form?.addEventListener("reflex:before-morph", show, { once: true });
    });
    await page.click("#send");
    await shows(page, "#said", "too short");
    await page.locator("[aria-busy]").waitFor({ state: "detached" });
    expect(await words.inputValue()).toBe("too short");
    await visitor.context.close();
  });

  it("is not when nobody knows what was typed since its call", async () => {
    const { visitor, page } = await opened();
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route("**/_reflex/page.js*", async (route) => {
      await released;
      await route.continue();
    });
    await page.reload();
    await online(page);
    await page.fill("#words", "first");
    await page.locator("#words").press("Enter");
    await page.locator("#words").pressSequentially(" and more");
    release();
    await page.locator("html:not([data-reflex-pending])").waitFor({ state: "attached" });
    expect(await page.inputValue("#words")).toBe("first and more");
    await visitor.context.close();
  });

  it("is not when the call stops itself, or when somebody has gone on typing", async () => {
    const { visitor, page } = await opened();
    const stopped = page.evaluate(() =>
      new Promise((done) => document.addEventListener("reflex:halted", done)).then(() => true),
    );
    await page.fill("#words", "stays");
    await page.click("#halt");
    await stopped;
    expect(await page.inputValue("#words")).toBe("stays");
    await page.evaluate(() => {
      document.querySelector<HTMLFormElement>("#form")?.requestSubmit();
      const words = document.querySelector<HTMLInputElement>("#words");
      if (words) words.value = "more";
      words?.dispatchEvent(new Event("input", { bubbles: true }));
    });
    await shows(page, "#said", "stays");
    expect(await page.inputValue("#words")).toBe("more");
    await visitor.context.close();
  });
});

describe("a file of 100 MB", () => {
  it("goes up without being in the page's memory", async () => {
    const { visitor, page } = await opened();
    const directory = await mkdtemp(join(tmpdir(), "edge-reflex-upload-"));
    const path = join(directory, "large.bin");
    await using handle = await open(path, "w");
    // Sparse: what is in it is of no matter here, and a disk is not to be filled.
    await handle.truncate(100_000_000);
    const session = await visitor.context.newCDPSession(page);
    const heap = async () => {
      const { usedSize, backingStorageSize = 0 } = await session.send("Runtime.getHeapUsage");
      return usedSize + backingStorageSize;
    };
    const before = await heap();
    let peak = 0;
    await page.setInputFiles("#photo", path);
    await page.click("#send");
    let isUp = false;
    const photo = photos(page, 1, 90_000).then(() => {
      isUp = true;
    });
    while (!isUp) peak = Math.max(peak, await heap());
    await photo;
    expect(sent).toBe(100_000_000);
    expect(peak - before).toBeLessThan(8_000_000);
    await rm(directory, { recursive: true });
    await visitor.context.close();
  }, 100_000);
});
