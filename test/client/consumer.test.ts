import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Consumer } from "../../client/consumer.ts";
import type { CallPlace } from "../../client/given-focus.ts";
import { CLIENT_LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { HEARTBEAT, PROTOCOL_VERSION } from "../../src/protocol/names.ts";
import { FakePorts } from "../support/fake-socket.ts";

let ports: FakePorts;
let consumer: Consumer;
let applied: Update[];
let states: string[];
let counts: number[];
let heard: string[];
let state: string | undefined;
let applying: (updates: readonly Update[], place?: CallPlace) => void;
let positions: Record<string, string>;
let preparing: (updates: readonly Update[]) => Promise<unknown> | undefined;

/** A page load: the consumer that its client would make. */
function load(): Consumer {
  applied = [];
  states = [];
  counts = [];
  heard = [];
  state = undefined;
  positions = {};
  applying = (updates) => applied.push(...updates);
  preparing = () => undefined;
  const loaded = new Consumer(
    {
      prepare: (updates) => preparing(updates),
      update: (updates, place) => applying(updates, place),
      state: () => state,
      positions: () => positions,
      stateChanged: (state) => states.push(state),
      pendingChanged: (count) => counts.push(count),
      welcomed: (build) => heard.push(build),
      outdated: () => heard.push("outdated"),
    },
    ports,
  );
  loaded.connect();
  return loaded;
}

beforeEach(() => {
  // Where failures go that nobody holds a promise of.
  vi.spyOn(console, "error").mockImplementation(() => {});
  ports = new FakePorts();
  consumer = load();
});

afterEach(() => {
  vi.restoreAllMocks();
});

/** How a call ended: its outcome, or the code of its error. */
async function endOf(call: Promise<{ readonly outcome: string }>): Promise<unknown> {
  return await call.then(
    ({ outcome }) => outcome,
    (error: { code?: string }) => error.code ?? error,
  );
}

/** A call whose end does not matter here. */
function callQuietly(target: string): void {
  consumer.call(target, {}).catch(() => undefined);
}

/** The connection goes and comes back. */
function reconnect(): void {
  ports.last.drop();
  comeBack();
}

/** The next socket opens, and is welcome. */
function comeBack(): void {
  ports.tick();
  ports.last.open();
  ports.last.receive(welcome());
}

const done = (number: number, updates: readonly Update[] = []) => [number, ...updates];
const hello = (seen: number, low: number, url = "/page?a=1") => [
  "h",
  PROTOCOL_VERSION,
  "i0000000000",
  seen,
  low,
  url,
];
const welcome = (session = "session") => ["w", PROTOCOL_VERSION, session, "build"];
const title = (text: string): Update => ["title", text];

describe("a call", () => {
  it("waits for the socket, and goes out behind the page's hello", async () => {
    const call = consumer.call("A#b", { args: [1] });
    expect(ports.last.sent).toEqual([]);
    ports.last.open();
    expect(ports.last.frames).toEqual([hello(0, 1), [1, "A#b", 0, 0, [1]]]);
    ports.last.receive(done(1, [title("t")]));
    expect(await call).toEqual({ target: "A#b", outcome: "done" });
    expect(applied).toEqual([title("t")]);
    expect(counts).toEqual([1, 0]);
  });

  it("tells the location again only when it has changed", () => {
    ports.last.open();
    callQuietly("A#b");
    callQuietly("A#b");
    ports.url = "https://site.example/other";
    callQuietly("A#b");
    const kinds = ports.last.frames.map((frame) =>
      (frame as unknown[]).slice(0, typeof (frame as unknown[])[0] === "number" ? 1 : 2),
    );
    expect(kinds).toEqual([["h", PROTOCOL_VERSION], [1], [2], ["l", "/other"], [3]]);
  });

  it.each(["nothing", "halted", "forbidden"])("resolves with the server's word: %s", async (outcome) => {
    ports.last.open();
    const call = consumer.call("A#b", {});
    ports.last.receive([1, outcome]);
    expect(await endOf(call)).toBe(outcome);
  });

  it("rejects with the server's code, sentence and id", async () => {
    ports.last.open();
    const call = consumer.call("A#b", {});
    ports.last.receive(["e", 1, "reflex-failed", "It failed.", "id-1"]);
    await expect(call).rejects.toMatchObject({
      name: "ReflexError",
      code: "reflex-failed",
      callId: "id-1",
      target: "A#b",
    });
    await expect(call).rejects.toThrow("A#b: It failed. (id-1)");
  });

  it("hands over the payload of its answer, however it ended", async () => {
    ports.last.open();
    const payload = { total: 18 };
    const [done, halted, failed] = ["A#b", "A#c", "A#d"].map((target) => consumer.call(target, {}));
    ports.last.receive([1, { payload }, ["title", "new"]]);
    ports.last.receive([2, { outcome: "halted", payload }]);
    ports.last.receive(["e", 3, "reflex-failed", "It failed.", "id-1", payload]);
    expect(await Promise.all([done, halted])).toMatchObject([
      { outcome: "done", payload },
      { outcome: "halted", payload },
    ]);
    await expect(failed).rejects.toMatchObject({ code: "reflex-failed", payload });
    expect(applied).toEqual([["title", "new"]]);
  });

  it("asks for what a patch did not fit; what did not come over a socket, as the page over the next", () => {
    consumer.restore("0");
    consumer.restore("1:a");
    ports.last.open();
    expect(ports.last.frames).toEqual([hello(0, 1), ["s", ""]]);
    ports.last.receive(["p", 1, "", ["page", "<p>"]]);
    consumer.restore("2");
    reconnect();
    expect(ports.last.frames.slice(1)).toEqual([["s", ""]]);
    ports.last.receive(["p", 2, "", ["2", [1, ["name"]]]]);
    reconnect();
    expect(ports.last.frames).toEqual([[...hello(2, 1), "", positions]]);
  });

  it("holds frames back, in their order, until what the first needs is loaded", async () => {
    const loads: ((failed?: "failed") => void)[] = [];
    preparing = (updates) =>
      applied.length > 0 || updates.length === 0
        ? undefined
        : new Promise<void>((resolve, reject) =>
            loads.push((failed) => (failed ? reject(failed) : resolve())),
          );
    ports.last.open();
    const calls = [consumer.call("A#b", {}), consumer.call("A#c", {})];
    ports.last.receive(done(1, [title("first")]));
    ports.last.receive([2, "nothing"]);
    expect([applied, counts.at(-1), loads.length]).toEqual([[], 2, 1]);
    // A part that could not be had is asked for again.
    loads[0]?.("failed");
    await vi.waitFor(() => expect([...ports.waiting.values()]).toContain(CLIENT_LIMITS.loadAgainMs));
    for (const [run, milliseconds] of ports.waiting) if (milliseconds === CLIENT_LIMITS.loadAgainMs) run();
    expect([applied, loads.length]).toEqual([[], 2]);
    preparing = () => undefined;
    loads[1]?.();
    expect(await Promise.all(calls.map(endOf))).toEqual(["done", "nothing"]);
    expect(applied).toEqual([title("first")]);
  });

  it("has the page loaded again when what it needs cannot be had over one socket, and goes on trying", async () => {
    preparing = () => Promise.reject(new Error("404"));
    const again = () => [...ports.waiting].find(([, after]) => after === CLIENT_LIMITS.loadAgainMs)?.[0];
    const fail = async (tries: number) => {
      for (let index = 0; index < tries; index += 1) {
        await vi.waitFor(() => expect(again()).toBeDefined());
        expect(heard.filter((word) => word === "outdated")).toEqual([]);
        const run = again();
        if (run !== undefined) ports.waiting.delete(run);
        run?.();
      }
    };
    ports.last.open();
    callQuietly("A#b");
    ports.last.receive(done(1, [title("first")]));
    await fail(CLIENT_LIMITS.loadTries - 2);
    await vi.waitFor(() => expect(again()).toBeDefined());
    ports.waiting.delete(again() ?? (() => {}));
    // A network that comes and goes is no reason to throw the page away.
    reconnect();
    ports.last.receive(done(1, [title("again")]));
    await fail(CLIENT_LIMITS.loadTries - 1);
    await vi.waitFor(() => expect(heard.at(-1)).toBe("outdated"));
    expect([applied, again()]).toEqual([[], expect.any(Function)]);
  });

  it("forgets frames that wait when their socket is lost, since they come again", async () => {
    let load = () => {};
    preparing = () => new Promise<void>((resolve) => (load = resolve));
    ports.last.open();
    const call = consumer.call("A#b", {});
    ports.last.receive(done(1, [title("first")]));
    reconnect();
    preparing = () => undefined;
    load();
    await Promise.resolve();
    expect(applied).toEqual([]);
    ports.last.receive(done(1, [title("again")]));
    expect(await endOf(call)).toBe("done");
    expect(applied).toEqual([title("again")]);
  });

  it("does not paint its page over another that script has moved on to", async () => {
    ports.last.open();
    const call = consumer.call("A#b", {});
    ports.url = "https://site.example/other";
    ports.last.receive(
      done(1, [
        ["page", "<p>"],
        ["visit", "/x"],
      ]),
    );
    expect(await endOf(call)).toBe("done");
    expect(applied).toEqual([["visit", "/x"]]);
    // The server takes for shown what was left out, until it is told the location again.
    ports.url = "https://site.example/page?a=1";
    callQuietly("A#b");
    expect(ports.last.frames.at(-2)).toEqual(["l", "/page?a=1"]);
  });

  it("applies what is under way for a page that an operation has moved to another address", async () => {
    ports.last.open();
    const calls = [consumer.call("A#b", {}), consumer.call("A#c", {})];
    applying = (updates) => {
      applied.push(...updates);
      if (updates.some(([kind]) => kind === "op")) ports.url = "https://site.example/moved";
    };
    const move = ["op", "pushState", { url: "/moved" }] as const;
    ports.last.receive(done(1, [move]));
    // The server hears of it with the next call, and what it answers behind that is for the same page.
    calls.push(consumer.call("A#d", {}));
    expect(ports.last.frames.slice(-2)).toEqual([
      ["l", "/moved", "="],
      [3, "A#d"],
    ]);
    ports.last.receive(done(2, [title("second"), ["op", "setTitle", { title: "b" }]]));
    ports.last.receive(done(3, [title("third")]));
    expect(await Promise.all(calls.map(endOf))).toEqual(["done", "done", "done"]);
    expect(applied.map(([kind, what]) => `${kind} ${what}`)).toEqual([
      "op pushState",
      "title second",
      "op setTitle",
      "title third",
    ]);
  });

  it("makes a call of such a page again as the page's own", async () => {
    ports.last.open();
    const calls = [consumer.call("A#b", {}), consumer.call("A#c", {})];
    applying = () => {
      ports.url = "https://site.example/moved";
    };
    ports.last.receive(done(1, [["op", "pushState", { url: "/moved" }]]));
    reconnect();
    ports.last.receive(welcome());
    expect(ports.last.frames.at(-1)).toEqual([2, "A#c"]);
    ports.last.receive([2, "nothing"]);
    expect(await Promise.all(calls.map(endOf))).toEqual(["done", "nothing"]);
  });

  it("applies nothing on top of what it left out, until the server knows where it is", async () => {
    ports.last.open();
    const calls = [consumer.call("A#b", {}), consumer.call("A#b", {})];
    ports.url = "https://site.example/other";
    ports.last.receive(done(1, [["0", ["", "first"]]]));
    ports.url = "https://site.example/page?a=1";
    ports.last.receive(done(2, [["0", ["1", "on top of the first"]]]));
    await Promise.all(calls);
    expect(applied).toEqual([]);
    expect(ports.last.frames.slice(-2)).toEqual([
      ["l", "/other"],
      ["l", "/page?a=1"],
    ]);
    ports.last.receive(["p", 3, "", title("for where it is now")]);
    expect(applied).toEqual([title("for where it is now")]);
  });

  it("applies what is pushed to the page that it was rendered for, and ignores replies to nothing and what is no frame", () => {
    ports.last.open();
    ports.last.receive(["p", 1, "", title("pushed")]);
    ports.url = "https://site.example/other";
    ports.last.receive(["p", 2, "", title("of the page before")]);
    ports.last.receive(done(7, [title("nobody asked")]));
    ports.last.receive("<html>");
    expect(applied).toEqual([title("pushed")]);
  });
});

describe("an update", () => {
  it("comes with the place of the call that it answers; pushed, with that of the call which waits longest", () => {
    const places = [1, 2].map((at): CallPlace => ({ caller: undefined, focused: null, at }));
    const told: (CallPlace | undefined)[] = [];
    applying = (_, place) => told.push(place);
    ports.last.open();
    for (const place of places)
      consumer.call("A#b", {}, undefined, { place, enter: () => {} }).catch(() => undefined);
    ports.last.receive(["p", 1, "", title("t")]);
    ports.last.receive(done(2, [title("t")]));
    ports.last.receive(done(1, [title("t")]));
    ports.last.receive(["p", 4, "", title("t")]);
    expect(told.map((place) => place?.at)).toEqual([1, 2, 1, undefined]);
  });
});

describe("a call whose answer did not come", () => {
  it("is sent again on the next socket, under its number and before those made since", async () => {
    ports.last.open();
    const lost = consumer.call("A#lost", {});
    ports.last.drop();
    const waiting = consumer.call("A#waiting", {});
    ports.tick();
    ports.last.open();
    // What was missed comes before the welcome: it may be the answer.
    expect(ports.last.frames).toEqual([[...hello(0, 1), "", positions]]);
    ports.last.receive(welcome());
    expect(ports.last.frames.slice(1)).toEqual([
      [1, "A#lost"],
      [2, "A#waiting"],
    ]);
    ports.last.receive(done(1));
    ports.last.receive(done(2));
    expect([await endOf(lost), await endOf(waiting)]).toEqual(["done", "done"]);
    expect(states).toEqual(["online", "offline", "online"]);
  });

  it("says where it was made when the page is somewhere else now, and is not shown there", () => {
    ports.last.open();
    callQuietly("A#b");
    ports.last.drop();
    ports.url = "https://site.example/other";
    comeBack();
    expect(ports.last.frames).toEqual([
      [...hello(0, 1, "/other"), "", positions],
      [1, "A#b", 0, 0, 0, 0, 0, "/page?a=1"],
    ]);
    ports.last.receive(done(1, [title("of the page before")]));
    expect(applied).toEqual([]);
  });

  it("counts the updates that it has applied, each once, and tells them with its next hello", () => {
    ports.last.open();
    callQuietly("A#b");
    callQuietly("A#c");
    ports.last.receive(done(1, [title("1")]));
    ports.last.receive(done(1, [title("again")]));
    ports.last.receive(["p", 2, "0-1", title("2")]);
    ports.last.receive(["p", 2, "0-1", title("again")]);
    state = "";
    reconnect();
    expect(applied).toEqual([title("1"), title("2")]);
    // With what the last push says that the page is.
    expect(ports.last.frames).toEqual([
      [...hello(2, 2), "0-1", positions],
      [2, "A#c"],
    ]);
    ports.last.receive(done(2, [title("3")]));
    reconnect();
    expect(ports.last.frames).toEqual([[...hello(3, 3), "", positions]]);
  });

  it("is answered by what was missed, and not sent again then", async () => {
    ports.last.open();
    const calls = [consumer.call("A#b", {}), consumer.call("A#c", {})];
    ports.last.drop();
    ports.tick();
    ports.last.open();
    ports.last.receive(done(1, [title("missed")]));
    ports.last.receive(welcome());
    expect(ports.last.frames.slice(1)).toEqual([[2, "A#c"]]);
    ports.last.receive(done(2));
    expect([await Promise.all(calls.map(endOf)), applied]).toEqual([["done", "done"], [title("missed")]]);
  });

  it("is not made again when the visitor has another session by then", async () => {
    ports.last.open();
    ports.last.receive(welcome("one"));
    const call = consumer.call("A#b", {});
    ports.last.drop();
    ports.tick();
    ports.last.open();
    ports.last.receive(welcome("two"));
    expect(await endOf(call)).toBe("session-changed");
    expect(ports.last.frames).toHaveLength(1);
  });

  it("is not made in a session that its page did not know, sent before or not", async () => {
    ports.last.open();
    ports.last.receive(welcome("one"));
    ports.last.drop();
    const call = consumer.call("Bank#pay", {});
    ports.tick();
    ports.last.open();
    expect(ports.last.frames).toHaveLength(1);
    ports.last.receive(welcome("two"));
    expect(await endOf(call)).toBe("session-changed");
    expect(ports.last.frames).toHaveLength(1);
  });

  it("is held back in the page while the server has as many as it should", () => {
    ports.last.open();
    for (let number = 0; number < CLIENT_LIMITS.clientSentCalls + 2; number += 1) callQuietly("A#b");
    expect(ports.last.frames).toHaveLength(1 + CLIENT_LIMITS.clientSentCalls);
    ports.last.receive(done(1));
    expect(ports.last.frames.at(-1)).toEqual([CLIENT_LIMITS.clientSentCalls + 1, "A#b"]);
  });

  it("is given up after a day, since the server may not remember", async () => {
    ports.last.open();
    const call = consumer.call("A#b", {});
    ports.last.drop();
    ports.time += CLIENT_LIMITS.callAgeMs + 1;
    comeBack();
    expect(await endOf(call)).toBe("call-expired");
    expect(ports.last.frames).toHaveLength(1);
  });
});

describe("a page that is left", () => {
  it("leaves its calls to the next page of the browser tab, which makes them under their old names", async () => {
    ports.last.open();
    ports.last.receive(welcome());
    const sent = consumer.call("A#sent", { args: [1] });
    ports.last.drop();
    callQuietly("A#waiting");
    consumer.leave(true);
    // Browsers find a page hidden behind its end; what ends its calls may have it make more.
    const late = consumer.call("A#late", {});
    consumer.save();
    expect(await Promise.all([sent, late].map(endOf))).toEqual(["page-closed", "page-closed"]);
    consumer = load();
    const own = consumer.call("A#own", {});
    ports.last.open();
    // Whose session this is has to be known first.
    expect(ports.last.frames).toEqual([hello(0, 3)]);
    ports.last.receive(welcome());
    expect(ports.last.frames.slice(1)).toEqual([
      [1, "A#sent", 0, 0, [1], 0, "i0000000000", "/page?a=1"],
      [2, "A#waiting", 0, 0, 0, 0, "i0000000000", "/page?a=1"],
      [3, "A#own"],
    ]);
    for (const number of [1, 2, 3]) ports.last.receive(done(number));
    expect(await endOf(own)).toBe("done");
    consumer.leave(true);
    expect(ports.kept).toBeNull();
  });

  it("leaves them also through a page that never had a connection, and to no other session", () => {
    ports.last.open();
    ports.last.receive(welcome("one"));
    callQuietly("A#b");
    consumer.leave(true);
    consumer = load();
    consumer.leave(true);
    consumer = load();
    ports.last.open();
    ports.last.receive(welcome("two"));
    expect(ports.last.frames).toHaveLength(1);
  });

  it("leaves nothing to another visitor's session", async () => {
    ports.last.open();
    ports.last.receive(welcome("one"));
    callQuietly("A#b");
    consumer.leave(true);
    consumer = load();
    ports.last.open();
    ports.last.receive(welcome("two"));
    expect(ports.last.frames).toEqual([hello(0, 2)]);
    expect(console.error).toHaveBeenCalledWith(expect.objectContaining({ code: "session-changed" }));
  });

  it("says so when it wants nothing any more, and goes on when the browser shows it again", () => {
    ports.last.open();
    const [first] = ports.sockets;
    consumer.leave(false);
    expect([first?.closedWith, ports.waiting.size, states.at(-1)]).toEqual([4000, 0, "offline"]);
    callQuietly("A#b");
    consumer.connect();
    ports.last.open();
    expect(ports.last.frames).toEqual([
      [...hello(0, 1), "", positions],
      [1, "A#b"],
    ]);
    consumer.leave(false);
    expect(ports.last.closedWith).toBe(1000);
  });

  it("does not say so when a duplicate may have a copy of its calls, answered or not", () => {
    ports.last.open();
    callQuietly("A#b");
    // The browser tab was hidden, and might have been duplicated then.
    consumer.save();
    ports.last.receive(done(1));
    consumer.leave(true);
    expect(ports.last.closedWith).toBe(1000);
  });

  it("leaves a call to the next but one whose number the next page has for another", () => {
    const kept = (tab: string) => [tab, 6, ports.time, "/", '"A#b"'];
    ports.kept = JSON.stringify([1, "session", kept("abcdefghijk"), kept("bcdefghijkl")]);
    for (const tab of ["abcdefghijk", "bcdefghijkl"]) {
      consumer = load();
      ports.last.open();
      ports.last.receive(welcome());
      expect(ports.last.frames.slice(1)).toEqual([[6, "A#b", 0, 0, 0, 0, tab, "/"]]);
      ports.last.receive(done(6));
      consumer.leave(true);
    }
    expect(ports.kept).toBeNull();
  });

  it.each([
    "no JSON",
    "[1,2",
    '{"a":1}',
    '["s",["tab"]]',
    "[]",
    '[2,"s",["abcdefghijk",1,1,"/",""]]',
    ...[
      '["abcdefghijk",1.5,1,"/","1"]',
      '["abcdefghijk",9007199254740991,1,"/","1"]',
      '["abcdefghijk","x",1,"/","1"]',
      '["abcdefghijk",1,null,"/","1"]',
      '["abcdefghijk",1,1,"//elsewhere","1"]',
      '["abcdefghijk",1,1,"/",5]',
      '["abcdefghijk",1,1,"/","]"]',
      '["no name!",1,1,"/","1"]',
    ].map((call) => `[1,"s",["abcdefghijk",1,1,"/","1"],${call}]`),
  ])("takes over nothing from %s", (kept) => {
    ports.kept = kept;
    consumer = load();
    ports.last.open();
    ports.last.receive(welcome());
    expect(ports.last.frames).toHaveLength(1);
  });
});

describe("a call whose place a later one takes", () => {
  const element = {};
  const latest = (target = "A#b") => consumer.call(target, {}, element);

  it("is not sent any more when it was not sent yet", async () => {
    const calls = [latest(), latest("A#other"), latest()];
    ports.last.open();
    expect(ports.last.frames.slice(1)).toEqual([
      [2, "A#other"],
      [3, "A#b"],
    ]);
    ports.last.receive(done(2));
    ports.last.receive(done(3));
    expect(await Promise.all(calls.map(endOf))).toEqual(["superseded", "done", "done"]);
  });

  it("is not shown: what it and those behind it say is applied with the answer of the last", async () => {
    ports.last.open();
    const shown: (readonly Update[])[] = [];
    applying = (updates) => shown.push(updates);
    const calls = [latest(), consumer.call("A#c", {}), latest()];
    ports.last.receive(done(1, [title("1")]));
    ports.last.receive(done(2, [title("2")]));
    calls.push(latest());
    ports.last.receive(done(3, [title("3")]));
    expect(shown).toEqual([]);
    ports.last.receive(done(4, [title("4")]));
    // In one go, so that no browser paints in between.
    expect(shown.flat()).toEqual(["1", "2", "3", "4"].map(title));
    expect(await Promise.all(calls.map(endOf))).toEqual(["superseded", "done", "superseded", "done"]);
  });

  it("does not wait for what is held back by what waits for it", async () => {
    ports.last.open();
    const calls = [latest()];
    for (let count = 1; count < CLIENT_LIMITS.clientSentCalls; count += 1)
      calls.push(consumer.call("A#c", {}));
    calls.push(latest());
    const last = calls.length;
    expect(ports.last.frames).toHaveLength(last);
    ports.last.receive(done(1, [title("1")]));
    expect(ports.last.frames.at(-1)).toEqual([last, "A#b"]);
    for (let number = 2; number <= last; number += 1) ports.last.receive(done(number));
    expect((await Promise.all(calls.map(endOf))).slice(0, 2)).toEqual(["superseded", "done"]);
  });

  it("waits for nothing when the last one is refused, or the socket drops", async () => {
    ports.last.open();
    const calls = [latest(), latest()];
    ports.last.receive(done(1, [title("1")]));
    reconnect();
    expect([applied, ports.last.frames.slice(1)]).toEqual([
      [],
      [
        [1, "A#b"],
        [2, "A#b"],
      ],
    ]);
    ports.last.receive(done(1, [title("1")]));
    ports.last.receive(["e", 2, "reflex-failed", "No.", "id"]);
    expect(await Promise.all(calls.map(endOf))).toEqual(["superseded", "reflex-failed"]);
    expect(applied).toEqual([title("1")]);
  });
});

describe("what a page may go through", () => {
  it("an older reply is not painted when the call that took its place gave way unsent to a third", () => {
    const element = {};
    ports.last.open();
    ports.last.receive(welcome());
    const quiet = (n: number) => consumer.call("A#find", { args: [n] }, element).catch(() => undefined);
    quiet(1);
    ports.last.drop();
    quiet(2);
    quiet(3);
    ports.tick();
    ports.last.open();
    ports.last.receive(welcome());
    ports.last.receive(done(1, [title("one")]));
    expect(applied).toEqual([]);
    ports.last.receive(done(3, [title("three")]));
    expect(applied.at(-1)).toEqual(title("three"));
  });

  it("calls of a page in the back/forward cache are still there when the page before it has come back and gone", () => {
    const first = consumer;
    ports.last.open();
    ports.last.receive(welcome());
    first.leave(false);
    // The next page, offline: three calls wait, and the visitor goes back.
    ports.chance = 0.25;
    const second = load();
    for (const n of [1, 2, 3]) second.call("B#buy", { args: [n] }).catch(() => undefined);
    second.leave(false);
    expect(ports.kept).toContain("B#buy");
    first.connect();
    ports.last.open();
    ports.last.receive(welcome());
    // Follows a link: the browser drops the second page; the third is to make its calls.
    first.leave(true);
    ports.chance = 0.75;
    load();
    ports.last.open();
    ports.last.receive(welcome());
    expect(JSON.stringify(ports.last.frames)).toContain("B#buy");
  });

  it("a dead socket is noticed while the visitor goes on calling", () => {
    ports.last.open();
    ports.last.receive(welcome());
    callQuietly("A#b");
    const [ask] = ports.waiting.keys();
    callQuietly("A#b");
    expect([...ports.waiting.keys()]).toEqual([ask]);
    ports.tick();
    const [giveUp] = ports.waiting.keys();
    callQuietly("A#b");
    expect([...ports.waiting.keys()]).toEqual([giveUp]);
    ports.tick();
    expect(states.at(-1)).toBe("offline");
  });

  it("a page that left out an update, moved on and came back, asks for what it lacks on its next socket", () => {
    ports.last.open();
    ports.last.receive(welcome());
    callQuietly("A#b");
    ports.url = "https://site.example/other";
    ports.last.receive(done(1, [title("one")]));
    expect(applied).toEqual([]);
    // The location never arrives; script goes back, and the connection is another one.
    ports.url = "https://site.example/page?a=1";
    reconnect();
    ports.last.receive(welcome());
    expect(ports.last.frames).toContainEqual(["s", ""]);
  });
});

describe("a call that cannot be sent", () => {
  const ring: { self?: unknown } = {};
  ring.self = ring;

  it.each([[1n], [ring]])("is refused when it is made: arguments that are no JSON", async (argument) => {
    const bad = consumer.call("A#bad", { args: [argument] });
    const good = consumer.call("A#good", {});
    expect(await endOf(bad)).toBe("call-not-json");
    ports.last.open();
    ports.last.receive(done(1));
    expect(await endOf(good)).toBe("done");
  });

  it("is refused when it is too large, and takes no number", async () => {
    ports.last.open();
    expect(await endOf(consumer.call("A#b", { args: ["x".repeat(CLIENT_LIMITS.clientFrameChars)] }))).toBe(
      "call-too-large",
    );
    callQuietly("A#b");
    expect(ports.last.frames.at(-1)).toEqual([1, "A#b"]);
  });

  it("is refused when the page has an address that the protocol does not take", async () => {
    ports.url = `https://site.example/?${"x".repeat(CLIENT_LIMITS.urlChars)}`;
    ports.last.open();
    expect(await endOf(consumer.call("A#b", {}))).toBe("address-unsendable");
    expect(ports.last.frames).toEqual([hello(0, 1, "/")]);
  });

  it("is refused when too many wait, or too much", async () => {
    const large = { args: ["x".repeat(1_000_000)] };
    for (const _ of [1, 2]) consumer.call("A#b", large).catch(() => undefined);
    expect(await endOf(consumer.call("A#b", large))).toBe("too-many-waiting");
    for (let count = 2; count < CLIENT_LIMITS.clientWaitingCalls; count += 1) callQuietly("A#b");
    expect(await endOf(consumer.call("A#b", {}))).toBe("too-many-waiting");
    expect(counts.at(-1)).toBe(CLIENT_LIMITS.clientWaitingCalls);
  });
});

describe("what came", () => {
  const acknowledged = () => ports.last.frames.filter((frame) => (frame as unknown[])[0] === "a");

  it("is acknowledged after so many frames or so much: by the lowest number that waits, and the updates applied before", () => {
    ports.last.open();
    for (let number = 1; number < CLIENT_LIMITS.unacknowledged; number += 1) {
      callQuietly("A#b");
      ports.last.receive(number % 2 ? [number, "nothing"] : done(number, [title("new")]));
    }
    callQuietly("A#b");
    expect(acknowledged()).toEqual([]);
    ports.last.receive(["e", 16, "reflex-failed", "No.", "id"]);
    expect(acknowledged()).toEqual([["a", 17, 7]]);
    callQuietly("A#b");
    callQuietly("A#b");
    ports.last.receive(done(17, [["inner", "#a", "x".repeat(20_000)]]));
    expect(acknowledged()).toEqual([
      ["a", 17, 7],
      ["a", 18, 8],
    ]);
  });

  it("is acknowledged on a page that calls nothing", () => {
    ports.last.open();
    for (let seen = 1; seen <= 3 * CLIENT_LIMITS.unacknowledged; seen += 1) {
      ports.last.receive(["p", seen, "", ["at", "room", `life.${seen}`]]);
    }
    expect(acknowledged()).toHaveLength(3);
    expect(acknowledged()[1]).toEqual(["a", 1, 2 * CLIENT_LIMITS.unacknowledged]);
    ports.last.receive(["p", 49, "", ["op", "append", { html: "x".repeat(20_000) }]]);
    expect(acknowledged()).toHaveLength(4);
  });
});

describe("the page's places in topics", () => {
  it("are told with each hello but the first, before which it was told of none", () => {
    state = "0-1-a";
    ports.last.open();
    expect(ports.last.frames).toEqual([[...hello(0, 1), "0-1-a", {}]]);
    positions = { room: "life.7" };
    reconnect();
    expect(ports.last.frames).toEqual([[...hello(0, 1), "0-1-a", { room: "life.7" }]]);
  });

  it("are told behind an empty state by a page that says nothing of itself", () => {
    ports.last.open();
    expect(ports.last.frames).toEqual([hello(0, 1)]);
    positions = { room: "life.7" };
    reconnect();
    expect(ports.last.frames).toEqual([[...hello(0, 1), "", { room: "life.7" }]]);
  });

  it("come with pushes that say what the page is, whatever else is in them", () => {
    ports.last.open();
    state = "";
    ports.last.receive(["p", 1, "0-1", ["at", "room", "life.1"]]);
    reconnect();
    expect(ports.last.frames).toEqual([[...hello(1, 1), "0-1", {}]]);
  });
});

describe("the connection", () => {
  it("goes to the page's own site, securely where the page is", () => {
    expect(ports.urls).toEqual(["wss://site.example/_reflex/socket"]);
  });

  it("waits longer after each failure, at random, and starts over once something was heard", () => {
    const waits: (number | undefined)[] = [];
    for (let time = 0; time < 8; time += 1) {
      ports.last.drop();
      waits.push([...ports.waiting.values()][0]);
      ports.tick();
    }
    expect(waits).toEqual([200, 400, 800, 1600, 2500, 2500, 2500, 2500]);
    // A socket that is closed as soon as it is open is a failure too.
    ports.last.open();
    ports.last.drop();
    expect([...ports.waiting.values()]).toEqual([2500]);
    ports.tick();
    ports.last.open();
    ports.last.receive(welcome());
    ports.last.drop();
    expect([...ports.waiting.values()]).toEqual([200]);
  });

  it("tries at once when it is told that the network is back, and only once", () => {
    ports.last.drop();
    consumer.connect();
    consumer.connect();
    expect([ports.sockets.length, ports.waiting.size]).toEqual([2, 1]);
  });

  it("is left for another when the network is another", () => {
    ports.last.open();
    const [first] = ports.sockets;
    consumer.reconnect();
    expect([first?.closedWith, ports.sockets.length, states]).toEqual([1000, 2, ["online", "offline"]]);
    // What the first socket still says is not heard.
    first?.receive(["p", 1, "", title("late")]);
    first?.drop();
    ports.last.open();
    expect([applied, ports.sockets.length]).toEqual([[], 2]);
  });

  it("asks a silent socket whether it lives: after 25 s, after 2.5 s while an answer is due, and when told to", () => {
    ports.last.open();
    expect([...ports.waiting.values()]).toEqual([25_000]);
    callQuietly("A#b");
    expect([...ports.waiting.values()]).toEqual([2_500]);
    ports.tick();
    expect(ports.last.sent.at(-1)).toBe(HEARTBEAT);
    ports.last.receive(HEARTBEAT);
    expect([...ports.waiting.values()]).toEqual([2_500]);
    ports.last.receive(done(1));
    expect([...ports.waiting.values()]).toEqual([25_000]);
    consumer.connect();
    expect([ports.last.sent.at(-1), ports.sockets.length]).toEqual([HEARTBEAT, 1]);
  });

  it("gives up a socket that does not answer, or does not open", () => {
    ports.last.open();
    consumer.connect();
    ports.tick();
    expect([states, ports.last.closedWith]).toEqual([["online", "offline"], 1000]);
    ports.tick();
    expect(ports.sockets).toHaveLength(2);
    expect([...ports.waiting.values()]).toEqual([8_000]);
    const late = ports.last;
    ports.tick();
    ports.tick();
    expect([ports.sockets.length, late.closedWith]).toEqual([3, undefined]);
    late.open();
    expect([states.at(-1), late.closedWith]).toEqual(["offline", 1000]);
  });

  it("gives up when the session is over, and every call is rejected", async () => {
    const waiting = consumer.call("A#b", {});
    ports.last.drop(4401);
    expect(await endOf(waiting)).toBe("connection-refused");
    expect(await endOf(consumer.call("A#b", {}))).toBe("connection-refused");
    consumer.connect();
    expect([ports.sockets.length, ports.waiting.size, states]).toEqual([1, 0, ["refused"]]);
  });

  it("has the page loaded again when the server does not understand its client, and for nothing else", async () => {
    ports.last.open();
    ports.last.receive(welcome());
    const waiting = consumer.call("A#b", {});
    expect(heard).toEqual(["build"]);
    ports.last.drop(4426);
    expect(await endOf(waiting)).toBe("protocol-mismatch");
    expect(heard).toEqual(["build", "outdated"]);
  });
});
