import { describe, expect, it } from "vitest";
import { whyNotUpgrade } from "../../src/security/upgrade-check.ts";

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
});
