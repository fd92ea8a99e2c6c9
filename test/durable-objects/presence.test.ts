import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SessionObject } from "../../durable-objects/session-object.ts";
import { TopicObject } from "../../durable-objects/topic-object.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { PAGE_LEFT } from "../../src/protocol/refusals.ts";
import type { Attendance } from "../../src/topics/presence-messages.ts";
import type { PresenceMarks } from "../../src/topics/presence-store.ts";
import { shownHere } from "../support/presence-site.ts";
import { visitorNamed } from "../support/presence-tabs.ts";
import { load, newTabId, objectOf, stateIn, Tab, visit } from "../support/tab.ts";
import worker, { logged } from "../support/worker.ts";

let topic = "";
/** Their cookies. */
let visitors: string[] = [];

beforeEach(() => {
  topic = `room:${newTabId()}`;
  logged.length = 0;
  shownHere.length = 0;
  visitors = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  expect(logged).toEqual([]);
});

const root = () => exports.TopicObject.getByName(topic) as DurableObjectStub<TopicObject>;

/** What anybody is told who asks. */
async function here(): Promise<readonly { readonly name: string; readonly tabs: number }[]> {
  const list = await worker.presence<{ name: string }>({ exports }, topic);
  return list.map(({ meta, tabs }) => ({ name: meta.name, tabs }));
}

/** A visitor of that name. */
async function visitor(name: string): Promise<string> {
  const cookie = await visitorNamed(name);
  visitors.push(cookie);
  return cookie;
}

/** Opens a page of the room as a browser does: loads it, then says what it came with. */
async function open(cookie: string, path = "here"): Promise<Tab> {
  return await load(`/${path}?in=${topic}`, cookie);
}

/** Puts another page into the place of what a tab shows. */
async function goTo(tab: Tab, url: string): Promise<void> {
  const page = await (await visit(url, { headers: { Cookie: tab.cookie } })).text();
  tab.send(["l", url, stateIn(page)]);
}

/** What the pages of a visitor showed last. */
const lastShown = (name: string, path = "here") =>
  shownHere.findLast((one) => one.name === name && one.path === path)?.here;

async function shows(name: string, text: string, path = "here"): Promise<void> {
  await vi.waitFor(() => expect(lastShown(name, path)).toBe(text));
}

/** How many times the topic has told that somebody came or went. */
async function toldCount(): Promise<number> {
  return await runInDurableObject(root(), (_, { storage }) => {
    const rows = storage.sql.exec("SELECT value FROM node WHERE key LIKE 'publication:%'").toArray();
    return rows.filter(({ value }) => String(value).includes('"roster"')).length;
  });
}

/** The tabs of those who have fewer than is told, and are given their grace. */
async function leaving(): Promise<readonly unknown[]> {
  return await runInDurableObject(root(), (_, { storage }) =>
    storage.sql
      .exec("SELECT fewer FROM presence WHERE due IS NOT NULL")
      .toArray()
      .map(({ fewer }) => fewer),
  );
}

/** Lets the topic ask all who are present. */
async function asked(): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.presenceLeaseMs });
  await runDurableObjectAlarm(root());
  vi.useRealTimers();
}

/** What a visitor's session says of itself to the topic. */
async function statementOf(cookie: string): Promise<Attendance> {
  const session = (await objectOf({ cookie: cookie })) as DurableObjectStub<SessionObject>;
  return await session.attendance(topic);
}

/** Waits until the topic has told all that has changed, and its sessions have rendered what they were to. */
async function quiet(): Promise<void> {
  await vi.waitFor(async () => {
    const marks = await runInDurableObject(root(), (_, { storage }) =>
      storage.kv.get<PresenceMarks>("presence"),
    );
    expect(marks?.isUntold).not.toBe(true);
  });
  for (let length = -1; length !== shownHere.length; ) {
    length = shownHere.length;
    for (let turn = 0; turn < 5; turn += 1)
      for (const cookie of visitors) await (await visit("/id", { headers: { Cookie: cookie } })).text();
  }
}

/** Lets the topic's alarm ring when its grace is over. */
async function graceOver(): Promise<void> {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.leaveMs });
  await runDurableObjectAlarm(root());
  vi.useRealTimers();
}

describe("presence", () => {
  it("shows in each page who is here, its own visitor marked, and tabs counted for each", async () => {
    const [ada, bob] = [await visitor("ada"), await visitor("bob")];
    await open(ada);
    expect(lastShown("ada")).toBe("|0");
    await shows("ada", "(ada)|1");
    await open(bob);
    await shows("ada", "(ada),bob|2");
    await shows("bob", "ada,(bob)|2");
    await open(bob);
    await shows("ada", "(ada),bob+2|2");
    expect(await here()).toEqual([
      { name: "ada", tabs: 1 },
      { name: "bob", tabs: 2 },
    ]);
  });

  it("renders each page once for a change, and none that only rests on the topic", async () => {
    const [ada, bob, eve] = [await visitor("ada"), await visitor("bob"), await visitor("eve")];
    await open(ada);
    await open(eve, "look");
    await open(ada, "rests");
    await shows("ada", "(ada)|1");
    await shows("eve", "ada|1", "look");
    await quiet();
    shownHere.length = 0;
    const tab = await open(bob);
    await shows("ada", "(ada),bob|2");
    await shows("eve", "ada,bob|2", "look");
    await shows("bob", "ada,(bob)|2");
    await quiet();
    const ofOthers = shownHere.filter(({ name }) => name !== "bob");
    expect(ofOthers.map(({ name, path }) => `${name} ${path}`).sort()).toEqual(["ada here", "eve look"]);
    shownHere.length = 0;
    await tab.call("Visitor#type", { args: [true] });
    await shows("ada", "(ada),bob*|2");
    await shows("bob", "ada,(bob*)|2");
    await quiet();
    // Bob's own: behind the call, and when the topic has told what it tells.
    expect(shownHere.map(({ name }) => name).sort()).toEqual(["ada", "bob", "bob", "eve"]);
  });

  it("asks a topic once for a change, however many tabs a session has", async () => {
    const ada = await visitor("ada");
    for (let count = 0; count < 4; count += 1) await open(ada);
    const eve = await open(await visitor("eve"));
    await shows("ada", "(ada+4),eve|2");
    await shows("eve", "ada+4,(eve)|2");
    await quiet();
    const asked = vi.spyOn(TopicObject.prototype, "roster");
    shownHere.length = 0;
    await eve.call("Visitor#type", { args: [true] });
    await vi.waitFor(() => {
      expect(shownHere.filter(({ name, here }) => name === "ada" && here === "(ada+4),eve*|2").length).toBe(
        4,
      );
    });
    await quiet();
    // Each session asks for what has changed of what it knows, and Ada's four tabs share the answer.
    expect(asked.mock.calls.map(([known]) => typeof known)).toEqual(["string", "string"]);
  });

  it("loses nobody and tells nobody when a page is loaded again", async () => {
    const [ada, bob] = [await visitor("ada"), await visitor("bob")];
    await open(ada);
    const tab = await open(bob);
    await shows("ada", "(ada),bob|2");
    await shows("bob", "ada,(bob)|2");
    await quiet();
    const told = await toldCount();
    shownHere.length = 0;
    tab.socket.close(PAGE_LEFT);
    await vi.waitFor(async () => expect(await leaving()).toEqual([0]));
    await open(bob);
    await vi.waitFor(async () => expect(await leaving()).toEqual([]));
    await quiet();
    await graceOver();
    expect(await toldCount()).toBe(told);
    expect(shownHere.filter(({ name }) => name === "ada")).toEqual([]);
    expect((await here()).length).toBe(2);
  });

  it("ends behind the grace for who has left, and at once for who has logged out", async () => {
    const [ada, bob, eve] = [await visitor("ada"), await visitor("bob"), await visitor("eve")];
    await open(ada);
    const left = await open(bob);
    const logged = await open(eve);
    await shows("ada", "(ada),bob,eve|3");
    await logged.call("Visitor#logOut");
    await shows("ada", "(ada),bob|2");
    left.socket.close(PAGE_LEFT);
    await vi.waitFor(async () => expect(await leaving()).toEqual([0]));
    expect((await here()).length).toBe(2);
    await graceOver();
    await shows("ada", "(ada)|1");
  });

  it("counts the tabs that are left, behind the grace", async () => {
    const ada = await visitor("ada");
    await open(ada);
    const second = await open(ada);
    await shows("ada", "(ada+2)|1");
    second.socket.close(PAGE_LEFT);
    await vi.waitFor(async () => expect(await leaving()).toEqual([1]));
    expect(lastShown("ada")).toBe("(ada+2)|1");
    await graceOver();
    await shows("ada", "(ada)|1");
  });

  it("says what was told last by any tab, and does not go back and forth", async () => {
    const ada = await visitor("ada");
    const first = await open(ada);
    const second = await open(ada);
    await shows("ada", "(ada+2)|1");
    await first.call("Visitor#type", { args: [true] });
    await shows("ada", "(ada*+2)|1");
    await quiet();
    const told = await toldCount();
    shownHere.length = 0;
    await second.call("Visitor#type", { args: [true] });
    await first.call("Visitor#type", { args: [false] });
    await shows("ada", "(ada+2)|1");
    await quiet();
    expect((await toldCount()) - told).toBe(1);
    // Two calls, and both tabs once for what was told.
    expect(shownHere.length).toBe(4);
  });

  it("goes with the page, and stays from one page of the room to the next", async () => {
    const ada = await visitor("ada");
    const tab = await open(ada);
    await shows("ada", "(ada)|1");
    await quiet();
    const told = await toldCount();
    await goTo(tab, `/here?in=${topic}&again`);
    await vi.waitFor(async () => expect(await leaving()).toEqual([]));
    await quiet();
    expect([await toldCount(), (await here()).length]).toEqual([told, 1]);
    await goTo(tab, "/");
    await vi.waitFor(async () => expect(await leaving()).toEqual([0]));
    await graceOver();
    expect(await here()).toEqual([]);
  });

  it("lasts through the sleep of sessions and of the topic, and is told behind it", async () => {
    const [ada, bob] = [await visitor("ada"), await visitor("bob")];
    await open(ada);
    const tab = await open(bob);
    await shows("ada", "(ada),bob|2");
    await shows("bob", "ada,(bob)|2");
    await quiet();
    const told = await toldCount();
    for (const cookie of [ada, bob])
      await evictDurableObject(await objectOf({ cookie: cookie }), { webSockets: "hibernate" });
    await evictDurableObject(root());
    expect((await here()).length).toBe(2);
    await asked();
    await quiet();
    expect([await toldCount(), (await here()).length]).toEqual([told, 2]);
    for (const cookie of [ada, bob])
      await evictDurableObject(await objectOf({ cookie: cookie }), { webSockets: "hibernate" });
    await evictDurableObject(root());
    await tab.call("Visitor#name", { args: ["bobby"] });
    await shows("ada", "(ada),bobby|2");
    await shows("bobby", "ada,(bobby)|2");
  });

  it("ends for a session that was killed with all its tabs, when the topic asks", async () => {
    const [ada, bob] = [await visitor("ada"), await visitor("bob")];
    await open(ada);
    await open(bob);
    await shows("ada", "(ada),bob|2");
    await quiet();
    await evictDurableObject(await objectOf({ cookie: bob }), { webSockets: "close" });
    expect((await here()).length).toBe(2);
    await asked();
    await vi.waitFor(async () => expect(await leaving()).toEqual([0]));
    await graceOver();
    await shows("ada", "(ada)|1");
  });

  it("goes on for a session that was killed and whose tab has come back", async () => {
    const ada = await visitor("ada");
    await open(ada);
    await shows("ada", "(ada)|1");
    await quiet();
    const told = await toldCount();
    await evictDurableObject(await objectOf({ cookie: ada }), { webSockets: "close" });
    await open(ada);
    await quiet();
    await asked();
    await quiet();
    expect([await toldCount(), await leaving()]).toEqual([told, []]);
    expect(await here()).toEqual([{ name: "ada", tabs: 1 }]);
  });

  it("says again that it is present to a topic that has forgotten it", async () => {
    const ada = await visitor("ada");
    await open(ada);
    await shows("ada", "(ada)|1");
    await runInDurableObject(root(), (_, { storage }) => {
      storage.sql.exec("DELETE FROM presence");
    });
    await evictDurableObject(root());
    await open(await visitor("bob"));
    await shows("bob", "(bob),ada|2");
    await shows("ada", "bob,(ada)|2");
  });

  it("ends for a tab of which nothing was heard for long, although its socket is open", async () => {
    const [ada, bob] = [await visitor("ada"), await visitor("bob")];
    const alive = await open(ada);
    const dead = await open(bob);
    await shows("ada", "(ada),bob|2");
    await quiet();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + LIMITS.presenceLeaseMs });
    alive.send(["a", 1]);
    await vi.waitFor(async () => expect((await statementOf(ada)).tabs).toBe(1));
    await runDurableObjectAlarm(root());
    expect(await dead.closed).toEqual({ code: 4408, reason: "tab-silent" });
    await vi.waitFor(async () => expect(await leaving()).toEqual([0]));
    vi.setSystemTime(Date.now() + LIMITS.leaveMs);
    await runDurableObjectAlarm(root());
    expect(await here()).toEqual([{ name: "ada", tabs: 1 }]);
  });

  it("fails the page that tells what is too large, and tells nobody of it", async () => {
    const ada = await visitor("ada");
    const get = (chars: number) =>
      visit(`/here?in=${topic}&chars=${chars}`, { headers: { Cookie: ada } }).then(({ status }) => status);
    expect(await get(LIMITS.presenceChars - 2)).toBe(200);
    expect(await get(LIMITS.presenceChars - 1)).toBe(500);
    expect(logged.splice(0)).toMatchObject([
      { event: "page-failed", cause: { code: "topic-presence", name: "TopicError" } },
    ]);
  });

  it("is looked at by reflexes, and by code outside of sessions", async () => {
    const ada = await visitor("ada");
    const tab = await open(ada);
    await shows("ada", "(ada)|1");
    expect((await tab.call("Visitor#look", { args: [topic] })).payload).toEqual({ here: "(ada)|1" });
    const stranger = await Tab.open("/", await visitor("bob"));
    expect((await stranger.call("Visitor#look", { args: [topic] })).payload).toEqual({ here: "ada|1" });
    const list = [...(await worker.presence({ exports }, topic))];
    expect(list).toMatchObject([{ meta: { name: "ada", typing: false }, tabs: 1, isSelf: false }]);
    const { name } = (await objectOf({ cookie: ada })).id;
    expect(list[0]?.id).toMatch(/^[\w-]{12}$/);
    expect(JSON.stringify(list)).not.toContain(name ?? "");
    await expect(worker.presence({ exports }, "a room")).rejects.toMatchObject({ code: "topic-name" });
  });
});
