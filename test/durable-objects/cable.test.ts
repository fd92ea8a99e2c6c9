import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { beforeEach, describe, expect, it } from "vitest";
import type { Update } from "../../src/protocol/messages.ts";
import { PAYLOADS_SINCE } from "../../src/protocol/names.ts";
import { work } from "../support/cabled.ts";
import { newTabId, objectOf, Tab } from "../support/tab.ts";
import { logged } from "../support/worker.ts";

beforeEach(() => {
  logged.length = 0;
  work.isDone = false;
});

/** The titles that operations and pages set, in order. */
function titlesOf(tab: Tab): readonly unknown[] {
  const updates = tab.frames.flatMap((frame) => frame.slice(frame[0] === "p" ? 3 : 1) as unknown[]);
  return updates.flatMap((update) => {
    if (!Array.isArray(update)) return [];
    if (update[0] === "op") return [update[2].title];
    return update[0] === "title" || update[0] === "page" ? ["page"] : [];
  });
}

const title = (title: string): Update => ["op", "setTitle", { title }];

describe("the operations of a reflex", () => {
  it("stand around the update of its page, in the order in which they were asked for", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    const { updates } = await tab.call("Cabled#around");
    expect(updates.map(([kind, name]) => (kind === "op" ? name : "page"))).toEqual([
      "addCssClass",
      "page",
      "page",
      "append",
      "setFocus",
    ]);
    expect(updates[0]).toEqual(["op", "addCssClass", { selector: "#count", name: "before" }]);
    expect(updates.slice(-2)).toEqual([
      ["op", "append", { selector: "#count", html: "<b>after</b>" }],
      ["op", "setFocus", { selector: "#count" }],
    ]);
  });

  it("may move the page to another address, and the next call patches the page that it is", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    tab.send(["l", "/?moved", "="]);
    const updates = (await tab.call("Probe#add")).updates;
    expect(updates).toEqual([
      ["", ["0", "2"]],
      ["title", "Count &lt;2&gt;"],
    ]);
    // Of a page that script has moved nobody knows what it shows.
    tab.send(["l", "/?moved-by-script", ""]);
    expect((await tab.call("Probe#add")).updates.map(([kind]) => kind)).toEqual(["page"]);
  });

  it("reach a tab whose page an operation has moved while the call ran", async () => {
    const tab = await Tab.open();
    tab.callAs(1, "Cabled#work");
    await tab.until(() => tab.pushes.length === 1);
    tab.send(["l", "/?moved", "="]);
    work.isDone = true;
    const { outcome, updates } = await tab.reply(1);
    expect([outcome, updates.every(([kind]) => kind === "op"), updates.length > 0]).toEqual([
      "nothing",
      true,
      true,
    ]);
  });

  it("stand around its selector morphs, and alone where nothing is morphed", async () => {
    const tab = await Tab.open();
    expect((await tab.call("Cabled#aroundSelector")).updates).toEqual([
      title("before"),
      ["inner", "#count", "between"],
      title("after"),
    ]);
    const reply = await tab.call("Cabled#quietly");
    expect([reply.outcome, reply.updates]).toEqual(["nothing", [title("alone")]]);
  });

  it("leave what is known of the page as it is, so that the next update is a patch", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    await tab.call("Cabled#quietly");
    expect((await tab.call("Probe#add")).updates).toEqual([
      ["", ["0", "3"]],
      ["title", "Count &lt;3&gt;"],
    ]);
  });

  it.each([
    ["fails", "Cabled#thenFail", "reflex-failed"],
    ["stops itself", "Cabled#thenHalt", "halted"],
  ])("are not sent when it %s", async (_, target, outcome) => {
    const tab = await Tab.open();
    const reply = await tab.call(target);
    expect([reply.outcome, reply.updates, tab.pushes]).toEqual([outcome, [], []]);
  });

  it("refuse the call with a word in the log when they are too many", async () => {
    const tab = await Tab.open();
    expect((await tab.call("Cabled#tooMany")).outcome).toBe("reflex-failed");
    expect(String(logged[0]?.cause)).toContain("reload is one operation too many: they are 1000 already");
  });

  it("go to the calling tab alone", async () => {
    const tab = await Tab.open();
    const other = await Tab.open("/", tab.cookie);
    await other.call("Probe#peek");
    await tab.call("Cabled#around");
    await other.until(() => other.pushes.length === 1);
    expect(other.pushes.flat().filter(([kind]) => kind === "op")).toEqual([]);
  });

  it("are left out for a client that is older than they are", async () => {
    const tab = await Tab.connect((await Tab.open()).cookie);
    tab.send(["h", PAYLOADS_SINCE - 1, newTabId(), 0, 1, "/"]);
    const reply = await tab.call("Cabled#quietly");
    expect(reply.frame).toEqual([1, "nothing"]);
    const { updates } = await tab.call("Cabled#aroundSelector");
    expect(updates).toEqual([["inner", "#count", "between"]]);
  });
});

describe("the operations of a call that comes for the second time", () => {
  it.each([
    ["after a crash", "close"],
    ["after a sleep", "hibernate"],
  ] as const)("are sent once more when the answer was lost: %s", async (_, webSockets) => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    await tab.call("Cabled#aroundSelector");
    await evictDurableObject(await objectOf(tab), { webSockets });
    // The page never saw the second answer.
    const again = await Tab.open("/", tab.cookie, { tab: name, state: "", seen: 1, low: 2 });
    const reply = await again.call("Cabled#aroundSelector");
    const operations = again.pushes.flat().filter(([kind]) => kind === "op" || kind === "inner");
    expect(operations).toEqual([title("before"), ["inner", "#count", "between"], title("after")]);
    expect([reply.outcome, reply.updates, await again.count()]).toEqual(["done", [], "2"]);
  });

  it("are sent also behind a render of the page, which ends what selectors have morphed", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Cabled#aroundSelector");
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab), { webSockets: "close" });
    const again = await Tab.open("/", tab.cookie, { tab: name, state: "", seen: 0 });
    await again.call("Cabled#aroundSelector");
    const lasting = again.pushes.flat().filter(([kind]) => kind === "op" || kind === "inner");
    expect(lasting).toEqual([title("before"), title("after")]);
  });

  it("are not sent again once the answer is acknowledged", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Cabled#quietly");
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab), { webSockets: "close" });
    const again = await Tab.open("/", tab.cookie, { tab: name, state: "", seen: 2, low: 3 });
    await again.call("Probe#peek");
    expect(again.frames.flat(2)).not.toContain("op");
  });
});

describe("operations that are broadcast", () => {
  it("come while the action runs, both kinds in their order, and only once", async () => {
    const tab = await Tab.open();
    tab.callAs(1, "Cabled#work");
    await tab.until(() => tab.pushes.length === 1);
    expect(tab.pushes).toEqual([
      [title("0 %"), ["op", "textContent", { selector: "#progress", text: "begun" }]],
    ]);
    expect(tab.frames.some(([head]) => head === 1)).toBe(false);
    work.isDone = true;
    expect((await tab.reply(1)).updates).toEqual([title("100 %")]);
    expect(tab.pushes).toHaveLength(1);
  });

  it("are done although the action fails", async () => {
    const tab = await Tab.open();
    tab.callAs(1, "Cabled#work", { args: ["fail"] });
    await tab.until(() => tab.pushes.length === 1);
    work.isDone = true;
    expect((await tab.reply(1)).outcome).toBe("reflex-failed");
  });

  it("are counted, so that what comes behind them is missed by no tab that comes back", async () => {
    const name = newTabId();
    const tab = await Tab.open("/", undefined, { tab: name });
    await tab.call("Probe#add");
    tab.callAs(2, "Cabled#work");
    await tab.until(() => tab.pushes.length === 1);
    work.isDone = true;
    await tab.reply(2);
    const again = await Tab.open("/", tab.cookie, { tab: name, seen: 2, low: 2 });
    await again.until(() => titlesOf(again).length > 0);
    expect(titlesOf(again)).toEqual(["100 %"]);
  });

  it("leave what is known of the page as it is", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    tab.callAs(2, "Cabled#work");
    await tab.until(() => tab.pushes.length === 1);
    work.isDone = true;
    await tab.reply(2);
    await evictDurableObject(await objectOf(tab), { webSockets: "hibernate" });
    tab.callAs(3, "Probe#add");
    expect((await tab.reply(3)).updates).toEqual([
      ["", ["0", "2"]],
      ["title", "Count &lt;2&gt;"],
    ]);
  });

  it("do not come to a tab that shows another page by then", async () => {
    const tab = await Tab.open("/static");
    const stub = await objectOf(tab);
    tab.callAs(1, "Cabled#tell");
    tab.send(["l", "/"]);
    await runInDurableObject(stub, async (_, context) => {
      while (context.getWebSockets()[0]?.deserializeAttachment().url !== "/") await scheduler.wait(1);
    });
    work.isDone = true;
    expect((await tab.reply(1)).outcome).toBe("nothing");
    expect(titlesOf(tab)).toEqual([]);
  });
});

describe("the operations of a reflex that was called later", () => {
  it("come to every open tab: at once, before its page is brought up to date, and after it", async () => {
    const tab = await Tab.open();
    const other = await Tab.open("/", tab.cookie);
    await tab.call("Probe#add");
    await other.call("Probe#peek");
    await tab.call("Cabled#remind", { args: ["Cabled#_ring"] });
    const [before, otherBefore] = [titlesOf(tab).length, titlesOf(other).length];
    await runDurableObjectAlarm(await objectOf(tab));
    for (const one of [tab, other]) await one.until(() => titlesOf(one).includes("after"));
    const titles = ["early", "at once", "before", "page", "after"];
    expect(titlesOf(tab).slice(before)).toEqual(titles);
    expect(titlesOf(other).slice(otherBefore)).toEqual(titles);
  });

  it("come alone when it morphs nothing", async () => {
    const tab = await Tab.open();
    await tab.call("Cabled#remind", { args: ["Cabled#_ringQuietly"] });
    await runDurableObjectAlarm(await objectOf(tab));
    await tab.until(() => titlesOf(tab).includes("after"));
    expect(titlesOf(tab)).toEqual(["early", "at once", "before", "after"]);
  });
});
