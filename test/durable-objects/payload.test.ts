import { evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { newCookie, newTabId, Tab, visit } from "../support/tab.ts";
import { logged } from "../support/worker.ts";

const ENDS = ["done", "nothing", "selectors", "halted", "forbidden", "reflex-failed", "page-failed"] as const;

async function sleep(tab: Tab): Promise<void> {
  const name = await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
  await evictDurableObject(exports.SessionObject.getByName(name), { webSockets: "hibernate" });
}

/** A tab of a client that speaks an earlier version of the protocol. */
async function openOld(version: number, name: string, cookie?: string): Promise<Tab> {
  const tab = await Tab.connect(cookie ?? (await newCookie()));
  tab.send(["h", version, name, 0, 1, "/desk"]);
  return tab;
}

describe("a payload", () => {
  it.each(ENDS)("comes with the reply, however the call ends: %s", async (end) => {
    const tab = await Tab.open("/desk");
    const { outcome, payload } = await tab.call("Desk#tell", { args: [end] });
    expect([outcome, payload]).toEqual([end === "selectors" ? "done" : end, { count: 1 }]);
  });

  it.each(ENDS)(
    "comes again with the answer to a call that is made again, which runs no more: %s",
    async (end) => {
      const name = newTabId();
      const tab = await Tab.open("/desk", undefined, { tab: name });
      const first = await tab.call("Desk#tell", { args: [end] });
      await sleep(tab);
      const again = await Tab.open("/desk", tab.cookie, { tab: name, seen: 0, state: "" });
      const second = await again.call("Desk#tell", { args: [end] });
      expect([second.number, second.outcome, second.payload, second.id]).toEqual([
        1,
        first.outcome,
        { count: 1 },
        first.id,
      ]);
      // It is the caller's, and no part of what the page is brought up to date with.
      expect(JSON.stringify(again.pushes)).not.toContain('{"count":1}');
    },
  );

  it("is made anew by an action that only reads, whenever that is asked again", async () => {
    const tab = await Tab.open("/desk");
    tab.callAs(1, "Desk#peek");
    expect((await tab.reply(1)).payload).toEqual({ count: 0 });
    await tab.call("Desk#tell", { args: ["done"] });
    tab.callAs(3, "Desk#peek");
    expect((await tab.reply(3)).payload).toEqual({ count: 1 });
  });

  it("is kept from clients that do not know of it, which get the reply as ever", async () => {
    const name = newTabId();
    const tab = await openOld(3, name);
    expect((await tab.call("Desk#tell", { args: ["nothing"] })).frame).toEqual([1, "nothing"]);
    expect((await tab.call("Desk#tell", { args: ["halted"] })).frame).toEqual([2, "halted"]);
    expect((await tab.call("Desk#tell", { args: ["reflex-failed"] })).frame).toHaveLength(5);
    expect((await tab.call("Desk#peek")).frame.slice(0, 2)).toEqual([4, ["page", expect.anything(), ""]]);
    const again = await openOld(3, name, tab.cookie);
    again.callAs(1, "Desk#tell", { args: ["nothing"] });
    expect((await again.reply(1)).frame).toEqual([1, "nothing"]);
  });

  it("that is too large has the call refused and nothing kept, and the log says why", async () => {
    const tab = await Tab.open("/desk");
    const { outcome, payload, id } = await tab.call("Desk#tellTooMuch");
    expect([outcome, payload]).toEqual(["reflex-failed", undefined]);
    expect(logged.find((entry) => entry.id === id)?.cause).toMatchObject({ code: "payload-size" });
    expect((await tab.call("Desk#peek")).payload).toEqual({ count: 0 });
  });
});
