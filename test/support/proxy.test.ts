import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type Connection, FrameProxy, type Verdict } from "./proxy.ts";
import { SocketServer } from "./socket-server.ts";

let server: SocketServer;
let proxy: FrameProxy;

beforeEach(async () => {
  server = await SocketServer.start();
  proxy = await FrameProxy.start(() => server.port);
});
afterEach(async () => {
  await proxy.stop();
  await server.stop();
});

/** A browser's socket, and what it hears. */
class Ear {
  readonly texts: string[] = [];
  readonly socket: WebSocket;
  /** The close code, once it is closed. */
  readonly code: Promise<number>;

  constructor(path = "/") {
    this.socket = new WebSocket(`${proxy.url.replace("http", "ws")}${path}`, "v1");
    this.socket.addEventListener("message", ({ data }) => this.texts.push(data));
    this.code = new Promise((resolve) => this.socket.addEventListener("close", ({ code }) => resolve(code)));
  }

  async heard(...texts: readonly string[]): Promise<void> {
    await vi.waitFor(() => expect(this.texts).toEqual(["hello", ...texts]));
  }

  static async open(): Promise<Ear> {
    const ear = new Ear();
    await ear.heard();
    return ear;
  }
}

/** Judges one text, and passes on all others. */
const judge =
  (text: string, verdict: Verdict) =>
  (heard: string): Verdict =>
    heard === text ? verdict : "forward";

describe("a forwarded socket", () => {
  it("carries texts of every length in both directions, in order, with the subprotocol and without extensions", async () => {
    const texts = ["", "a", "ä €", "x".repeat(125), "x".repeat(126), "x".repeat(60_000)];
    const ear = await Ear.open();
    for (const text of texts) ear.socket.send(text);
    await ear.heard(...texts);
    expect(server.heard).toEqual(texts);
    expect(ear.socket.protocol).toBe("v1");
    expect(server.extensions).toEqual([undefined]);
  });

  it("ends with the code that the other side closed it with", async () => {
    const ear = await Ear.open();
    ear.socket.close(4000);
    expect(await ear.code).toBe(4001);
    await vi.waitFor(() => expect([proxy.connections.size, server.sockets.size]).toEqual([0, 0]));
  });

  it("ends without a code when the server is gone, and the next goes to where the server is then", async () => {
    const ear = await Ear.open();
    await server.stop();
    expect(await ear.code).toBe(1006);
    expect(await new Ear().code).toBe(1006);
    server = await SocketServer.start();
    const next = await Ear.open();
    next.socket.send("again");
    await next.heard("again");
  });

  it("ends on the server's side when the browser is gone", async () => {
    await Ear.open();
    const [connection] = proxy.connections;
    connection?.browser.destroy();
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
  });

  it("is not one when the server refuses the upgrade", async () => {
    expect(await new Ear("/refused").code).toBe(1006);
    expect(server.sockets.size).toBe(0);
  });
});

describe("a frame from the browser", () => {
  it("waits for its verdict, and those behind it wait too", async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const seen: string[] = [];
    proxy.hooks.up = async (text): Promise<Verdict> => {
      seen.push(text);
      if (text === "1") await gate;
      return "forward";
    };
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    await vi.waitFor(() => expect(seen).toEqual(["1"]));
    expect(server.heard).toEqual([]);
    release();
    await ear.heard("1", "2", "3");
  });

  it("is dropped alone", async () => {
    proxy.hooks.up = judge("2", "drop");
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    await ear.heard("1", "3");
  });

  it("is duplicated in its place", async () => {
    proxy.hooks.up = judge("2", "duplicate");
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    await ear.heard("1", "2", "2", "3");
  });

  it.each([
    ["kill-before", ["1"]],
    ["kill-after", ["1", "2"]],
  ] as const)("takes the connection with it, by %s", async (verdict, heard) => {
    proxy.hooks.up = judge("2", verdict);
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    expect(await ear.code).toBe(1006);
    await vi.waitFor(() => expect(server.sockets.size).toBe(0));
    expect(server.heard).toEqual(heard);
    expect(proxy.connections.size).toBe(0);
  });
});

describe("a frame from the server", () => {
  it.each([
    ["drop", ["1", "3"]],
    ["duplicate", ["1", "2", "2", "3"]],
  ] as const)("is judged as well: %s", async (verdict, heard) => {
    proxy.hooks.down = judge("2", verdict);
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    await ear.heard(...heard);
  });

  it("comes before the connection is killed behind it", async () => {
    proxy.hooks.down = judge("2", "kill-after");
    const ear = await Ear.open();
    for (const text of ["1", "2", "3"]) ear.socket.send(text);
    expect(await ear.code).toBe(1006);
    expect(ear.texts).toEqual(["hello", "1", "2"]);
  });
});

describe("a held connection", () => {
  it("carries nothing more in either direction, not even an end, and others go on", async () => {
    let held: Connection | undefined;
    proxy.hooks.up = (text, connection) => {
      if (text !== "2") return "forward";
      held = connection;
      return "hold";
    };
    const [ear, other] = await Promise.all([Ear.open(), Ear.open()]);
    ear.socket.send("1");
    await ear.heard("1");
    for (const text of ["2", "3"]) ear.socket.send(text);
    await vi.waitFor(() => expect(held?.isHeld).toBe(true));
    // Its other side goes, and it is not told.
    held?.server.destroy();
    other.socket.send("4");
    await other.heard("4");
    expect(server.heard).toEqual(["1", "4"]);
    expect(ear.socket.readyState).toBe(WebSocket.OPEN);
    expect(ear.texts).toEqual(["hello", "1"]);
  });
});

describe("a network that is down", () => {
  it("refuses every connection, and none before or after", async () => {
    const before = await Ear.open();
    proxy.isRefusing = true;
    expect(await new Ear().code).toBe(1006);
    await expect(fetch(`${proxy.url}/there`)).rejects.toThrow();
    before.socket.send("still here");
    await before.heard("still here");
    proxy.cut();
    expect(await before.code).toBe(1006);
    proxy.isRefusing = false;
    await Ear.open();
  });

  it("takes what comes and never answers when it swallows, also when it is up again", async () => {
    proxy.isSwallowing = true;
    const ear = new Ear();
    const control = new AbortController();
    const answer = fetch(`${proxy.url}/there`, { signal: control.signal });
    // Both are at the proxy when a later one is.
    await vi.waitFor(() => expect(proxy.swallowedCount).toBe(2));
    proxy.isSwallowing = false;
    await Ear.open();
    expect(ear.socket.readyState).toBe(WebSocket.CONNECTING);
    control.abort();
    await expect(answer).rejects.toThrow("abort");
  });
});

describe("a request", () => {
  it("is passed on with method, headers and body, and its answer with status, headers and body", async () => {
    const response = await fetch(`${proxy.url}/there`, { method: "POST", body: "text" });
    expect([response.status, await response.text()]).toEqual([200, "text"]);
    expect(response.headers.get("X-Host")).toBe(new URL(proxy.url).host);
    const missing = await fetch(`${proxy.url}/elsewhere`);
    expect([missing.status, await missing.text()]).toEqual([404, ""]);
  });
});
