import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { newCookie, ORIGIN, objectOf, Tab, visit } from "../support/tab.ts";
import { logged, renders, told } from "../support/worker.ts";

describe("a reflex turn", () => {
  it("answers with the page as it is after the action", async () => {
    const tab = await Tab.open();
    const { number, outcome, updates } = await tab.call("Probe#add", { args: [2] });
    expect([number, outcome]).toEqual([1, "done"]);
    expect(updates).toEqual([["page", expect.stringContaining('<p id="count">2</p>'), "Count &lt;2&gt;"]]);
  });

  it("sends the content of the body alone, without layout and client", async () => {
    const tab = await Tab.open();
    const { updates } = await tab.call("Probe#add");
    expect(JSON.stringify(updates)).not.toMatch(/<body|<head|<script|<title/);
  });

  it("commits the session before it answers", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add", { args: [3] });
    expect(await tab.count()).toBe("3");
  });

  it("tells the page what the action assigned and which call renders it", async () => {
    const tab = await Tab.open();
    const element = ["a", { "data-name": "Ada" }];
    const { updates } = await tab.call("Probe#greet", { element });
    expect(JSON.stringify(updates)).toContain("hello Ada");
    expect(JSON.stringify(updates)).toContain('<p id=\\"cause\\">Probe#greet</p>');
  });

  it("forgets what an action assigned when the turn is over", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet", {});
    const { updates } = await tab.call("Probe#add");
    expect(JSON.stringify(updates)).toContain("no greeting");
    expect(await (await visit("/", { headers: { Cookie: tab.cookie } })).text()).toContain("no greeting");
  });

  it("renders no page for a selector morph and none for nothing", async () => {
    const tab = await Tab.open("/throws");
    expect((await tab.call("Probe#say", { args: ["<i>", "hi"] })).frame).toEqual([
      1,
      ["inner", "#said", "<b>&lt;i&gt; hi</b>"],
    ]);
    expect((await tab.call("Probe#whisper")).frame).toEqual([2, "nothing"]);
  });

  it("morphs a page of plain HTML by its body and title", async () => {
    const tab = await Tab.open("/opaque");
    expect((await tab.call("Probe#add")).frame).toEqual([1, ["page", "<p>plain</p>", "Opaque &amp; plain"]]);
  });

  it("follows a redirect of the page by sending the browser there", async () => {
    const tab = await Tab.open();
    expect((await tab.call("Probe#leave")).frame).toEqual([1, ["visit", "/elsewhere?x=1"]]);
  });

  it("sends a redirect within the site as one, also where its path looks like another site", async () => {
    const tab = await Tab.open("/go?to=/.//evil.example/x");
    expect((await tab.call("Probe#add")).frame).toEqual([1, ["visit", `${ORIGIN}//evil.example/x`]]);
  });

  it("sends the page whole to a tab that moved on while its call ran", async () => {
    const tab = await Tab.open("/");
    await tab.call("Probe#add");
    const slow = tab.call("Probe#addSlowly");
    tab.send(["l", "/headers"]);
    await slow;
    tab.send(["l", "/"]);
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.anything(), expect.anything()],
    ]);
  });

  it("does not send the browser where following a redirect would run code", async () => {
    const tab = await Tab.open("/go?to=javascript:alert(1)");
    expect((await tab.call("Probe#add")).outcome).toBe("page-failed");
    expect(await tab.count()).toBe("0");
  });

  it("renders the page with the headers of the tab's browser", async () => {
    const tab = await Tab.open("/headers");
    const { updates } = await tab.call("Probe#add");
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
    const replies = [first, second].map(({ frames }) => frames.filter(([head]) => typeof head === "number"));
    expect(replies.map((frames) => frames.map(([head]) => head))).toEqual([[1], [1]]);
  });
});

describe("the first update of a page", () => {
  it("is a patch when the tab shows what a GET brought, and the page otherwise", async () => {
    const tab = await Tab.open();
    const page = await (await visit("/", { headers: { Cookie: tab.cookie } })).text();
    const [, state = ""] = /<body data-reflex-page="(.+?)">/.exec(page) ?? [];
    tab.send(["l", "/", state]);
    expect((await tab.call("Probe#greet")).updates).toMatchObject([
      ["", ["1", "hello nobody"], ["2", expect.anything()]],
    ]);
    tab.send(["l", "/", state.replace(/^\w+/, "0")]);
    expect((await tab.call("Probe#greet")).updates).toMatchObject([
      ["page", expect.anything(), expect.anything()],
    ]);
    expect(tab.pushes).toEqual([]);
  });

  it("comes by itself when something was committed between the GET and the socket, and the page shows it", async () => {
    const first = await Tab.open();
    const stateOf = async (path: string) => {
      const page = await (await visit(path, { headers: { Cookie: first.cookie } })).text();
      return /<body data-reflex-page="(.+?)">/.exec(page)?.[1] ?? "";
    };
    const [state, unconcerned] = [await stateOf("/"), await stateOf("/static")];
    await first.call("Probe#add");
    const late = await Tab.connect(first.cookie);
    late.send(["l", "/", state]);
    await late.until(() => late.pushes.length > 0);
    expect(late.pushes).toEqual([
      [
        ["", ["0", "1"]],
        ["title", "Count &lt;1&gt;"],
      ],
    ]);
    const other = await Tab.connect(first.cookie);
    other.send(["l", "/static", unconcerned]);
    expect((await other.call("Probe#whisper")).outcome).toBe("nothing");
    expect(other.pushes).toEqual([]);
    expect((await other.call("Probe#greet")).frame).toEqual([2]);
  });
});

describe("a page that writes the session when a browser loads it", () => {
  it("is not rendered as if it were loaded again, and its first update is a patch", async () => {
    const cookie = await newCookie();
    const page = await (await visit("/counts-loads", { headers: { Cookie: cookie } })).text();
    const [, state = ""] = /<body data-reflex-page="(.+?)">/.exec(page) ?? [];
    expect(page).toContain(">1 loads");
    const tab = await Tab.connect(cookie);
    tab.send(["l", "/counts-loads", state]);
    expect((await tab.call("Probe#name", { args: ["Ada"] })).updates).toEqual([["2", ["0", "Ada"]]]);
    expect(tab.pushes).toEqual([]);
  });
});

describe("a page that shows something once", () => {
  it("is left as it is when its socket opens", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#name", { args: ["Saved"] });
    const page = await (await visit("/flash", { headers: { Cookie: tab.cookie } })).text();
    const [, state = ""] = /<body data-reflex-page="(.+?)">/.exec(page) ?? [];
    expect(page).toContain("Saved");
    const late = await Tab.connect(tab.cookie);
    late.send(["l", "/flash", state]);
    expect((await late.call("Probe#whisper")).outcome).toBe("nothing");
    expect(late.pushes).toEqual([]);
  });
});

describe("a tab whose page never answers", () => {
  it("holds up no call of another tab longer than its own render may take", async () => {
    const first = await Tab.open();
    const others = await Promise.all(
      ["/slow?1", "/slow?2", "/slow?3"].map((path) => Tab.open(path, first.cookie)),
    );
    const adds = [first.call("Probe#add"), first.call("Probe#add")];
    await Promise.all(adds);
    renders.length = 0;
    await first.call("Probe#greet");
    // Turns of other tabs and of this one alternate: not all of theirs come first.
    expect(renders.filter((path) => path === "/slow").length).toBeLessThan(3);
    await Promise.all(others.map((tab) => tab.until(() => tab.pushes.length > 0)));
  });
});

describe("the other tabs of a session", () => {
  const open = async (paths: readonly string[]) => {
    const first = await Tab.open();
    const others = await Promise.all(paths.map((path) => Tab.open(path, first.cookie)));
    for (const tab of [first, ...others]) await tab.call("Probe#greet");
    return [first, ...others] as const;
  };

  it("are sent patches of their own when a reflex commits", async () => {
    const [first, ...others] = await open(["/", "/?other"]);
    await first.call("Probe#add");
    for (const tab of others) {
      await tab.until(() => tab.pushes.length > 0);
      expect(tab.pushes).toEqual([
        [
          ["", ["0", "1"]],
          ["title", "Count &lt;1&gt;"],
        ],
      ]);
    }
    expect(first.pushes).toEqual([]);
  });

  it("keep what their own last turn assigned", async () => {
    const [first, second] = await open(["/"]);
    await second?.call("Probe#greet", { element: ["a", { "data-name": "Ada" }] });
    await first.call("Probe#add");
    await second?.until(() => second.pushes.length > 0);
    expect(JSON.stringify(second?.pushes)).not.toContain("greeting");
  });

  it("are sent patches also when nobody remembers what they show: their page is rendered as it was", async () => {
    const [first, second] = await open(["/"]);
    await evictDurableObject(await objectOf(first));
    await first.call("Probe#add", { args: [5] });
    await second?.until(() => second.pushes.length > 0);
    expect(second?.pushes).toEqual([
      [
        ["", ["0", "5"]],
        ["title", "Count &lt;5&gt;"],
      ],
    ]);
  });

  it("are sent nothing when they show it all already, when nothing was stored, and when the turn failed", async () => {
    const [first, second] = await open(["/id"]);
    renders.length = 0;
    await first.call("Probe#greet");
    await first.call("Probe#addThenThrow");
    expect(renders).toEqual(["/"]);
    const [third] = await open(["/static"]);
    await third.call("Probe#add");
    await third.call("Probe#whisper");
    expect([second?.pushes, third.pushes]).toEqual([[], []]);
  });

  it("are brought up to date once for what was committed while they waited", async () => {
    const [first, second] = await open(["/"]);
    await Promise.all(Array.from({ length: 10 }, () => first.call("Probe#addSlowly")));
    await second?.until(() => JSON.stringify(second.pushes).includes("10"));
    expect(second?.pushes.length).toBeLessThan(10);
    expect((await second?.call("Probe#greet"))?.updates).toEqual([]);
  });

  it("see what a page request of another commits", async () => {
    const [first] = await open([]);
    await (await visit("/add", { method: "POST", headers: { Cookie: first.cookie, Origin: ORIGIN } })).text();
    await first.until(() => first.pushes.length > 0);
    expect(first.pushes).toEqual([
      [
        ["", ["0", "10"]],
        ["title", "Count &lt;10&gt;"],
      ],
    ]);
  });
});

describe("a tab that was not brought up to date yet", () => {
  it("is after a call of its own that morphs nothing", async () => {
    const first = await Tab.open();
    const second = await Tab.open("/", first.cookie);
    await second.call("Probe#greet");
    const slow = first.call("Probe#addSlowly");
    const quiet = second.call("Probe#nameQuietly", { args: ["x"] });
    await Promise.all([slow, quiet]);
    await second.until(() => JSON.stringify(second.pushes).includes('"0","1"'));
  });

  it("keeps nothing of a turn that ran before it told where it is, the same address included", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet");
    const slow = tab.call("Probe#addSlowly");
    tab.send(["l", "/"]);
    await slow;
    await tab.until(() => tab.pushes.length > 0);
    expect(tab.pushes).toMatchObject([[["page", expect.stringContaining(">1</p>"), "Count &lt;1&gt;"]]]);
  });
});

describe("a tab that asks for a fragment again", () => {
  it("is sent the smallest one around, and the page where there is none", async () => {
    const tab = await Tab.open("/list");
    await tab.call("Probe#add");
    tab.send(["s", "2.0:b"]);
    await tab.until(() => tab.pushes.length > 0);
    expect(tab.pushes).toEqual([[["2.0:b", [1, [expect.any(String), "b", "1"]]]]]);
    for (const address of ["", "9:", "..", "9.9"]) {
      tab.send(["s", address]);
      const count = tab.pushes.length;
      await tab.until(() => tab.pushes.length > count);
      expect(tab.pushes.at(-1)).toMatchObject([["page", expect.stringContaining("<li"), ""]]);
    }
    tab.send(["s", "2.0:none"]);
    await tab.until(() => tab.pushes.length > 5);
    expect(tab.pushes.at(-1)).toMatchObject([["2", [1, expect.anything()]]]);
    await evictDurableObject(await objectOf(tab));
    tab.send(["s", "2.0:a"]);
    await tab.until(() => tab.pushes.length > 6);
    expect(tab.pushes.at(-1)).toEqual([["2.0:a", [1, [expect.any(String), "a", "1"]]]]);
  });
});

describe("a template", () => {
  it("travels once for a connection, also when the object has slept", async () => {
    const tab = await Tab.open("/list");
    const told = () => JSON.stringify(tab.frames).match(/\["template"/g) ?? [];
    await tab.call("Probe#say", { args: ["ab"] });
    await tab.call("Probe#greet");
    expect(told()).toEqual([]);
    await tab.call("Probe#name", { args: ["abc"] });
    expect(told()).toHaveLength(1);
    await tab.call("Probe#name", { args: ["abcd"] });
    await evictDurableObject(await objectOf(tab));
    const { updates } = await tab.call("Probe#name", { args: ["abcde"] });
    expect(updates).toEqual([["2.0", [2, [], [["e", ["d"], [expect.any(String), "e", "0"]]]]]]);
    expect(told()).toHaveLength(1);
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
      expect(reply).toMatchObject({ number: 2, outcome: code });
      expect(JSON.stringify(reply)).not.toMatch(/secret|Error|at /);
      expect(await tab.count()).toBe("7");
      expect((await tab.call("Probe#add")).outcome).toBe("done");
    },
  );

  it("is given up when it takes too long; its page is not rendered, and what it writes is dropped", async () => {
    const tab = await Tab.open();
    const stub = await objectOf(tab);
    const timers: (() => void)[] = [];
    await runInDurableObject(stub, (object) => {
      const surroundings = Reflect.get(object, "surroundings");
      const { runtime } = surroundings;
      const timer = (_: number, expired: () => void) => {
        timers.push(expired);
        return () => {};
      };
      const own = {
        timer,
        now: () => runtime.now(),
        log: (entry: unknown) => runtime.log(entry),
        servePage: (page: unknown) => runtime.servePage(page),
        turnPorts: (tab: unknown) => runtime.turnPorts(tab),
        modeOf: () => "stored",
      };
      Reflect.set(surroundings, "runtime", own);
    });
    const reply = tab.call("Probe#addWhenTold");
    await vi.waitFor(() => expect(timers).toHaveLength(1));
    await runInDurableObject(stub, () => timers[0]?.());
    expect((await reply).outcome).toBe("turn-timeout");
    renders.length = 0;
    await runInDurableObject(stub, () => told.go?.());
    expect((await tab.call("Probe#whisper")).outcome).toBe("nothing");
    expect(renders).toEqual([]);
    expect(await tab.count()).toBe("0");
  });

  it("is logged whole, under the id that the browser was told", async () => {
    const tab = await Tab.open();
    const { id } = await tab.call("Probe#addThenThrow");
    const entry = logged.find((line) => line.id === id);
    expect(entry).toMatchObject({ event: "reflex-failed", target: "Probe#addThenThrow", url: "/" });
    expect(String(entry?.cause)).toContain("a secret of the server");
  });

  it("is logged also when the call was refused before it ran, and when a page was loaded", async () => {
    const tab = await Tab.open();
    const { id: unknown } = await tab.call("Nobody#add");
    expect(logged.find((line) => line.id === unknown)).toMatchObject({ event: "unknown-reflex" });
    const { id: malformed } = await tab.call("Probe#add", { args: "x" });
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
  it("answers the next call on the socket that slept with it, by a patch", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab));
    const { number, outcome, updates } = await tab.call("Probe#add");
    expect([number, outcome]).toEqual([2, "done"]);
    expect(updates).toEqual([
      ["", ["0", "2"]],
      ["title", "Count &lt;2&gt;"],
    ]);
  });

  it("knows what the tab's last turn assigned, and what caused it", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet", { element: ["a", { "data-name": "Ada" }] });
    await evictDurableObject(await objectOf(tab));
    expect((await tab.call("Probe#greet")).updates).toEqual([["", ["1", "hello nobody"]]]);
  });

  it("sends the page whole when it does not come out as the tab shows it", async () => {
    const tab = await Tab.open("/random");
    await tab.call("Probe#add");
    await evictDurableObject(await objectOf(tab));
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.stringContaining("<b "), ""],
    ]);
  });

  it("sends the page whole when what was assigned cannot be kept", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greetWithFunction");
    await evictDurableObject(await objectOf(tab));
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["page", expect.anything(), expect.anything()],
    ]);
    expect((await tab.call("Probe#add")).updates).toMatchObject([
      ["", ["0", "2"]],
      ["title", expect.anything()],
    ]);
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
  it("holds nothing for a visitor who called nothing but what only reads", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#greet");
    const keys = await runInDurableObject(await objectOf(tab), (_, state) => [...state.storage.kv.list()]);
    expect(keys).toEqual([]);
  });
});
