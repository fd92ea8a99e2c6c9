import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { online, Site, type Visitor } from "../support/site.ts";

// The whole text frames, as they travel, of the second update of each kind: on a page of 1,000 rows and 456 kB.

let site: Site;
let visitor: Visitor;

beforeAll(async () => {
  site = await Site.start("bench");
  visitor = await site.visitor();
});
afterAll(() => site.stop());

interface Frames {
  readonly up: string;
  readonly down: string;
}

/** The frames of one act that the server answers. */
async function exchange(page: Page, act: () => Promise<void>): Promise<Frames> {
  const frames = { up: "", down: "" };
  const [socket] = sockets.get(page) ?? [];
  if (socket === undefined) throw new Error("The page opened no socket");
  socket.onSent = (text) => {
    frames.up = text;
  };
  const answered = new Promise<void>((resolve) => {
    socket.onReceived = (text) => {
      frames.down = text;
      resolve();
    };
  });
  await act();
  await answered;
  return frames;
}

interface Listener {
  onSent: (text: string) => void;
  onReceived: (text: string) => void;
}

const sockets = new WeakMap<Page, Listener[]>();

async function open(rows: number): Promise<Page> {
  const page = await visitor.context.newPage();
  const listeners: Listener[] = [];
  sockets.set(page, listeners);
  page.on("websocket", (socket) => {
    const listener: Listener = { onSent: () => {}, onReceived: () => {} };
    listeners.push(listener);
    socket.on("framesent", ({ payload }) => listener.onSent(String(payload)));
    socket.on("framereceived", ({ payload }) => listener.onReceived(String(payload)));
  });
  await page.goto(`/table?rows=${rows}`);
  await online(page);
  return page;
}

/** The second exchange of its kind. */
async function second(
  rows: number,
  act: (page: Page) => Promise<void>,
  text = "",
): Promise<Frames & { text: string }> {
  const page = await open(rows);
  await exchange(page, () => act(page));
  const frames = await exchange(page, () => act(page));
  const shown = text === "" ? [] : await page.locator(text).allTextContents();
  await page.close();
  return { ...frames, text: shown.map((part) => part.trim()).join("") };
}

const bytes = (text: string) => Buffer.byteLength(text);
const click = (selector: string) => (page: Page) => page.click(selector);

describe("a frame", () => {
  it("of a counter takes at most 32 bytes, and its call at most 80", async () => {
    const { up, down } = await second(1_000, click('[data-step="1"]'));
    expect(up).toBe('[2,"Counter#increment",["button",{"class":"button","data-step":"1"}]]');
    expect(bytes(down)).toBeLessThanOrEqual(32);
    expect(bytes(up)).toBeLessThanOrEqual(80);
  });

  it("of a counter on a page of more than a megabyte takes as little as on a small one", async () => {
    const loaded = await visitor.context.request.get("/table?rows=3000");
    expect(bytes(await loaded.text())).toBeGreaterThan(1_000_000);
    const { down } = await second(3_000, click('[data-step="1"]'));
    expect(bytes(down)).toBeLessThanOrEqual(32);
  });

  it("of three cells of one row takes at most 72 bytes, and its call at most 96", async () => {
    const { up, down } = await second(1_000, click('[data-id="500"]'));
    expect(JSON.parse(down)[1]).toHaveLength(4);
    expect(bytes(down)).toBeLessThanOrEqual(72);
    expect(bytes(up)).toBeLessThanOrEqual(96);
  });

  it("of a row at the head takes its text and at most 80 bytes, the same in a table of 10 and of 10,000", async () => {
    const insert = (rows: number) => second(rows, click("#insert"), "#rows tr:first-child td");
    const usual = await insert(1_000);
    expect(usual.text).not.toBe("");
    expect(bytes(usual.down)).toBeLessThanOrEqual(bytes(usual.text) + 80);
    for (const rows of [10, 10_000]) {
      const { down, text } = await insert(rows);
      expect(
        Math.abs(bytes(down) - bytes(text) - (bytes(usual.down) - bytes(usual.text))),
      ).toBeLessThanOrEqual(4);
    }
  });

  it("of the last row moved to the head takes at most 72 bytes", async () => {
    expect(bytes((await second(1_000, click("#move"))).down)).toBeLessThanOrEqual(72);
  });

  it("of a row removed takes at most 56 bytes", async () => {
    expect(bytes((await second(1_000, click("#remove"))).down)).toBeLessThanOrEqual(56);
  });

  it("of what no page shows takes the call's number and two brackets", async () => {
    expect((await second(1_000, click("#unseen"))).down).toBe("[2]");
  });

  it("of a keystroke in a search, two of ten results new, takes their text and at most 160 bytes; its call 120", async () => {
    const type = (page: Page) => page.locator("[type=search]").pressSequentially("o");
    const { up, down, text } = await second(1_000, type, ".result:nth-last-child(-n+2)");
    expect(JSON.parse(down).at(-1).at(-1)[2]).toHaveLength(2);
    expect(bytes(down)).toBeLessThanOrEqual(bytes(text) + 160);
    expect(bytes(up)).toBeLessThanOrEqual(120);
  });
});
