import { describe, expect, it } from "vitest";
import { attachmentFor } from "../../durable-objects/tab-attachment.ts";
import { CLIENT_LIMITS, LIMITS } from "../../src/protocol/limits.ts";

/** A request with that cookie; a real one would complain about what is not ASCII. */
function request(cookie: string): Request {
  const headers = { get: (name: string) => (name === "Cookie" ? cookie : null) };
  return { url: "https://site.example/_reflex/socket", headers } as unknown as Request;
}

describe("attachmentFor", () => {
  const room = LIMITS.socketHeaderBytes - "Cookie".length;

  it.each([
    ["Latin-1, a byte each", "x", room],
    ["others, two bytes each", "字", room / 2],
  ])("keeps as many characters of a cookie as fit: %s", (_, character, most) => {
    const kept = attachmentFor(request(character.repeat(Math.floor(most))));
    expect(kept?.headers).toEqual([["Cookie", character.repeat(Math.floor(most))]]);
    expect(attachmentFor(request(character.repeat(Math.floor(most) + 1)))).toBeUndefined();
  });

  it("fits a socket with the longest address a tab can have", () => {
    const kept = attachmentFor(request("字".repeat(Math.floor(room / 2))));
    const attachment = { ...kept, url: `/${"x".repeat(CLIENT_LIMITS.urlChars - 1)}` };
    const { 0: client, 1: server } = new WebSocketPair();
    expect(client).toBeDefined();
    expect(() => server.serializeAttachment(attachment)).not.toThrow();
  });
});
