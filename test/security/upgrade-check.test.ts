import { describe, expect, it } from "vitest";
import { isUpgrade, whyNotUpgrade } from "../../src/security/upgrade-check.ts";

const GOOD = {
  Upgrade: "websocket",
  Origin: "https://site.example",
  "Sec-WebSocket-Protocol": "x, reflex.v1",
};

/** Node's Request refuses some of these headers as a browser's does, so the check is given what it reads. */
function request(headers: Record<string, string>, method = "GET"): Request {
  const values = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const get = (name: string) => values.get(name.toLowerCase()) ?? null;
  return { method, url: "https://site.example/_reflex/socket", headers: { get } } as unknown as Request;
}

describe("whyNotUpgrade", () => {
  it("lets this site's pages in, and those of sites that are allowed", () => {
    expect(whyNotUpgrade(request(GOOD), [])).toBeUndefined();
    expect(whyNotUpgrade(request({ ...GOOD, Upgrade: "WebSocket" }), [])).toBeUndefined();
    const other = request({ ...GOOD, Origin: "https://www.example" });
    expect(whyNotUpgrade(other, [])).toBe("origin-forbidden");
    expect(whyNotUpgrade(other, ["https://www.example"])).toBeUndefined();
  });

  it("keeps everything else out", () => {
    const { Origin, ...noOrigin } = GOOD;
    expect(Origin).toBeDefined();
    expect(whyNotUpgrade(request(noOrigin), [])).toBe("origin-forbidden");
    for (const origin of [
      "null",
      "",
      "https://site.example.evil",
      "https://site.example:444",
      "https://site.example/",
    ]) {
      expect(whyNotUpgrade(request({ ...GOOD, Origin: origin }), [])).toBe("origin-forbidden");
    }
    expect(whyNotUpgrade(request(GOOD, "POST"), [])).toBe("upgrade-required");
    expect(whyNotUpgrade(request({ ...GOOD, Upgrade: "h2c" }), [])).toBe("upgrade-required");
    expect(whyNotUpgrade(request({ ...GOOD, "Sec-WebSocket-Protocol": "reflex.v10" }), [])).toBe(
      "subprotocol-unknown",
    );
  });

  it("takes a page for its own by scheme, host and port", () => {
    const at = (url: string, origin: string) =>
      whyNotUpgrade({ ...request({ ...GOOD, Origin: origin }), url } as Request, []);
    expect(at("http://localhost:8787/_reflex/socket", "http://localhost:8787")).toBeUndefined();
    expect(at("https://site.example:443/_reflex/socket", "https://site.example")).toBeUndefined();
    expect(at("http://localhost:8787/_reflex/socket", "http://localhost:8788")).toBe("origin-forbidden");
    expect(at("https://site.example/_reflex/socket", "http://site.example")).toBe("origin-forbidden");
    expect(at("https://site.example/_reflex/socket", "https://www.site.example")).toBe("origin-forbidden");
  });

  it("takes an allowed site as it is written, and nothing that begins so", () => {
    const from = (origin: string) =>
      whyNotUpgrade(request({ ...GOOD, Origin: origin }), ["https://www.example", "*"]);
    expect(from("https://www.example")).toBeUndefined();
    expect(from("https://www.example.evil")).toBe("origin-forbidden");
    expect(from("https://else.example")).toBe("origin-forbidden");
  });

  it("asks for the subprotocol last, wherever it stands among others", () => {
    const offering = (names: string) =>
      whyNotUpgrade(request({ ...GOOD, "Sec-WebSocket-Protocol": names }), []);
    expect([offering("reflex.v1"), offering("a,reflex.v1 , b")]).toEqual([undefined, undefined]);
    expect([offering(""), offering("REFLEX.V1"), offering("reflex.v1x")]).toEqual(
      Array(3).fill("subprotocol-unknown"),
    );
    const { Upgrade, Origin } = GOOD;
    expect(whyNotUpgrade(request({ Upgrade, Origin }), [])).toBe("subprotocol-unknown");
    expect(whyNotUpgrade(request({ Upgrade }), [])).toBe("origin-forbidden");
    expect(whyNotUpgrade(request({}), [])).toBe("upgrade-required");
  });
});

describe("isUpgrade", () => {
  it("is true for WebSockets only", () => {
    const upgrades = [GOOD, { Upgrade: "WEBSOCKET" }, { Upgrade: "h2c" }, { Upgrade: "websocket2" }, {}];
    expect(upgrades.map((headers) => isUpgrade(request(headers)))).toEqual([true, true, false, false, false]);
  });
});
