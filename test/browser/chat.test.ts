import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import type { Verdict } from "../support/proxy.ts";
import { shows } from "../support/site.ts";
import { openAs, openBoth, twoVisitors } from "../support/two-visitors.ts";

const visitors = twoVisitors();

async function say(page: Page, text: string): Promise<void> {
  await page.fill("#text", text);
  await page.keyboard.press("Enter");
}

/** The last message, as soon as it has this text. */
async function last(page: Page, text: string): Promise<void> {
  await page.locator(".message:last-child .message-text", { hasText: text }).waitFor();
}

/** Waits until the page names exactly these as present. */
async function isHere(page: Page, ...names: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (names) => [...document.querySelectorAll("#here li")].map((item) => item.textContent).join() === names,
    names.join(),
  );
}

const isAtEnd = (page: Page) =>
  page.waitForFunction(() => {
    const log = document.querySelector("#log");
    return log !== null && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });

describe("the chat", () => {
  it("shows what one says in one's own page, by a name of one's own, and empties the field", async () => {
    const page = await visitors.ada.open("/chat");
    await page.fill("#nick", "  Ada   L. ");
    await page.click("#name-form button");
    await page.locator('#nick[value="Ada L."]').waitFor();
    await say(page, "<b>Tea</b> & biscuits?");
    await last(page, "<b>Tea</b> & biscuits?");
    expect(await page.textContent(".message-own:last-child b")).toBe("You (Ada L.)");
    expect(await page.inputValue("#text")).toBe("");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("text");
    await page.reload();
    await last(page, "<b>Tea</b> & biscuits?");
  });

  it("says what is wrong with nothing, with too much at once, and takes what is too long as far as it may be", async () => {
    const page = await visitors.ada.open("/chat/library");
    await say(page, "   ");
    await shows(page, "#chat-notice", "There is nothing to say yet. Type something first.");
    await page.evaluate(() => document.querySelector("#text")?.removeAttribute("maxlength"));
    await say(page, "long ".repeat(200));
    await shows(page, "#chat-notice", "");
    expect((await page.textContent(".message-text"))?.length).toBe(399);
    await page.fill("#text", "fast");
    await page.evaluate(() => {
      const form = document.querySelector<HTMLFormElement>("#say");
      const field = document.querySelector<HTMLInputElement>("#text");
      for (let times = 0; times < 12; times += 1) {
        if (field !== null) field.value = "fast";
        form?.requestSubmit();
      }
    });
    await shows(page, "#chat-notice", "That was a bit fast. Wait a second, and say it again.");
    const said = await page.locator(".message-text", { hasText: /^fast$/ }).count();
    expect(said).toBeGreaterThan(0);
    expect(said).toBeLessThan(12);
  });

  it("keeps what is typed while what was said before is on its way, and gives back what was not said", async () => {
    const page = await visitors.ada.open("/chat/library");
    const { promise: held, resolve } = Promise.withResolvers<Verdict>();
    const { up } = visitors.site.proxy.hooks;
    visitors.site.proxy.hooks.up = (text, connection) =>
      text.includes("Chat#say") ? held : (up?.(text, connection) ?? "forward");
    await say(page, "On its way");
    expect(await page.inputValue("#text")).toBe("");
    await page.keyboard.type("The next one");
    resolve("forward");
    await last(page, "On its way");
    expect(await page.inputValue("#text")).toBe("The next one");
    visitors.site.proxy.hooks = up === undefined ? {} : { up };
    await page.fill("#text", "  ");
    await page.keyboard.press("Enter");
    await shows(page, "#chat-notice", "There is nothing to say yet. Type something first.");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#text")?.value === "  ");
  });

  it("has rooms of their own, and no others", async () => {
    const page = await visitors.ada.open("/chat/kitchen");
    await say(page, "Who has the cups?");
    await last(page, "Who has the cups?");
    await page.click(".chat-rooms a:first-child");
    await page.waitForURL("**/chat");
    expect(await page.locator(".message", { hasText: "Who has the cups?" }).count()).toBe(0);
    expect((await page.request.get("/chat/attic")).status()).toBe(404);
  });

  it("shows the end of the log, further back by a button, and goes on from where one reads", async () => {
    const { DB } = await visitors.site.harness.getWorker().getEnv();
    const sql = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 70)
      INSERT INTO messages (room, visitor, name, text, said_at, call_key) SELECT 'library', 'x', 'Grace', 'line ' || i, i, 'k' || i FROM n`;
    await DB.prepare(sql).run();
    const page = await visitors.ada.open("/chat/library");
    await isAtEnd(page);
    expect(await page.locator(".message").count()).toBe(30);
    await page.locator("#older").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll(".message").length === 60);
    await page.evaluate(() => document.querySelector("#log")?.scrollTo(0, 0));
    await page.locator("#older").waitFor();
    await say(page, "Is anybody reading this?");
    await last(page, "Is anybody reading this?");
    await isAtEnd(page);
    expect(await page.locator(".message").count()).toBe(61);
    expect(await page.locator(".chat-below:visible").count()).toBe(0);
  });
});

/** Notes every text that is said to who cannot see the page, in order. */
async function listen(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.evaluate(() => {
    Reflect.set(window, "heard", []);
    document.addEventListener("cable-ready:after-announce", (event) => {
      Reflect.get(window, "heard").push((event as CustomEvent<{ text: string }>).detail.text);
    });
  });
  return () => page.evaluate(() => Reflect.get(window, "heard"));
}

describe("two people in a room, in two browsers", () => {
  it("read each other, each marks their own, and each message is read out once", async () => {
    const [mine, theirs] = await openBoth(visitors, "/chat");
    const heard = await listen(mine);
    await mine.focus("#text");
    await mine.keyboard.type("half a sent");
    for (const text of ["Is anybody here?", "Somebody must be."]) {
      await say(theirs, text);
      await last(mine, text);
    }
    expect(await mine.locator(".message:last-child b").textContent()).toBe("Grace");
    expect(await theirs.locator(".message-own:last-child b").textContent()).toBe("You (Grace)");
    expect(await mine.inputValue("#text")).toBe("half a sent");
    await mine.keyboard.type("ence");
    await mine.keyboard.press("Enter");
    await last(theirs, "half a sentence");
    await mine.waitForFunction(() => Reflect.get(window, "heard").length === 3);
    expect(await heard()).toEqual([
      "Grace: Is anybody here?",
      "Grace: Somebody must be.",
      "Ada: half a sentence",
    ]);
  });

  it("are in different rooms when their pages are", async () => {
    const [mine, theirs] = await openBoth(visitors, "/chat/kitchen", "/chat/library");
    const heard = await listen(mine);
    await say(theirs, "Quiet in here");
    await last(theirs, "Quiet in here");
    await say(mine, "Boiling in here");
    await last(mine, "Boiling in here");
    await mine.waitForFunction(() => Reflect.get(window, "heard").length === 1);
    expect(await heard()).toEqual(["Ada: Boiling in here"]);
    expect(await mine.locator(".message", { hasText: "Quiet in here" }).count()).toBe(0);
  });

  it("may read what was said before: what is said meanwhile does not scroll them away, and they are told", async () => {
    const [mine, theirs] = await Promise.all([
      visitors.ada.open("/chat/library"),
      openAs(visitors.grace, "Grace", "/chat/library"),
    ]);
    await isAtEnd(mine);
    await mine.evaluate(() => document.querySelector("#log")?.scrollTo(0, 0));
    await mine.waitForFunction(() => document.querySelector("#log")?.scrollTop === 0);
    await say(theirs, "Over here");
    await last(mine, "Over here");
    await mine.locator(".chat-below").waitFor();
    expect(await mine.evaluate(() => document.querySelector("#log")?.scrollTop)).toBe(0);
    await mine.click(".chat-below");
    await isAtEnd(mine);
    await mine.locator(".chat-below").waitFor({ state: "hidden" });
    expect(await mine.evaluate(() => document.activeElement?.id)).toBe("log");
    await say(theirs, "And now here");
    await last(mine, "And now here");
    await isAtEnd(mine);
  });

  it("see who is here, in how many tabs, and who has left", async () => {
    const [mine, theirs] = await openBoth(visitors, "/chat");
    await isHere(mine, "You", "Grace");
    await isHere(theirs, "You", "Ada");
    const second = await visitors.grace.open("/chat");
    await isHere(mine, "You", "Grace (in 2 tabs)");
    await second.close();
    await isHere(mine, "You", "Grace");
    await theirs.fill("#nick", "Dr. Hopper");
    await theirs.click("#name-form button");
    await isHere(mine, "You", "Dr. Hopper");
    await theirs.goto("/counter");
    await isHere(mine, "You");
  });

  it("see that somebody is typing, until they say it, or rest", async () => {
    const [mine, theirs] = await openBoth(visitors, "/chat");
    await isHere(mine, "You", "Grace");
    await theirs.focus("#text");
    await theirs.keyboard.type("Let me think");
    await shows(mine, "#typing", "Grace is typing …");
    expect(await theirs.textContent("#typing")).toBe("");
    await shows(mine, "#typing", "");
    expect(await theirs.inputValue("#text")).toBe("Let me think");
    await theirs.keyboard.type(" about it.");
    await shows(mine, "#typing", "Grace is typing …");
    await theirs.keyboard.press("Enter");
    await last(mine, "Let me think about it.");
    await shows(mine, "#typing", "");
  });
});
