import { beforeEach, describe, expect, it } from "vitest";
import { Consumer } from "../../client/consumer.ts";
import { CLIENT_LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";
import { FakePorts } from "../support/fake-socket.ts";

let ports: FakePorts;
let consumer: Consumer;
let applied: Update[];
let states: string[];
let state: string | undefined;
let applying: (updates: readonly Update[]) => void;

beforeEach(() => {
  ports = new FakePorts();
  applied = [];
  states = [];
  state = undefined;
  applying = (updates) => applied.push(...updates);
  consumer = new Consumer(
    {
      update: (updates) => applying(updates),
      state: () => state,
      stateChanged: (state) => states.push(state),
    },
    ports,
  );
  consumer.connect();
});

/** How a call ended: what it gave, or the code of its error. */
async function endOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    () => "done",
    (error: { code?: string }) => error.code ?? error,
  );
}

const done = (number: number, updates: readonly Update[] = []) => [number, ...updates];

describe("a call", () => {
  it("waits for the socket, and goes out behind the page's location", async () => {
    const call = consumer.call("A#b", { args: [1] });
    expect(ports.last.sent).toEqual([]);
    ports.last.open();
    expect(ports.last.frames).toEqual([
      ["l", "/page?a=1"],
      [1, "A#b", 0, 0, [1]],
    ]);
    ports.last.receive(done(1, [["title", "t"]]));
    expect(await call).toEqual({ target: "A#b" });
    expect(applied).toEqual([["title", "t"]]);
  });

  it("tells with the location what the page said of itself, while it is as it came", () => {
    state = "a-b";
    ports.last.open();
    state = undefined;
    ports.last.drop();
    ports.tick();
    ports.last.open();
    const told = ports.sockets.map(({ frames }) => frames);
    expect(told).toEqual([[["l", "/page?a=1", "a-b"]], [["l", "/page?a=1"]]]);
  });

  it("tells the location again only when it has changed, and on every socket", () => {
    ports.last.open();
    consumer.call("A#b", {}).catch(() => undefined);
    consumer.call("A#b", {}).catch(() => undefined);
    ports.url = "https://site.example/other";
    consumer.call("A#b", {}).catch(() => undefined);
    const kinds = ports.last.frames.map((frame) =>
      (frame as unknown[]).slice(0, typeof (frame as unknown[])[0] === "number" ? 1 : 2),
    );
    expect(kinds).toEqual([["l", "/page?a=1"], [1], [2], ["l", "/other"], [3]]);
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

  it("is rejected when its socket drops, and later ones go out on the next socket with new numbers", async () => {
    ports.last.open();
    const lost = consumer.call("A#lost", {});
    ports.last.drop();
    expect(await endOf(lost)).toBe("disconnected");
    const waiting = consumer.call("A#waiting", {});
    ports.tick();
    ports.last.open();
    expect(ports.last.frames.at(-1)).toEqual([2, "A#waiting"]);
    ports.last.receive(done(2));
    expect(await endOf(waiting)).toBe("done");
    expect(states).toEqual(["online", "offline", "online"]);
  });

  it("asks for what a patch did not fit, while there is a socket to ask", () => {
    consumer.restore("0");
    ports.last.open();
    consumer.restore("1:a");
    expect(ports.last.frames).toEqual([
      ["l", "/page?a=1"],
      ["s", "1:a"],
    ]);
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
    consumer.call("A#b", {}).catch(() => undefined);
    expect(ports.last.frames.at(-2)).toEqual(["l", "/page?a=1"]);
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
    ports.last.receive(["p", ["title", "for where it is now"]]);
    expect(applied).toEqual([["title", "for where it is now"]]);
  });

  it("applies what is pushed to the page that it was rendered for, and ignores replies to nothing and what is no frame", () => {
    ports.last.open();
    ports.last.receive(["p", ["title", "pushed"]]);
    ports.url = "https://site.example/other";
    ports.last.receive(["p", ["title", "of the page before"]]);
    ports.last.receive(done(7, [["title", "nobody asked"]]));
    ports.last.receive("<html>");
    expect(applied).toEqual([["title", "pushed"]]);
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
    consumer.call("A#b", {}).catch(() => undefined);
    expect(ports.last.frames.at(-1)).toEqual([1, "A#b"]);
  });

  it("is refused when the page has an address that the protocol does not take", async () => {
    ports.last.open();
    ports.url = `https://site.example/?${"x".repeat(CLIENT_LIMITS.urlChars)}`;
    expect(await endOf(consumer.call("A#b", {}))).toBe("address-unsendable");
    expect(ports.last.frames).toEqual([["l", "/page?a=1"]]);
  });

  it("is refused when too many wait", async () => {
    const calls = Array.from({ length: CLIENT_LIMITS.clientWaitingCalls }, () => consumer.call("A#b", {}));
    expect(await endOf(consumer.call("A#b", {}))).toBe("too-many-waiting");
    ports.last.open();
    expect(ports.last.frames).toHaveLength(1 + CLIENT_LIMITS.clientWaitingCalls);
    ports.last.drop();
    await Promise.allSettled(calls);
  });
});

describe("the connection", () => {
  it("goes to the page's own site, securely where the page is", () => {
    expect(ports.urls).toEqual(["wss://site.example/_reflex/socket"]);
  });

  it("waits longer after each failure, at random, and starts over after a success", () => {
    const waits: (number | undefined)[] = [];
    for (let time = 0; time < 8; time += 1) {
      ports.last.drop();
      waits.push([...ports.waiting.values()][0]);
      ports.tick();
    }
    expect(waits).toEqual([200, 400, 800, 1600, 2500, 2500, 2500, 2500]);
    ports.last.open();
    ports.last.drop();
    expect([...ports.waiting.values()]).toEqual([200]);
  });

  it("tries at once when it is told that the network is back, and only once", () => {
    ports.last.drop();
    consumer.connect();
    consumer.connect();
    expect([ports.sockets.length, ports.waiting.size]).toEqual([2, 0]);
  });

  it("gives up when the session is over, and every call is rejected", async () => {
    const waiting = consumer.call("A#b", {});
    ports.last.drop(4401);
    expect(await endOf(waiting)).toBe("connection-refused");
    expect(await endOf(consumer.call("A#b", {}))).toBe("connection-refused");
    consumer.connect();
    expect([ports.sockets.length, ports.waiting.size, states]).toEqual([1, 0, ["refused"]]);
  });
});
