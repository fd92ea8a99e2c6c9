import { describe, expect, it } from "vitest";
import { CLIENT_LIMITS, LIMITS } from "../../src/protocol/limits.ts";
import { newCookie, ORIGIN, Tab, upgrade, visit } from "../support/tab.ts";

describe("a call to what is no action", () => {
  const calls = [
    ["an unknown class", "Nobody#add", "unknown-reflex"],
    ["an unknown action", "Probe#nothing", "unknown-action"],
    ["a method of the runtime's base class", "Probe#morph", "inherited-action"],
    ["an accessor of the runtime's base class", "Probe#session", "inherited-action"],
    ["a method of Object", "Probe#toString", "inherited-action"],
    ["a private method", "Probe##audit", "private-action"],
    ["a method that its name keeps private", "Probe#_helper", "private-action"],
    ["an accessor", "Probe#audited", "private-action"],
    ["a method that the class does not list", "Guarded#close", "private-action"],
    ["constructor", "Probe#constructor", "reserved-action"],
    ["__proto__", "Probe#__proto__", "reserved-action"],
    ["a class named __proto__", "__proto__#toString", "unknown-reflex"],
    ["a class named constructor", "constructor#constructor", "unknown-reflex"],
    ["no class", "#add", "malformed-target"],
    ["no action", "Probe", "malformed-target"],
  ] as const;

  it.each(calls)("is refused with its own code: %s", async (...call) => {
    const [, target, code] = call;
    const tab = await Tab.open();
    await tab.call("Probe#add");
    expect(await tab.call(target)).toMatchObject({ number: 2, outcome: code });
    expect((await tab.call("Probe#add")).outcome).toBe("done");
    expect(await tab.count()).toBe("2");
  });
});

describe("a call of the wrong shape", () => {
  it("is refused by its number, and the socket goes on", async () => {
    const tab = await Tab.open();
    tab.socket.send(JSON.stringify([9, "Probe#add", 0, 0, "x"]));
    expect((await tab.reply(9)).outcome).toBe("malformed-call");
    expect((await tab.call("Probe#add")).outcome).toBe("done");
  });

  it("is refused for an argument nested one level too deep", async () => {
    const nest = (levels: number): unknown => (levels === 0 ? 0 : [nest(levels - 1)]);
    const tab = await Tab.open();
    expect((await tab.call("Probe#whisper", { args: [nest(LIMITS.argDepth)] })).outcome).toBe("nothing");
    expect((await tab.call("Probe#whisper", { args: [nest(LIMITS.argDepth + 1)] })).outcome).toBe(
      "malformed-call",
    );
  });
});

describe("a frame that is not of the protocol", () => {
  const frames = [
    ["text that is not JSON", "hello", 4400, "malformed-frame"],
    ["JSON that is no frame", '{"call":1}', 4400, "malformed-frame"],
    ["an unknown kind", '["z"]', 4400, "malformed-frame"],
    ["a call without a number", '["1","Probe#add"]', 4400, "malformed-frame"],
    ["bytes", new Uint8Array([1, 2, 3]), 4400, "malformed-frame"],
    ["a location on another site", '["l","//evil.example/"]', 4400, "malformed-frame"],
    ["two megabytes", `[1,"Probe#add",0,0,["${"x".repeat(2_000_000)}"]]`, 4413, "frame-too-large"],
  ] as const;

  it.each(frames)(
    "closes the socket with its own code and leaves the session alone: %s",
    async (...frame) => {
      const [, sent, code, reason] = frame;
      const tab = await Tab.open();
      await tab.call("Probe#add", { args: [4] });
      tab.socket.send(sent);
      expect(await tab.closed).toEqual({ code, reason });
      expect(await tab.count()).toBe("4");
    },
  );

  it("a call before the location closes the socket", async () => {
    const tab = await Tab.connect(await newCookie());
    tab.send([1, "Probe#add"]);
    expect(await tab.closed).toEqual({ code: 4428, reason: "location-missing" });
    expect(await tab.count()).toBe("0");
  });

  it("takes a frame of exactly the longest length", async () => {
    const tab = await Tab.open();
    const frame = (text: string) => JSON.stringify([1, "Probe#whisper", 0, 0, [text]]);
    const room = CLIENT_LIMITS.clientFrameChars - frame("").length;
    tab.socket.send(frame("x".repeat(room)));
    expect((await tab.reply(1)).outcome).toBe("nothing");
    tab.socket.send(frame("x".repeat(room + 1)));
    expect((await tab.closed).code).toBe(4413);
  });
});

describe("a flood of requests to restore", () => {
  it("is answered once for each address that waits", async () => {
    const tab = await Tab.open();
    const slow = tab.call("Probe#addSlowly");
    for (let time = 0; time < 500; time += 1) tab.send(["s", time % 2 === 0 ? "" : "0"]);
    await slow;
    await tab.call("Probe#whisper");
    expect(tab.pushes.length).toBeLessThanOrEqual(2);
  });
});

describe("an upgrade", () => {
  const refusals = [
    ["from another site", { Origin: "https://evil.example" }, 403, "origin-forbidden"],
    ["from a subdomain of this site", { Origin: "https://a.site.example" }, 403, "origin-forbidden"],
    ["from this site over http", { Origin: "http://site.example" }, 403, "origin-forbidden"],
    ["from a sandboxed page", { Origin: "null" }, 403, "origin-forbidden"],
    ["without an origin", { Origin: undefined }, 403, "origin-forbidden"],
    ["without the subprotocol", { "Sec-WebSocket-Protocol": undefined }, 400, "subprotocol-unknown"],
    ["of another subprotocol", { "Sec-WebSocket-Protocol": "graphql-ws" }, 400, "subprotocol-unknown"],
    ["that is none", { Upgrade: undefined }, 426, "upgrade-required"],
    ["with cookies larger than a socket keeps", { Cookie: "big" }, 431, "headers-too-large"],
  ] as const;

  it.each(refusals)("is refused with its own code: %s", async (...refusal) => {
    const [, headers, status, code] = refusal;
    const cookie = await newCookie();
    const sent =
      "Cookie" in headers ? { Cookie: `${cookie}; other=${"x".repeat(LIMITS.socketHeaderBytes)}` } : headers;
    const response = await upgrade(cookie, sent);
    expect(response.webSocket).toBeNull();
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ code });
  });

  it("of another major version is accepted and closed with a code that tells the page to load again", async () => {
    const asked = { "Sec-WebSocket-Protocol": "reflex.v99" };
    const response = await upgrade(await newCookie(), asked);
    expect(response.headers.get("Sec-WebSocket-Protocol")).toBe("reflex.v99");
    const { webSocket } = response;
    const closed = new Promise<CloseEvent>((resolve) => webSocket?.addEventListener("close", resolve));
    webSocket?.accept();
    expect(await closed).toMatchObject({ code: 4426, reason: "protocol-unknown" });
  });

  it("is refused on any other path, however it is dressed", async () => {
    const cookie = await newCookie();
    for (const path of ["/", "/id", "/_reflex/other", "/_reflex/socket/"]) {
      const headers = {
        Upgrade: "websocket",
        Cookie: cookie,
        Origin: ORIGIN,
        "Sec-WebSocket-Protocol": "reflex.v1",
      };
      const response = await visit(path, { headers });
      expect([path, response.webSocket, response.status]).toEqual([path, null, 404]);
      expect(await response.json()).toMatchObject({ code: "socket-elsewhere" });
    }
  });

  const cookies = [
    ["without a cookie", () => ""],
    ["with an unsigned cookie", (cookie: string) => cookie.slice(0, cookie.lastIndexOf(".") + 1)],
    [
      "with an altered id",
      (cookie: string) => cookie.replace(/v1\../, (start) => `v1.${start.endsWith("A") ? "B" : "A"}`),
    ],
    ["with an altered date", (cookie: string) => cookie.replace(/\.(\d)(\d+)\./, ".9$2.")],
    ["with another's signature", (cookie: string) => `${cookie.slice(0, -43)}${"A".repeat(43)}`],
    ["with a cookie under the name for http", (cookie: string) => cookie.replace("__Host-", "")],
  ] as const;

  it.each(cookies)("is closed as session-invalid: %s", async (...given) => {
    const [, alter] = given;
    const { webSocket } = await upgrade(alter(await newCookie()));
    const closed = new Promise((resolve) => {
      webSocket?.addEventListener("close", ({ code, reason }) => resolve({ code, reason }));
    });
    webSocket?.accept();
    expect(await closed).toEqual({ code: 4401, reason: "session-invalid" });
  });

  it("is refused when a session has as many sockets as it may", async () => {
    const cookie = await newCookie();
    const tabs = await Promise.all(Array.from({ length: LIMITS.sessionSockets }, () => Tab.connect(cookie)));
    const { closed } = await Tab.connect(cookie);
    expect(await closed).toEqual({ code: 4429, reason: "too-many-sockets" });
    for (const tab of tabs) tab.socket.close();
  });
});

describe("a flood of calls", () => {
  it("is refused beyond what may wait, and everything before it runs", async () => {
    const tab = await Tab.open();
    const calls = Array.from({ length: LIMITS.waitingTurns + 20 }, () => tab.call("Probe#addSlowly"));
    const replies = await Promise.all(calls);
    const done = replies.filter(({ outcome }) => outcome === "done").length;
    const refused = replies.filter(({ outcome }) => outcome === "too-many-waiting").length;
    expect(done + refused).toBe(LIMITS.waitingTurns + 20);
    expect(refused).toBeGreaterThan(0);
    expect(await tab.count()).toBe(String(done));
  });
});

describe("a visitor with a forged cookie", () => {
  it("gets a session of its own on a page, not another's", async () => {
    const tab = await Tab.open();
    await tab.call("Probe#add", { args: [42] });
    const forged = `${tab.cookie.slice(0, -1)}${tab.cookie.endsWith("A") ? "B" : "A"}`;
    const response = await visit("/", { headers: { Cookie: forged, Origin: ORIGIN } });
    expect(await response.text()).toContain('<p id="count">0</p>');
    expect(response.headers.get("Set-Cookie")).toMatch(/^__Host-reflex=v1\./);
  });
});
