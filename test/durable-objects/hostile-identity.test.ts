import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env, exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import type { SessionObject } from "../../durable-objects/session-object.ts";
import { readAttachment } from "../../durable-objects/tab-attachment.ts";
import { Tabs } from "../../durable-objects/tabs.ts";
import { encodeCall } from "../../src/protocol/call-codec.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SessionCookie } from "../../src/security/session-cookie.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { BrowserJar, shown } from "../support/browser-jar.ts";
import { gate } from "../support/identity-site.ts";
import { ORIGIN, type Tab, upgrade } from "../support/tab.ts";

const COOKIE = "__Host-reflex";

async function state(browser: BrowserJar, id: string): Promise<string | undefined> {
  return shown((await browser.load("/state")).text, id);
}

async function objectOf(browser: BrowserJar): Promise<DurableObjectStub<SessionObject>> {
  return exports.SessionObject.getByName((await state(browser, "id")) ?? "");
}

async function visitor(): Promise<BrowserJar> {
  const browser = new BrowserJar();
  await browser.load("/state");
  return browser;
}

interface StoredRow {
  readonly values: Map<string, unknown>;
  readonly expiresAt?: number;
  readonly alarmAt?: number;
}

/** Changes what is stored of a session, and lets its object start anew. */
async function rewrite(object: DurableObjectStub, change: (row: StoredRow) => StoredRow): Promise<void> {
  await runInDurableObject(object, (_, { storage }) => {
    const row = storage.kv.get<StoredRow>("session");
    if (row === undefined) throw new Error("Nothing is stored");
    storage.kv.put("session", change(row));
  });
  await evictDurableObject(object, { webSockets: "hibernate" });
}

/** Lets the time pass in which a browser may come with its old cookie. */
async function moved(object: DurableObjectStub): Promise<void> {
  await rewrite(object, (row) => {
    const identity = row.values.get("reflex.identity") as { readonly changedAt: number };
    row.values.set("reflex.identity", { ...identity, changedAt: identity.changedAt - 31_000 });
    return row;
  });
}

async function expired(object: DurableObjectStub): Promise<void> {
  await rewrite(object, (row) => ({ ...row, expiresAt: Date.now() - 1 }));
  expect(await runDurableObjectAlarm(object)).toBe(true);
}

/** Waits until an action waits at the gate, and says what lets it go on. */
async function waiting(object: DurableObjectStub): Promise<() => Promise<void>> {
  await vi.waitFor(() => expect(gate.open).toBeDefined());
  const { open } = gate;
  delete gate.open;
  return async () => await runInDurableObject(object, () => open?.());
}

async function logIn(browser: BrowserJar, tab: Tab): Promise<void> {
  await browser.runErrand(await tab.call("Account#logIn", { args: ["Ada"] }));
}

describe("calls that wait behind a change of identity", () => {
  it("are not run when they came over a socket that it closes", async () => {
    const browser = await visitor();
    const thief = browser.stolen();
    const [tab, planted] = [await browser.open("/state"), await thief.open("/state")];
    const object = await objectOf(browser);
    await planted.call("Account#peek");
    tab.callAs(1, "Gate#logIn");
    const open = await waiting(object);
    planted.callAs(2, "Gate#rename", { args: ["Mallory"] });
    // What the action beside the queue does is done when the frame before it waits.
    planted.callAs(3, "Gate#lookBeside");
    await waiting(object).then((beside) => beside());
    await open();
    await browser.runErrand(await tab.reply(1));
    await planted.closed;
    expect(await state(browser, "name")).toBe("Ada");
  });
});

describe("a socket that a change of identity has closed", () => {
  it("has no effect when its peer goes on sending", async () => {
    const browser = await visitor();
    const thief = browser.stolen();
    const object = await objectOf(browser);
    const planted = await thief.open("/state");
    await planted.call("Account#peek");
    const tab = await browser.open("/state");
    await tab.call("Account#peek");
    // The peers of this test answer a close at once; a frame of one that does not is handed over here.
    const late: { socket?: WebSocket } = {};
    await runInDurableObject(object, (_, ctx) => {
      const name = thief.names.get(planted);
      const isPlanted = (socket: WebSocket) => readAttachment(socket)?.tab === name;
      const found = ctx.getWebSockets().find(isPlanted);
      if (found !== undefined) late.socket = found;
    });
    await tab.call("Account#logIn", { args: ["Ada"] });
    await runInDurableObject(object, async (instance, ctx) => {
      const { socket } = late;
      if (socket === undefined) throw new Error("The planted socket was not found");
      await instance.webSocketMessage(socket, `[2,${encodeCall("Gate#rename", { args: ["Mallory"] })}]`);
      // As after a sleep.
      const tabs = new Tabs(ctx);
      expect([tabs.of(socket)?.id, tabs.hasShutOut(socket)]).toEqual([thief.names.get(planted), true]);
      expect(ctx.getWebSockets().map((open) => tabs.of(open) && tabs.hasShutOut(open))).toEqual([false]);
    });
    const page = await tab.call("Account#count");
    expect(JSON.stringify([page.updates, tab.pushes])).not.toContain("Mallory");
  });
});

describe("a response of the application", () => {
  it("cannot say whose the visitor's session is", async () => {
    for (const identity of ["AAAAAAAAAAAAAAAAAAAAAA.0", "7", "ended", "moved", "x"]) {
      const browser = await visitor();
      const before = browser.header;
      const { status, response } = await browser.load(`/proxied?identity=${identity}`);
      expect([identity, status, response.headers.get("Reflex-Identity"), browser.header]).toEqual([
        identity,
        200,
        null,
        before,
      ]);
    }
  });
});

describe("a visitor whose session has ended", () => {
  it("may reset the next one with the page that begins it: nothing internal is told", async () => {
    const browser = await visitor();
    const late = browser.stolen();
    await browser.open("/state").then((tab) => logIn(browser, tab));
    await moved(await objectOf(browser));
    const { text, response } = await late.load("/log-out-link");
    expect([...response.headers.keys()].filter((name) => name.startsWith("reflex"))).toEqual([]);
    expect(await state(late, "id")).toBe(shown(text, "id"));
    expect(await state(late, "name")).toBe("after");
  });
});

describe("a cookie that was made useless", () => {
  it("stays so when the session has ended by itself since, and is begun again", async () => {
    const browser = await visitor();
    const tab = await browser.open("/state");
    await logIn(browser, tab);
    const thief = browser.stolen();
    await logIn(browser, tab);
    const object = await objectOf(browser);
    await moved(object);
    await expired(object);
    const again = await browser.open("/state");
    await logIn(browser, again);
    await moved(await objectOf(browser));
    expect(await state(thief, "name")).toBe("nobody");
    expect(await state(browser, "name")).toBe("Ada");
  });

  it("is not shared by who comes back first", async () => {
    const browser = await visitor();
    const thief = browser.stolen();
    await browser.open("/state").then((tab) => logIn(browser, tab));
    const object = await objectOf(browser);
    await moved(object);
    await expired(object);
    expect(await state(thief, "id")).not.toBe(await state(browser, "id"));
  });

  it("is known as such for as long as it may come, and then nothing is left", async () => {
    const browser = await visitor();
    await browser.open("/state").then((tab) => logIn(browser, tab));
    const object = await objectOf(browser);
    await expired(object);
    const left = await runInDurableObject(object, async (_, { storage }) => ({
      keys: [...storage.kv.list()].map(([key]) => key),
      row: storage.kv.get<StoredRow>("session"),
      alarm: await storage.getAlarm(),
    }));
    expect([left.keys, [...(left.row?.values.keys() ?? [])]]).toEqual([["session"], ["reflex.identity"]]);
    expect(left.alarm).toBeGreaterThan(Date.now() + SESSION_MS - 60_000);
    await expired(object);
    const count = await runInDurableObject(object, (_, { storage }) => [...storage.kv.list()].length);
    expect(count).toBe(0);
  });

  it("is not dated anew by an errand without a ticket", async () => {
    const browser = await visitor();
    const [, id = ""] = /^v1\.([\w-]{22})\./.exec(browser.get(COOKIE) ?? "") ?? [];
    const yesterday = new SessionCookie(
      new KeyRing(env.REFLEX_KEYS),
      SESSION_MS,
      () => Date.now() - 2 * 86_400_000,
    );
    const [Cookie = ""] = (await yesterday.write({ id, generation: 0 }, ORIGIN)).split(";");
    expect((await browser.errand("", { Cookie })).headers.getSetCookie()).toHaveLength(1);
    await browser.open("/state").then((tab) => logIn(browser, tab));
    const putOff = await browser.errand("", { Cookie });
    expect([putOff.status, putOff.headers.getSetCookie()]).toEqual([503, []]);
    // A body that nobody reads keeps its object from being evicted.
    await putOff.text();
    await moved(await objectOf(browser));
    const refused = await browser.errand("", { Cookie });
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([401, []]);
  });

  it("keeps no sockets open that its visitor could not open then", async () => {
    const browser = await visitor();
    const thief = browser.stolen();
    await browser.open("/state").then((tab) => logIn(browser, tab));
    for (let count = 0; count < 128; count += 1) (await upgrade(thief.header)).webSocket?.accept();
    const tab = await browser.open("/state");
    expect((await tab.call("Account#count")).outcome).toBe("done");
  });
});

describe("two changes of identity", () => {
  it("leave the browser the later cookie, whichever errand is run last", async () => {
    const browser = await visitor();
    const tab = await browser.open("/state");
    const first = await tab.call("Account#logIn", { args: ["Ada"] });
    const second = await tab.call("Account#logIn", { args: ["Bea"] });
    await browser.runErrand(second);
    await browser.runErrand(first);
    expect(browser.get(COOKIE)).toMatch(/^v2\.[\w-]{22}\.2\./);
    expect(await state(browser, "name")).toBe("Bea");
  });

  it("keep the cookie for the browser however many others are set before it is fetched", async () => {
    const browser = await visitor();
    const tab = await browser.open("/state");
    const moving = await tab.call("Account#logIn", { args: ["Ada"] });
    const themes = Array.from({ length: LIMITS.exchanges }, (_, index) => `theme${index}`);
    for (const theme of themes) await tab.call("Account#dress", { args: [theme] });
    expect((await browser.runErrand(moving))?.status).toBe(204);
    expect(await state(browser, "name")).toBe("Ada");
  });
});

describe("a reset while an action runs beside it", () => {
  it("is not answered with what the action has read before", async () => {
    const browser = await visitor();
    const tab = await browser.open("/state");
    const object = await objectOf(browser);
    tab.callAs(1, "Gate#lookBeside");
    const look = await waiting(object);
    tab.callAs(2, "Account#logOut");
    await tab.reply(2);
    await look();
    expect((await tab.reply(1)).outcome).toBe("session-ended");
  });

  it("survives an eviction before its errand", async () => {
    const browser = await visitor();
    const tab = await browser.open("/state");
    const old = await objectOf(browser);
    const reply = await tab.call("Account#logOutAndCount", { args: [7] });
    await evictDurableObject(old, { webSockets: "hibernate" });
    const answers = await Promise.all([browser.runErrand(reply), browser.runErrand(reply)]);
    expect(answers.map((answer) => answer?.status)).toEqual([204, 204]);
    expect(await state(browser, "count")).toBe("7");
    const next = await browser.open("/state");
    await next.call("Account#count");
    // What was written for it is written once.
    await browser.runErrand(reply);
    expect(await state(browser, "count")).toBe("8");
  });
});
