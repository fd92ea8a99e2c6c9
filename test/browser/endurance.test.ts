import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { FrameProxy } from "../support/proxy.ts";
import { online, Site, shows, type Visitor } from "../support/site.ts";

// What only time tells. The cases run side by side, each visitor on a wire of its own.

let site: Site;

beforeAll(async () => {
  site = await Site.start("fixture");
});
afterAll(() => site.stop());

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

/** Texts of the frames that a page receives, and how many sockets it opens. */
function watch(page: Page) {
  const seen = { received: [] as string[], sockets: 0 };
  page.on("websocket", (socket) => {
    seen.sockets += 1;
    socket.on("framereceived", ({ payload }) => seen.received.push(String(payload)));
  });
  return seen;
}

describe.concurrent("a session that nobody uses", () => {
  it("sleeps within twelve seconds with its socket open, is not woken by a heartbeat, and wakes into a patch", async () => {
    const visitor = await site.visitor();
    const page = await visitor.context.newPage();
    const seen = watch(page);
    await page.goto("/notes");
    await online(page);
    await page.click("#tick");
    await shows(page, "#ticks", "1");
    await seconds(12);
    // Whoever is not running cannot be evicted; asking does not wake it.
    expect(await site.evictVisitor(visitor)).toBe(false);
    seen.received.length = 0;
    // What a page asks that becomes visible again.
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await vi.waitFor(() => expect(seen.received).toEqual(["~"]));
    expect(await site.evictVisitor(visitor)).toBe(false);
    await page.click("#tick");
    await shows(page, "#ticks", "2");
    expect(await site.evictVisitor(visitor)).toBe(true);
    expect(seen.received.join()).not.toContain('["page"');
    expect(seen.sockets).toBe(1);
    expect(visitor.complaints).toEqual([]);
    await visitor.context.close();
  });
});

const OUTAGES = {
  "refuses connections": (proxy: FrameProxy) => {
    proxy.isRefusing = true;
    proxy.cut();
  },
  "swallows what is sent": (proxy: FrameProxy) => {
    proxy.isSwallowing = true;
    for (const connection of proxy.connections) connection.hold();
  },
};

describe.concurrent("a call during an outage of three seconds", () => {
  it.each(Object.entries(OUTAGES))(
    "is answered within a second of the return of a network that %s, and runs once",
    async (_, cut) => {
      const proxy = await site.newProxy();
      const visitor = await site.visitor(proxy);
      const page = await visitor.open("/calls");
      // While there is a network to load it by. Text: vitest rewrites the imports in functions.
      await page.evaluate(`import("/_reflex/client.js").then((client) => { window.client = client; })`);
      await visitor.context.setOffline(true);
      cut(proxy);
      const answered = page.evaluate(`(async () => {
      const back = new Promise((resolve) => addEventListener("online", () => resolve(performance.now())));
      const { outcome } = await window.client.stimulate("Probe#tick");
      const answeredAt = performance.now();
      return { outcome, waitedMs: answeredAt - (await back) };
    })()`);
      await seconds(3);
      proxy.isRefusing = proxy.isSwallowing = false;
      await visitor.context.setOffline(false);
      const { outcome, waitedMs } = (await answered) as { outcome: string; waitedMs: number };
      expect(outcome).toBe("done");
      expect(waitedMs).toBeGreaterThan(0);
      expect(waitedMs).toBeLessThan(1000);
      expect(await page.textContent("#ticks")).toBe("1");
      await page.reload();
      expect(await page.textContent("#ticks")).toBe("1");
      await visitor.context.close();
    },
  );
});

/** Words with what keyboards and HTML make difficult. */
const WORDS = 'Zwölf Boxkämpfer jagen <b>Viktor</b> & "Łukasz" quer über den Sylter Deich — 日本語.\n';
const CHARACTERS = 500;

/** Types at twelve characters a second, and does what is due after each of them. */
async function typeSteadily(page: Page, text: string, after: (typed: number) => unknown): Promise<void> {
  const start = performance.now();
  for (const [index, character] of [...text].entries()) {
    await page.keyboard.type(character);
    after(index + 1);
    await seconds(Math.max(0, (start - performance.now()) / 1000 + (index + 1) / 12));
  }
}

/** The text area: what is in it, where the caret is, and whether it is still the one that was there. */
async function textArea(page: Page) {
  return await page.evaluate(() => {
    const area = document.querySelector<HTMLTextAreaElement>("#text");
    const isSame = area !== null && area === Reflect.get(window, "area");
    const isFocused = area === document.activeElement;
    return { value: area?.value, caret: [area?.selectionStart, area?.selectionEnd], isSame, isFocused };
  });
}

describe.concurrent("typing", () => {
  it("loses no character and no caret while sockets are cut every two seconds, the object restarts every five, and another tab changes the page", async () => {
    const proxy = await site.newProxy();
    const visitor = await site.visitor(proxy);
    const page = await visitor.open("/notes");
    const other = await visitor.open("/notes");
    await page.bringToFront();
    await page.focus("#text");
    await page.evaluate(() => Reflect.set(window, "area", document.querySelector("#text")));
    const text = WORDS.repeat(CHARACTERS / WORDS.length + 1).slice(0, CHARACTERS);
    const [first, second] = [text.slice(0, 250), text.slice(250)];
    const disturb = disturbances(proxy, visitor, other);
    await typeSteadily(page, first, disturb.after);
    // From here on in the middle of what is there already.
    await page.evaluate(() =>
      document.querySelector<HTMLTextAreaElement>("#text")?.setSelectionRange(99, 99),
    );
    await typeSteadily(page, second, disturb.after);
    const wanted = first.slice(0, 99) + second + first.slice(99);
    const typed = { value: wanted, caret: [349, 349], isSame: true, isFocused: true };
    expect(await textArea(page)).toEqual(typed);
    const { restarts, cuts, ticks } = await disturb.done();
    expect([restarts, cuts, ticks]).toEqual([8, 20, 40]);
    for (const tab of [page, other]) {
      await shows(tab, "#ticks", String(ticks));
      await shows(tab, "#writes", String(CHARACTERS));
      expect(await tab.textContent("#stored")).toBe(wanted);
      expect(await tab.inputValue("#text")).toBe(wanted);
    }
    expect(await textArea(page)).toEqual(typed);
    await page.reload();
    expect(await page.textContent("#stored")).toBe(wanted);
    expect(await page.textContent("#writes")).toBe(String(CHARACTERS));
    await visitor.context.close();
  }, 120_000);
});

/** What happens while somebody types, by the characters typed: twelve are a second. */
function disturbances(proxy: FrameProxy, visitor: Visitor, other: Page) {
  const counts = { cuts: 0, restarts: 0, ticks: 0 };
  const underWay: Promise<unknown>[] = [];
  let typed = 0;
  const after = () => {
    typed += 1;
    if (typed % 12 === 0 && counts.ticks < 40) {
      counts.ticks += 1;
      // Not a click: a page behind another one gets none from its browser in time.
      underWay.push(other.evaluate(() => document.querySelector<HTMLElement>("#tick")?.click()));
    }
    if (typed % 24 === 0) {
      counts.cuts += 1;
      // Behind the character, and between it and the next.
      setTimeout(() => proxy.cut(), (counts.cuts % 5) * 17);
    }
    if (typed % 60 === 0) {
      counts.restarts += 1;
      underWay.push(site.evictVisitor(visitor, "close"));
    }
  };
  const done = async () => {
    await Promise.all(underWay);
    return counts;
  };
  return { after, done };
}
