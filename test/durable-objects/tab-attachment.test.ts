import { describe, expect, it } from "vitest";
import { attachmentFor, readAttachment, writeAttachment } from "../../durable-objects/tab-attachment.ts";
import { CLIENT_LIMITS, LIMITS } from "../../src/protocol/limits.ts";

/** A request with that cookie; a real one would complain about what is not ASCII. */
function request(cookie: string): Request {
  const headers = { get: (name: string) => (name === "Cookie" ? cookie : null) };
  return { url: "https://site.example/_reflex/socket", headers } as unknown as Request;
}

/** What a socket gives back of what it was given. */
function keptBy(write: (socket: WebSocket) => void): ReturnType<typeof readAttachment> {
  const { 0: client, 1: server } = new WebSocketPair();
  expect(client).toBeDefined();
  write(server);
  return readAttachment(server);
}

describe("an attachment", () => {
  const kept = {
    version: 3,
    sent: 0,
    origin: "https://site.example",
    headers: [],
    templates: "a,b",
  } as const;
  const cause = { callId: "id", target: "A#b" };

  it("is read as it was written, and what the versions before wrote is understood", () => {
    const whole = { ...kept, url: "/", digest: "a-b", last: { assigns: { at: new Date(0) }, cause } };
    expect(keptBy((socket) => writeAttachment(socket, whole))).toEqual(whole);
    const first = { version: 1, origin: "https://site.example", headers: [], url: "/" };
    const before = { ...first, version: 2, templates: "a,b" };
    const now = { version: 3, sent: 0 };
    expect(keptBy((socket) => socket.serializeAttachment(first))).toEqual({
      ...first,
      ...now,
      templates: "",
    });
    expect(keptBy((socket) => socket.serializeAttachment(before))).toEqual({ ...before, ...now });
    expect(keptBy((socket) => socket.serializeAttachment({ version: 4 }))).toBeUndefined();
    expect(keptBy(() => undefined)).toBeUndefined();
  });

  it.each([
    ["too large", { text: "x".repeat(20_000) }],
    ["no value that can be copied", { run: () => 1 }],
  ])("is kept without what an action assigned when that is %s", (_, assigns) => {
    const whole = { ...kept, last: { assigns, cause } };
    expect(keptBy((socket) => writeAttachment(socket, whole))).toEqual(kept);
  });
});

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
    const templates = Array.from({ length: LIMITS.keptTemplates }, () => "abcdefgh").join();
    const url = `/${"x".repeat(CLIENT_LIMITS.urlChars - 1)}`;
    const attachment = { ...kept, url, templates, digest: "1234567-1234567" };
    const { 0: client, 1: server } = new WebSocketPair();
    expect(client).toBeDefined();
    expect(() => server.serializeAttachment(attachment)).not.toThrow();
  });
});
