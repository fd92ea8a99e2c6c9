import { describe, expect, it } from "vitest";
import { CALL_REFUSALS, SOCKET_REFUSALS, UPGRADE_REFUSALS } from "../../src/protocol/refusals.ts";

describe("refusals", () => {
  it("close sockets with codes that are the application's, each its own, and a reason that a close frame can hold", () => {
    const codes = Object.values(SOCKET_REFUSALS);
    expect(codes.every((code) => code >= 4000 && code <= 4999)).toBe(true);
    expect(new Set(codes).size).toBe(codes.length);
    expect(Object.keys(SOCKET_REFUSALS).every((reason) => reason.length <= 123)).toBe(true);
  });

  it("answer upgrades with the status of a request that is at fault", () => {
    expect(Object.values(UPGRADE_REFUSALS).every(({ status }) => status >= 400 && status < 500)).toBe(true);
  });

  it("say in whole sentences what a browser may see", () => {
    const messages = [
      ...Object.values(CALL_REFUSALS),
      ...Object.values(UPGRADE_REFUSALS).map(({ message }) => message),
    ];
    expect(messages.filter((message) => !/^[A-Z].*\.$/.test(message))).toEqual([]);
  });
});
