import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { ORIGIN, Tab, visit } from "../support/tab.ts";
import { logged, renders, told } from "../support/worker.ts";

/** The session object of a tab's visitor. */
async function objectOf(tab: Tab): Promise<DurableObjectStub> {
  const name = await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
  return exports.SessionObject.getByName(name);
}

describe("a reflex turn", () => {
  it("answers with the page as it is after the action", async () => {
    const tab = await Tab.open();
    const [, number, outcome, updates] = await tab.call("Probe#add", { args: [2] });
    expect([number, outcome]).toEqual([1, "done"]);
    expect(updates).toEqual([["page", expect.stringContaining('<p id="count">2</p>'), "Count &lt;2&gt;"]]);
  });

  it("sends the content of the body alone, without layout and client", async () => {
    const tab = await Tab.open();
    const [, , , updates] = await tab.call("Probe#add");
    expect(JSON.stringify(updates)).not.toMatch(/<body|<head|<script|<title/);
  });

  it("commits the session before it answers", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add", { args: [3] });
    expect(await tab.count()).toBe("3");
  });

  it("tells the page what the action assigned and which call renders it", async () => {
    const tab = await Tab.open();
    const element = { tag: "a", attributes: { "data-name": "Ada" } };
    const [, , , updates] = await tab.call("Probe#greet", { element });
    expect(JSON.stringify(updates)).toContain("hello Ada");
    expect(JSON.stringify(updates)).toContain('<p id=\\"cause\\">Probe#greet</p>');
  });

  it("forgets what an action assigned when the turn is over", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet", {});
    const [, , , updates] = await tab.call("Probe#add");
    expect(JSON.stringify(updates)).toContain("no greeting");
    expect(await (await visit("/", { headers: { Cookie: tab.cookie } })).text()).toContain("no greeting");
  });

  it("renders no page for a selector morph and none for nothing", async () => {
    const tab = await Tab.open("/throws");
    expect(await tab.call("Probe#say", { args: ["<i>", "hi"] })).toEqual([
      "r",
      1,
      "done",
      [["inner", "#said", "<b>&lt;i&gt; hi</b>"]],
    ]);
    expect(await tab.call("Probe#whisper")).toEqual(["r", 2, "done", []]);
  });

  it("morphs a page of plain HTML by its body and title", async () => {
    const tab = await Tab.open("/opaque");
    expect(await tab.call("Probe#add")).toEqual([
      "r",
      1,
      "done",
      [["page", "<p>plain</p>", "Opaque &amp; plain"]],
    ]);
  });

  it("follows a redirect of the page by sending the browser there", async () => {
    const tab = await Tab.open();
    expect(await tab.call("Probe#leave")).toEqual(["r", 1, "done", [["visit", "/elsewhere?x=1"]]]);
  });

  it("sends a redirect within the site as one, also where its path looks like another site", async () => {
    const tab = await Tab.open("/go?to=/.//evil.example/x");
    expect(await tab.call("Probe#add")).toEqual(["r", 1, "done", [["visit", `${ORIGIN}//evil.example/x`]]]);
  });

  it("sends the page whole to a tab that moved on while its call ran", async () => {
    const tab = await Tab.open("/");
    await tab.call("Probe#add");
    const slow = tab.call("Probe#addSlowly");
    tab.send(["l", "/headers"]);
    await slow;
    tab.send(["l", "/"]);
    expect((await tab.call("Probe#add"))[3]).toMatchObject([["page", expect.anything(), expect.anything()]]);
  });

  it("does not send the browser where following a redirect would run code", async () => {
    const tab = await Tab.open("/go?to=javascript:alert(1)");
    expect((await tab.call("Probe#add")).slice(2, 4)).toEqual(["refused", "page-failed"]);
    expect(await tab.count()).toBe("0");
  });

  it("renders the page with the headers of the tab's browser", async () => {
    const tab = await Tab.open("/headers");
    const [, , , updates] = await tab.call("Probe#add");
    expect(JSON.stringify(updates)).toContain(tab.cookie);
  });

  it("runs the turns of one session one after another, whichever tab they come from", async () => {
    const first = await Tab.open();
    const second = await Tab.open("/", first.cookie);
    const calls = Array.from({ length: 20 }, (_, index) =>
      (index % 2 === 0 ? first : second).call("Probe#addSlowly"),
    );
    await Promise.all(calls);
    expect(await first.count()).toBe("20");
  });

  it("answers the tab that asked, and no other", async () => {
    const first = await Tab.open();
    const second = await Tab.open("/", first.cookie);
    await first.call("Probe#add");
    await second.call("Probe#add");
    expect([first.frames.length, second.frames.length]).toEqual([1, 1]);
  });
});

describe("a failing turn", () => {
  const failures = [
    ["an action that throws after ten writes", "Probe#addThenThrow", "reflex-failed"],
    ["a page that throws after the action", "Probe#addThenBreakThePage", "page-failed"],
    ["a value that cannot be stored", "Probe#storeFunction", "reflex-failed"],
  ] as const;

  it.each(failures)(
    "%s leaves the session as it was and says so without a word of the cause",
    async (...failure) => {
      const [, target, code] = failure;
      const tab = await Tab.open();
      await tab.call("Probe#add", { args: [7] });
      const reply = await tab.call(target);
      expect(reply.slice(1, 4)).toEqual([2, "refused", code]);
      expect(JSON.stringify(reply)).not.toMatch(/secret|Error|at /);
      expect(await tab.count()).toBe("7");
      expect((await tab.call("Probe#add"))[2]).toBe("done");
    },
  );

  it("is given up when it takes too long; its page is not rendered, and what it writes is dropped", async () => {
    const tab = await Tab.open();
    const stub = await objectOf(tab);
    const timers: (() => void)[] = [];
    await runInDurableObject(stub, (object) => {
      const runtime = Reflect.get(object, "runtime");
      const timer = (_: number, expired: () => void) => {
        timers.push(expired);
        return () => {};
      };
      const own = {
        timer,
        log: (entry: unknown) => runtime.log(entry),
        servePage: (page: unknown) => runtime.servePage(page),
        turnPorts: (tab: unknown) => runtime.turnPorts(tab),
      };
      Reflect.set(object, "runtime", own);
    });
    const reply = tab.call("Probe#addWhenTold");
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    await runInDurableObject(stub, () => timers[0]?.());
    expect((await reply).slice(2, 4)).toEqual(["refused", "turn-timeout"]);
    renders.length = 0;
    await runInDurableObject(stub, () => told.go?.());
    expect((await tab.call("Probe#whisper"))[2]).toBe("done");
    expect(renders).toEqual([]);
    expect(await tab.count()).toBe("0");
  });

  it("is logged whole, under the id that the browser was told", async () => {
    const tab = await Tab.open();
    const [, , , , , id] = await tab.call("Probe#addThenThrow");
    const entry = logged.find((line) => line.id === id);
    expect(entry).toMatchObject({ event: "reflex-failed", target: "Probe#addThenThrow", url: "/" });
    expect(String(entry?.cause)).toContain("a secret of the server");
  });

  it("is logged also when the call was refused before it ran, and when a page was loaded", async () => {
    const tab = await Tab.open();
    const [, , , , , unknown] = await tab.call("Nobody#add");
    expect(logged.find((line) => line.id === unknown)).toMatchObject({ event: "unknown-reflex" });
    const [, , , , , malformed] = await tab.call("Probe#add", { args: "x" });
    expect(logged.find((line) => line.id === malformed)).toMatchObject({ cause: "the arguments are a list" });
    logged.length = 0;
    await (await visit("/throws?x=1", { headers: { Cookie: tab.cookie } })).text();
    expect(logged).toMatchObject([{ event: "page-failed", url: "/throws?x=1" }]);
  });

  it("leaves nothing of a page handler that throws, and shows no stack", async () => {
    const tab = await Tab.open();
    const response = await visit("/throws", { headers: { Cookie: tab.cookie } });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(await tab.count()).toBe("0");
  });
});

describe("an evicted session object", () => {
  it("answers the next call on the socket that slept with it", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab));
    const [, number, outcome, updates] = await tab.call("Probe#add");
    expect([number, outcome]).toEqual([2, "done"]);
    expect(JSON.stringify(updates)).toContain('<p id=\\"count\\">2</p>');
  });

  it("remembers the tab's page without being told again", async () => {
    const tab = await Tab.open("/opaque");
    await evictDurableObject(await objectOf(tab));
    expect(JSON.stringify(await tab.call("Probe#add"))).toContain("plain");
  });

  it("holds the session when its sockets were closed", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab), { webSockets: "close" });
    await tab.closed;
    const next = await Tab.open("/", tab.cookie);
    expect(JSON.stringify(await next.call("Probe#add"))).toContain('<p id=\\"count\\">2</p>');
  });
});

describe("a session's storage", () => {
  it("holds nothing for a visitor who stored nothing", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet");
    const keys = await runInDurableObject(await objectOf(tab), (_, state) => [...state.storage.kv.list()]);
    expect(keys).toEqual([]);
  });
});
