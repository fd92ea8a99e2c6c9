import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { PROTOCOL_VERSION } from "../../src/protocol/names.ts";
import { newCookie, newTabId, objectOf, Tab, type TabHello } from "../support/tab.ts";
import { keys, renders, told } from "../support/worker.ts";

/** A crash, as far as the session can tell: its memory and its sockets are gone. */
async function crash(tab: Tab): Promise<void> {
  await evictDurableObject(await objectOf(tab), { webSockets: "close" });
}

/** The keys that are written while something is done, a deletion with a minus. */
async function writesDuring(tab: Tab, act: () => Promise<unknown>): Promise<readonly string[]> {
  const stub = await objectOf(tab);
  const written: string[] = [];
  await runInDurableObject(stub, (object) => {
    const { storage } = Reflect.get(object, "surroundings").ctx;
    const put = storage.kv.put.bind(storage.kv);
    const remove = storage.kv.delete.bind(storage.kv);
    vi.spyOn(storage.kv, "put").mockImplementation((...[key, value]: unknown[]) => {
      written.push(String(key));
      put(key, value);
    });
    vi.spyOn(storage.kv, "delete").mockImplementation((key: unknown) => {
      written.push(`-${key}`);
      return remove(key);
    });
  });
  await act();
  await runInDurableObject(stub, () => vi.restoreAllMocks());
  return written;
}

/** The tab comes back on a new socket, and says what it has seen. */
async function comeBack(from: Tab, name: string, hello: Partial<TabHello>): Promise<Tab> {
  return await Tab.open("/", from.cookie, { tab: name, state: "", ...hello });
}

/** The selector morphs over the last render of the page that the tab was sent. */
function morphsOver(tab: Tab): readonly Update[] {
  let morphs: readonly Update[] = [];
  for (const update of updatesOf(tab)) {
    const isMorph = update[0] === "inner" && update[3] === undefined;
    morphs = isMorph ? [...morphs, update] : [];
  }
  return morphs;
}

/** Every update that the tab was sent, in order, but for templates. */
function updatesOf(tab: Tab): readonly Update[] {
  const items = tab.frames.flatMap((frame) => frame.slice(frame[0] === "p" ? 3 : 1) as unknown[]);
  return items.filter((item): item is Update => Array.isArray(item) && item[0] !== "template");
}

const titleOf = (count: number) => ["title", `Count &lt;${count}&gt;`];
const patchTo = (count: number) => [["", ["0", String(count)]], titleOf(count)];

describe("a call that comes for the second time", () => {
  it("is run once and answered once on one socket, and answered again on the next", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    for (let time = 0; time < 3; time += 1) tab.callAs(1, "Probe#addSlowly");
    await tab.reply(1);
    expect((await tab.call("Probe#peek")).number).toBe(1);
    tab.callAs(2, "Probe#add");
    await tab.reply(2);
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(2, "Probe#add");
    expect((await again.reply(2)).outcome).toBe("done");
    expect(await again.count()).toBe("2");
    expect(tab.frames.filter((frame) => frame[0] === 2)).toHaveLength(1);
  });

  it.each([
    ["succeeded", "Probe#add", "done"],
    ["morphed nothing", "Probe#whisper", "nothing"],
    ["failed", "Probe#addThenThrow", "reflex-failed"],
    ["broke the page", "Probe#addThenBreakThePage", "page-failed"],
    ["was stopped", "Probe#haltAfterAdding", "halted"],
    ["was forbidden", "Probe#forbidWhateverHappens", "forbidden"],
    ["does not exist", "Probe#missing", "unknown-action"],
  ])("has the same end after a crash, and runs no more: one that %s", async (_, target, outcome) => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    const first = await tab.call(target);
    expect(first.outcome).toBe(outcome);
    const count = await tab.count();
    await crash(tab);
    const again = await comeBack(tab, name, { seen: first.updates.length > 0 ? 2 : 1, low: 2 });
    const second = await again.call(target);
    expect([second.number, second.outcome, second.id, second.updates]).toEqual([2, outcome, first.id, []]);
    expect(await again.count()).toBe(count);
    expect(again.pushes).toEqual([]);
  });

  it("is not taken for one that ran when its number was only passed over", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    for (const number of [3, 2, 3, 2, 9]) {
      tab.callAs(number, "Probe#add");
      await tab.reply(number);
    }
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 3, low: 5 });
    for (const number of [2, 3, 4, 8, 9]) {
      again.callAs(number, "Probe#add");
      await again.reply(number);
    }
    // 4 was acknowledged: whoever says so does not mean it any more.
    expect(await again.count()).toBe("5");
    again.callAs(2 ** 52 - 1, "Probe#add");
    expect((await again.reply(2 ** 52 - 1)).outcome).toBe("done");
  });

  it("is known by its number and page load, whichever tab brings it", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    const next = await Tab.open("/", tab.cookie, { low: 2 });
    const heirs = [next, await Tab.open("/", tab.cookie, { low: 2 })];
    for (const heir of heirs) {
      heir.send([1, "Probe#add", 0, 0, 0, 0, name]);
      heir.send([2, "Probe#add", 0, 0, 0, 0, name]);
    }
    for (const heir of heirs) await heir.reply(2);
    expect(await next.count()).toBe("2");
    expect((await next.call("Probe#add")).number).toBe(2);
    expect(await next.count()).toBe("3");
  });

  it("made by an earlier page elsewhere is answered without its page, and this page shows what it changed", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet");
    tab.send([2, "Probe#add", 0, 0, 0, 0, newTabId(), "/static?from"]);
    expect((await tab.reply(2)).frame).toEqual([2]);
    await tab.until(() => tab.pushes.length > 0);
    expect(tab.pushes).toEqual([patchTo(1)]);
  });

  it("has its selector morph pushed again when nobody knows whether it came", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const { updates } = await tab.call("Probe#say", { args: ["hi"] });
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    await again.call("Probe#say", { args: ["hi"] });
    expect(again.pushes).toContainEqual(updates);
    // Whoever has it has said so: then it is not kept.
    const answered = await comeBack(tab, name, { seen: 1, low: 2 });
    await answered.call("Probe#add");
    await crash(answered);
    const later = await comeBack(tab, name, { seen: 2, low: 2 });
    later.callAs(1, "Probe#say", { args: ["hi"] });
    expect((await later.reply(1)).frame).toEqual([1]);
    expect(later.pushes).not.toContainEqual(updates);
  });

  it("tells other systems the same key each time that it runs, and no other call does", async () => {
    keys.length = 0;
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const stub = await objectOf(tab);
    await runInDurableObject(stub, (object) => {
      const { storage } = Reflect.get(object, "surroundings").ctx;
      vi.spyOn(storage.kv, "put").mockImplementationOnce(() => {
        throw new Error("no space");
      });
    });
    expect((await tab.call("Probe#key")).outcome).toBe("reflex-failed");
    await runInDurableObject(stub, () => vi.restoreAllMocks());
    // What could not be written may be tried again: it left nothing behind.
    const again = await comeBack(tab, name, { seen: 0 });
    expect((await again.call("Probe#key")).outcome).toBe("done");
    await again.call("Probe#key");
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#key");
    expect(keys[0]).toBe(keys[1]);
    expect(new Set(keys).size).toBe(3);
    expect(await tab.count()).toBe("3");
  });
});

/** What the law below calls: an action with its arguments, or that another tab changes the session. */
type Step = readonly [target: string, ...args: unknown[]] | "another tab";

const OWN_STEPS: readonly Step[] = [
  ["Probe#say", "hi"],
  ["Probe#say", "ho"],
  ["Probe#add"],
  ["Probe#whisper"],
  ["Probe#nameQuietly", "Ada"],
  ["Probe#haltAfterAdding"],
  ["Probe#peek"],
];

/** Does all of it, each step when the one before it shows. Returns the calls of the tab, in order. */
async function perform(tab: Tab, steps: readonly Step[]): Promise<readonly Exclude<Step, string>[]> {
  const other = await Tab.open("/", tab.cookie);
  for (const step of steps) {
    if (step !== "another tab") {
      const [target, ...args] = step;
      await tab.call(target, { args });
      continue;
    }
    const before = tab.pushes.length;
    await other.call("Probe#add");
    await tab.until(() => tab.pushes.length > before);
  }
  return steps.filter((step) => step !== "another tab");
}

describe("a selector morph whose answer was lost with the object", () => {
  it("is shown again exactly when no render of the page came behind it", async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...OWN_STEPS) },
      { weight: 1, arbitrary: fc.constant<Step>("another tab") },
    );
    const steps = fc.array(step, { minLength: 1, maxLength: 7 });
    const law = fc.asyncProperty(steps, async (steps) => {
      const name = newTabId();
      const tab = await Tab.open("/", undefined, { tab: name });
      const calls = await perform(tab, steps);
      await crash(tab);
      const again = await comeBack(tab, name, { seen: 0 });
      for (const [index, [target, ...args]] of calls.entries()) again.callAs(index + 1, target, { args });
      for (const index of calls.keys()) await again.reply(index + 1);
      await again.until(() => again.pushes.length > 0);
      expect(morphsOver(again)).toEqual(morphsOver(tab));
      const titles = updatesOf(again).flatMap((update) => (update[0] === "page" ? [update[2]] : []));
      expect(titles.at(-1)).toBe(titleOf(Number(await again.count()))[1]);
    });
    await fc.assert(law, { numRuns: 30 });
  });

  it("lies over the page that the tab comes back to, however long that takes to render", async () => {
    const name = newTabId();
    const tab = await Tab.open("/slow", undefined, { tab: name });
    const { updates } = await tab.call("Probe#say", { args: ["hi"] });
    await crash(tab);
    const again = await Tab.open("/slow", tab.cookie, { tab: name, state: "" });
    again.callAs(1, "Probe#say", { args: ["hi"] });
    again.callAs(2, "Probe#whisper");
    await again.reply(2);
    expect(again.pushes).toEqual([[["page", expect.anything(), ""]], updates]);
    expect(again.frames.slice(-2)).toEqual([[1], [2, "nothing"]]);
  });

  it("is shown again when its tab has a state, whose time is written down as the tab drops", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const { updates } = await tab.call("Probe#sayAndStep", { args: ["hi"] });
    const written = await writesDuring(tab, async () => {
      tab.socket.close(1000);
      await tab.closed;
      // A turn behind the one that writes it.
      await tab.count();
    });
    expect(written).toEqual(["session"]);
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(1, "Probe#sayAndStep", { args: ["hi"] });
    await again.reply(1);
    expect(morphsOver(again)).toEqual(updates);
  });

  it("is shown again when another tab has changed what belongs to that tab alone", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const { updates } = await tab.call("Probe#say", { args: ["hi"] });
    await (await Tab.open("/", tab.cookie)).call("Probe#step", { args: ["on"] });
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(1, "Probe#say", { args: ["hi"] });
    await again.reply(1);
    expect(morphsOver(again)).toEqual(updates);
  });

  it("goes without the errand of its call, which the browser still has to run", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const { updates } = await tab.call("Probe#sayAndDress", { args: ["dark"] });
    expect(updates.map(([kind]) => kind)).toEqual(["errand", "inner"]);
    await tab.call("Probe#add");
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(1, "Probe#sayAndDress", { args: ["dark"] });
    await again.reply(1);
    expect(updatesOf(again)).toEqual([["page", expect.anything(), titleOf(1)[1]], updates[0]]);
  });

  it("costs no render of its own, nor a row", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    await tab.call("Probe#add");
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    await again.until(() => again.pushes.length > 0);
    renders.length = 0;
    const written = await writesDuring(again, async () => {
      again.callAs(1, "Probe#say", { args: ["hi"] });
      again.callAs(2, "Probe#add");
      await again.reply(2);
    });
    // What the test asks for itself is /id.
    expect([written, renders.filter((path) => path === "/"), again.pushes.length]).toEqual([[], [], 1]);
    expect(again.frames.slice(-2)).toEqual([[1], [2]]);
  });

  it.each([
    ["is shown again when those have changed nothing", "Probe#whisper", 1],
    ["is not when one has changed the session", "Probe#add", 0],
  ])("and whose record other tabs have driven out of the shared row %s", async (_, target, count) => {
    const name = newTabId();
    const tab = await Tab.open("/static", undefined, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    for (let other = 0; other < LIMITS.sharedTabs; other += 1)
      await (await Tab.open("/static", tab.cookie)).call(target);
    await crash(tab);
    const again = await Tab.open("/static", tab.cookie, { tab: name, state: "" });
    again.callAs(1, "Probe#say", { args: ["hi"] });
    await again.reply(1);
    expect(morphsOver(again)).toHaveLength(count);
  });

  it("is not shown again behind a page morph of some roots, nor behind what was done as the page was elsewhere", async () => {
    const behind: readonly ((tab: Tab) => Promise<unknown>)[] = [
      (tab) => tab.call("Probe#add", { root: "#count" }),
      async (tab) => {
        tab.send(["l", "/static"]);
        tab.send([2, "Probe#add", 0, 0, 0, 0, 0, "/"]);
        await tab.reply(2);
        tab.send(["l", "/"]);
      },
    ];
    for (const act of behind) {
      const name = newTabId();
      const tab = await Tab.open("/", undefined, { tab: name });
      await tab.call("Probe#say", { args: ["hi"] });
      await act(tab);
      await crash(tab);
      const again = await comeBack(tab, name, { seen: 0 });
      again.callAs(1, "Probe#say", { args: ["hi"] });
      await again.reply(1);
      expect([morphsOver(again), updatesOf(again)]).toMatchObject([
        [],
        [["page", expect.anything(), titleOf(1)[1]]],
      ]);
    }
  });

  it.each([
    ["is shown again", [], 1],
    ["is not when another tab has changed the session since", ["another tab"], 0],
  ] as const)("and that was stored before news was counted %s", async (_, since, count) => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    await runInDurableObject(await objectOf(tab), (_, { storage }) => {
      const row = storage.kv.get<{ tabs: Map<string, object> }>("session") ?? { tabs: new Map() };
      const without = (record: object) => ({ ...record, news: undefined });
      const tabs = new Map([...row.tabs].map(([tab, record]) => [tab, without(record)]));
      storage.kv.put("session", { ...without(row), tabs });
    });
    await crash(tab);
    const same = await comeBack(tab, name, { seen: 1, low: 2 });
    await perform(same, since);
    await crash(same);
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(1, "Probe#say", { args: ["hi"] });
    await again.reply(1);
    expect(morphsOver(again)).toHaveLength(count);
  });
});

describe("a copy of a call that comes late", () => {
  it("paints nothing over what came behind the call", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#say", { args: ["hi"] });
    await tab.call("Probe#add");
    tab.callAs(1, "Probe#say", { args: ["hi"] });
    await tab.call("Probe#whisper");
    expect(tab.frames.slice(-2)).toEqual([[1], [3, "nothing"]]);
  });
});

describe("a page that is left right behind a call", () => {
  it("has it run all the same", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    tab.callAs(2, "Probe#add");
    tab.socket.close(1000);
    await tab.closed;
    expect(await tab.count()).toBe("2");
  });
});

describe("a page that was away", () => {
  it("is sent again what it missed, as it was, while the object remembers it", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#greet");
    const missed = [await tab.call("Probe#add"), await tab.call("Probe#add")];
    const again = await comeBack(tab, name, { seen: 1, low: 2 });
    again.callAs(2, "Probe#add");
    again.callAs(4, "Probe#add");
    expect((await again.reply(4)).updates).toEqual(patchTo(3));
    // The welcome comes behind what was missed, and in front of everything else.
    expect(again.frames.slice(0, 4)).toEqual([
      ...missed.map(({ frame }) => frame),
      expect.arrayContaining(["w"]),
      [2],
    ]);
    expect(await tab.closed).toMatchObject({ code: 4409, reason: "tab-moved" });
  });

  it("is sent a patch to what others have changed meanwhile", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#greet");
    const other = await Tab.open("/", tab.cookie);
    tab.socket.close(1000);
    await tab.closed;
    await other.call("Probe#add", { args: [7] });
    const again = await comeBack(tab, name, { seen: 1, low: 2 });
    await again.until(() => again.pushes.length > 0);
    expect(again.pushes).toEqual([patchTo(7)]);
  });

  it("is sent nothing after a crash when it shows all that its own last call has left, and patches from there", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 1, low: 2 });
    again.callAs(2, "Probe#add");
    const { updates } = await again.reply(2);
    expect([updates, again.pushes]).toEqual([patchTo(2), []]);
  });

  it("is sent nothing after a crash when it shows all that it was pushed last, and says so", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add", { args: [0] });
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#add");
    await tab.until(() => tab.pushes.length > 0);
    const push = tab.frames.find((frame) => frame[0] === "p");
    expect(push?.slice(0, 2)).toEqual(["p", 2]);
    await crash(tab);
    const state = String(push?.[2]);
    const again = await Tab.open("/", tab.cookie, { tab: name, seen: 2, low: 2, state });
    again.callAs(2, "Probe#add");
    expect([(await again.reply(2)).updates, again.pushes]).toEqual([patchTo(2), []]);
  });

  it("is sent a patch after a crash to what another tab has changed since, which came back before", async () => {
    const names = [newTabId(), newTabId()] as const;
    const tab = await Tab.open("/", undefined, { tab: names[0] });
    const other = await Tab.open("/", tab.cookie, { tab: names[1] });
    await tab.call("Probe#add");
    await other.call("Probe#add");
    await crash(tab);
    const first = await comeBack(tab, names[1], { seen: 2, low: 2 });
    first.callAs(2, "Probe#add");
    await first.reply(2);
    const push = tab.frames.find((frame) => frame[0] === "p");
    const state = String(push?.[2]);
    const second = await comeBack(tab, names[0], { seen: 2, low: 2, state });
    await second.until(() => second.pushes.length > 0);
    expect(second.pushes).toEqual([patchTo(3)]);
  });

  it("is sent the page when the answer was lost with everything that could tell what the page shows", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    await again.until(() => again.pushes.length > 0);
    again.callAs(1, "Probe#add");
    await again.reply(1);
    expect(again.pushes).toMatchObject([[["page", expect.stringContaining(">1</p>"), "Count &lt;1&gt;"]]]);
  });

  it("gets its answers and pushes on its new socket while its call still runs", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const stub = await objectOf(tab);
    delete told.go;
    tab.callAs(1, "Probe#addWhenTold");
    await vi.waitFor(() => expect(told.go).toBeDefined());
    const again = await comeBack(tab, name, { seen: 0 });
    again.callAs(1, "Probe#addWhenTold");
    await runInDurableObject(stub, () => told.go?.());
    expect((await again.reply(1)).outcome).toBe("done");
    expect(again.frames.filter((frame) => frame[0] === 1)).toHaveLength(1);
    expect(await again.count()).toBe("9000");
  });
});

describe("an action that is declared to only read", () => {
  it("writes no row, runs again when it is asked again, and may not write", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    const written = await writesDuring(tab, async () => {
      expect((await tab.call("Probe#peek")).outcome).toBe("done");
      expect((await tab.call("Probe#peekAndWrite")).outcome).toBe("reflex-failed");
    });
    expect(written).toEqual([]);
    await crash(tab);
    const again = await comeBack(tab, name, { seen: 0 });
    await again.until(() => again.pushes.length > 0);
    renders.length = 0;
    await again.call("Probe#peek");
    expect(renders).toEqual(["/"]);
    expect(await again.count()).toBe("0");
  });

  it.each(["peek", "overtake"])(
    "does not run again when its answer is sent again: Probe#%s",
    async (action) => {
      const name = newTabId();
      const tab = await Tab.open("/", undefined, { tab: name });
      const stub = await objectOf(tab);
      await tab.call("Probe#add");
      delete told.go;
      tab.callAs(2, `Probe#${action}`);
      if (action === "overtake") {
        await vi.waitFor(() => expect(told.go).toBeDefined());
        await runInDurableObject(stub, () => told.go?.());
      }
      const { frame } = await tab.reply(2);
      await (await Tab.open("/", tab.cookie)).call("Probe#add");
      await tab.until(() => tab.pushes.length > 0);
      // As a page that has seen the first answer only.
      const again = await comeBack(tab, name, { seen: 1, low: 2 });
      renders.length = 0;
      again.callAs(2, `Probe#${action}`);
      again.callAs(3, "Probe#add");
      const { updates } = await again.reply(3);
      expect([...again.frames.slice(0, 2), again.frames[3]]).toEqual([frame, tab.frames.at(-1), [2]]);
      expect(JSON.stringify(updates)).toContain('"3"');
      expect(again.frames.filter((frame) => frame[0] === 2)).toHaveLength(2);
    },
  );

  it("does not run again for a second copy that comes after a sleep: nothing waits for its answer", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    const element = ["a", { "data-name": "Ada" }];
    const { updates } = await tab.call("Probe#greet", { element });
    expect(updates).toHaveLength(1);
    await evictDurableObject(await objectOf(tab), { webSockets: "hibernate" });
    renders.length = 0;
    tab.callAs(2, "Probe#greet", { element });
    await tab.until(() => tab.frames.filter(([head]) => head === 2).length === 2);
    expect(tab.frames.at(-1)).toEqual([2]);
    expect(renders).toEqual([]);
    // What the next update counts from is what the page shows.
    expect(JSON.stringify((await tab.call("Probe#add")).updates)).not.toContain("page");
  });

  it("does not run again for a second copy behind its answer, though that has changed nothing", async () => {
    const tab = await Tab.open();
    const element = ["a", { "data-name": "Ada" }];
    await tab.call("Probe#greet", { element });
    expect((await tab.call("Probe#greet", { element })).updates).toEqual([]);
    renders.length = 0;
    tab.callAs(2, "Probe#greet", { element: ["a", { "data-name": "Bob" }] });
    await tab.until(() => tab.frames.filter(([head]) => head === 2).length === 2);
    expect([tab.frames.at(-1), renders]).toEqual([[2], []]);
  });

  it("is overtaken by nothing, unless it is declared concurrent: then those behind it need not wait", async () => {
    const tab = await Tab.open();
    delete told.go;
    const slow = tab.call("Probe#overtake");
    await vi.waitFor(() => expect(told.go).toBeDefined());
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.anything(), expect.anything()],
    ]);
    await runInDurableObject(await objectOf(tab), () => told.go?.());
    // Its page is rendered with what was committed meanwhile.
    expect(JSON.stringify((await slow).updates)).toContain("overtaken 1");
    expect(await tab.count()).toBe("1");
  });
});

describe("what a call costs", () => {
  it("is one row, whatever small values it changes, and one for each large one", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    expect(await writesDuring(tab, () => tab.call("Probe#add"))).toEqual(["session"]);
    expect(await writesDuring(tab, () => tab.call("Probe#whisper"))).toEqual(["session"]);
    expect(await writesDuring(tab, () => tab.call("Probe#missing"))).toEqual(["session"]);
    const large = "x".repeat(LIMITS.sharedValueChars + 1);
    expect(await writesDuring(tab, () => tab.call("Probe#nameQuietly", { args: [large] }))).toEqual([
      "session",
      "session:name",
    ]);
    expect(await writesDuring(tab, () => tab.call("Probe#add"))).toEqual(["session"]);
    expect(await writesDuring(tab, () => tab.call("Probe#nameQuietly", { args: ["x"] }))).toEqual([
      "session",
      "-session:name",
    ]);
  });

  it("is no row for an answer from memory, and none for a page that shows itself again", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    const written = await writesDuring(tab, async () => {
      const again = await comeBack(tab, name, { seen: 1 });
      await again.call("Probe#add");
      await again.count();
    });
    expect(written).toEqual([]);
  });
});

describe("the calls of many tabs", () => {
  it("are remembered beyond those that share a row, but for tabs that have left", async () => {
    const cookie = await newCookie();
    const names = Array.from({ length: LIMITS.sharedTabs + 3 }, newTabId);
    const [first = ""] = names;
    for (const name of names) await (await Tab.open("/", cookie, { tab: name })).call("Probe#add");
    const again = await Tab.open("/", cookie, { tab: first, seen: 1, low: 1, state: "" });
    await crash(again);
    const later = await Tab.open("/", cookie, { tab: first, seen: 1, low: 1, state: "" });
    expect((await later.call("Probe#add")).outcome).toBe("done");
    expect(await later.count()).toBe(String(names.length));
    const stored = () =>
      runInDurableObject(objectStub, (_, { storage }) =>
        [...storage.kv.list({ prefix: "tab:" })].map(([key]) => key),
      );
    const objectStub = await objectOf(later);
    expect(await stored()).toHaveLength(3);
    for (const name of names.slice(3)) {
      const leaving = await Tab.open("/", cookie, { tab: name, seen: 1, low: 2, state: "" });
      await leaving.until(() => leaving.frames.length > 0);
      leaving.socket.close(4000);
      await leaving.closed;
    }
    await (await Tab.open("/", cookie)).call("Probe#add");
    const tabs = await runInDurableObject(
      objectStub,
      (_, { storage }) => storage.kv.get<{ tabs: Map<string, unknown> }>("session")?.tabs.size,
    );
    expect([tabs, (await stored()).length]).toEqual([1, 3]);
  });
});

describe("calls that failed", () => {
  it("are not taken for done because many other tabs have called since", async () => {
    const cookie = await newCookie();
    const name = newTabId();
    const failing = await Tab.open("/", cookie, { tab: name });
    const failed = await Promise.all(Array.from({ length: 20 }, () => failing.call("Probe#addThenThrow")));
    for (let other = 0; other < LIMITS.sharedTabs; other += 1)
      await (await Tab.open("/static", cookie)).call("Probe#whisper");
    await crash(failing);
    const asking = await comeBack(failing, name, { seen: 0 });
    for (const { number } of failed) asking.callAs(number, "Probe#addThenThrow");
    for (const { number, id } of failed) expect((await asking.reply(number)).id).toBe(id);
  });
});

describe("a session of very many values", () => {
  it("finds each, in a row that does not grow with them", async () => {
    const tab = await Tab.open();
    const stub = await objectOf(tab);
    await runInDurableObject(stub, (_, { storage }) => {
      for (let key = 0; key <= LIMITS.listedKeys; key += 1) storage.kv.put(`session:old-${key}`, key);
      storage.kv.put("session:count", 5);
    });
    await crash(tab);
    const again = await Tab.open("/", tab.cookie);
    expect(await again.count()).toBe("5");
    await again.call("Probe#add");
    expect(await again.count()).toBe("6");
    await crash(again);
    expect(await again.count()).toBe("6");
    const rest = await runInDurableObject(stub, (_, { storage }) => [
      storage.kv.get<{ large: unknown }>("session")?.large,
      storage.kv.get("session:count"),
      storage.kv.get("session:old-7"),
    ]);
    expect(rest).toEqual([undefined, undefined, 7]);
  });
});

describe("a session that was stored before calls were", () => {
  it("is read as it is, and moves into one row as it is written", async () => {
    const tab = await Tab.open();
    const stub = await objectOf(tab);
    await runInDurableObject(stub, (_, { storage }) => {
      storage.kv.put("session:count", 41);
      storage.kv.put("session:name", "Ada");
    });
    await crash(tab);
    expect(await tab.count()).toBe("41");
    const again = await Tab.open("/", tab.cookie);
    expect(await writesDuring(again, () => again.call("Probe#add"))).toEqual(["session", "-session:count"]);
    expect(await tab.count()).toBe("42");
    await crash(again);
    expect(await tab.count()).toBe("42");
    const left = await runInDurableObject(stub, (_, { storage }) =>
      [...storage.kv.list({ prefix: "session:" })].map(([, value]) => value),
    );
    expect(left).toEqual(["Ada"]);
  });
});

describe("a hello", () => {
  it("is answered with the protocol's version, the session and the client's newest files", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet");
    expect(tab.frames[0]).toEqual([
      "w",
      PROTOCOL_VERSION,
      expect.stringMatching(/^[0-9a-f]{12}$/),
      expect.any(String),
    ]);
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#greet");
    expect(other.frames[0]).toEqual(tab.frames[0]);
  });

  it.each([
    ["a second one", (tab: Tab) => tab.hello("/")],
    ["one behind a location", (tab: Tab) => tab.hello("/")],
  ])("closes the socket where it does not belong: %s", async (name, say) => {
    const tab = await Tab.connect(await newCookie());
    if (name === "a second one") tab.hello("/");
    else tab.send(["l", "/"]);
    say(tab);
    expect(await tab.closed).toMatchObject({ code: 4400 });
  });

  it("of a page load that claims to have seen what was never sent is answered with the page", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    const again = await comeBack(tab, name, { seen: 1_000 });
    await again.until(() => again.pushes.length > 0);
    expect(again.frames.find((frame) => frame[0] === "p")?.slice(0, 2)).toEqual(["p", 1_001]);
    expect(again.pushes).toMatchObject([[["page", expect.anything(), expect.anything()]]]);
  });
});

describe("a client of the version before", () => {
  it("says where it is, calls, and is pushed to as it understands", async () => {
    const tab = await Tab.connect(await newCookie());
    tab.send(["l", "/"]);
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.anything(), expect.anything()],
    ]);
    expect((await tab.call("Probe#add")).frame).toEqual([2, ...patchTo(2)]);
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#add");
    await tab.until(() => tab.pushes.length > 0);
    expect(tab.frames.at(-1)).toEqual(["p", ...patchTo(3)]);
    expect(tab.frames.some(([kind]) => kind === "w")).toBe(false);
  });
});

describe("answers", () => {
  it("go to the tab that asked, and to no other of the session", async () => {
    const tab = await Tab.open("/static");
    const other = await Tab.open("/static", tab.cookie);
    await other.call("Probe#greet");
    await Promise.all([
      tab.call("Probe#add"),
      tab.call("Probe#missing"),
      tab.call("Probe#say", { args: ["x"] }),
    ]);
    await other.call("Probe#whisper");
    expect(other.frames.map(([kind]) => kind)).toEqual(["w", 1, 2]);
  });

  it("are kept for a tab that acknowledges nothing as far as there is room; of the largest then the number alone", async () => {
    const name = newTabId();
    const tab = await Tab.open("/static", undefined, { tab: name });
    const large = "x".repeat(LIMITS.keptReplyChars / 4);
    const outcomes: string[] = [];
    for (let call = 0; call < 6; call += 1) {
      outcomes.push((await tab.call("Probe#say", { args: [large] })).outcome);
    }
    expect(new Set(outcomes)).toEqual(new Set(["done"]));
    for (let call = 0; call < 2 * LIMITS.keptReplies; call += 1) tab.callAs(7 + call, "Probe#missing");
    await tab.reply(6 + 2 * LIMITS.keptReplies);
    const stored = await runInDurableObject(await objectOf(tab), (_, { storage }) =>
      storage.kv.get<{ tabs: Map<string, { replies: Map<number, string> }> }>("session")?.tabs.get(name),
    );
    const texts = [...(stored?.replies.values() ?? [])];
    expect(texts.length).toBeLessThanOrEqual(LIMITS.keptReplies);
    expect(texts.join("").length).toBeLessThanOrEqual(LIMITS.keptReplyChars);
  });
});

describe("what comes when nobody expects it", () => {
  it("a call that ran is answered so also while the session is full", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    expect((await tab.call("Probe#add")).outcome).toBe("done");
    const stub = await objectOf(tab);
    const other = await Tab.open("/", tab.cookie);
    delete told.go;
    other.callAs(1, "Probe#addWhenTold");
    await vi.waitFor(() => expect(told.go).toBeDefined());
    for (let number = 2; number <= LIMITS.waitingTurns + 3; number += 1)
      other.callAs(number, "Probe#whisper");
    await other.reply(LIMITS.waitingTurns + 3);
    // The answer to 1 was lost with the socket.
    const again = await comeBack(tab, name, { seen: 1, low: 1 });
    again.callAs(1, "Probe#add");
    again.callAs(2, "Probe#missing");
    await again.reply(2);
    await runInDurableObject(stub, () => told.go?.());
    expect((await again.reply(1)).outcome).toBe("done");
  });

  it("a fresh page that inherits a selector morph shows what a fresh render shows", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    // Reloaded before the answer came: the next load brings the call again.
    const next = await Tab.open("/", tab.cookie, { low: 2 });
    next.send([1, "Probe#say", 0, 0, ["hi"], 0, name, "/"]);
    await next.reply(1);
    expect(next.pushes.flat().filter(([kind]) => kind === "inner")).toEqual([]);
  });

  it("a page that has moved on is not painted with the selector morph of the page before", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#say", { args: ["hi"] });
    const again = await Tab.open("/static", tab.cookie, { tab: name, state: "", seen: 0, low: 1 });
    again.send([1, "Probe#say", 0, 0, ["hi"], 0, 0, "/"]);
    await again.reply(1);
    expect(again.pushes.flat().filter(([kind]) => kind === "inner")).toEqual([]);
  });

  it("a push behind a redirect of an earlier page's call has its own number after a sleep", async () => {
    const tab = await Tab.open("/");
    tab.send([2, "Probe#peek", 0, 0, 0, 0, newTabId(), "/go?to=/report.csv"]);
    expect((await tab.reply(2)).updates).toEqual([["visit", expect.anything()]]);
    await evictDurableObject(await objectOf(tab));
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#add");
    await tab.until(() => tab.pushes.length > 0);
    expect(tab.frames.find((frame) => frame[0] === "p")?.[1]).toBe(2);
  });

  it("what comes late over the socket that a tab has left moves it nowhere", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    const again = await Tab.connect(tab.cookie);
    again.hello("/", { tab: name, state: "", seen: 1, low: 2 });
    tab.send(["l", "/static"]);
    await again.call("Probe#whisper");
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#add");
    await again.call("Probe#whisper");
    expect(again.pushes).toEqual([patchTo(2)]);
  });

  it("after a crash a page is not brought back to what a turn before its last one assigned", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#addAndGreet", { args: ["first"] });
    await tab.call("Probe#greet");
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#add");
    await tab.until(() => tab.pushes.length > 0);
    const [, seen, digest] = tab.frames.at(-1) as [string, number, string];
    await crash(tab);
    const again = await comeBack(tab, name, { seen, low: 3, state: digest });
    await again.call("Probe#whisper");
    expect(JSON.stringify(again.pushes)).not.toContain("first");
  });
});
