import { evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { newCookie, newTabId, Tab, upgrade, visit } from "../support/tab.ts";

async function evict(tab: Tab, webSockets: "close" | "hibernate"): Promise<void> {
  const name = await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
  await evictDurableObject(exports.SessionObject.getByName(name), { webSockets });
}

/** A tab whose browser says which language it wants. */
async function openIn(language: string, url = "/desk", name = newTabId()): Promise<Tab> {
  const cookie = await newCookie();
  const { webSocket } = await upgrade(cookie, { "Accept-Language": language, "User-Agent": "Test/1" });
  if (webSocket === null) throw new Error("The upgrade was refused");
  const tab = new Tab(cookie, webSocket);
  tab.hello(url, { tab: name });
  return tab;
}

const textOf = (value: unknown) => JSON.stringify(value);

describe("an action", () => {
  it("knows what its tab's browser would ask for the page with, and who calls", async () => {
    const name = newTabId();
    const tab = await openIn("de", "/desk?x=1", name);
    expect((await tab.call("Desk#ask")).payload).toEqual({
      url: "https://site.example/desk?x=1",
      agent: "Test/1",
      language: "de",
      tabId: name,
      id: expect.stringMatching(/^[\da-f-]{36}$/),
    });
  });
});

describe("headers that an action sets", () => {
  it("are those of the page that it renders, and the browser's own stay beside them", async () => {
    const tab = await openIn("de");
    const { updates } = await tab.call("Desk#disguise", { args: ["fr"] });
    expect(textOf(updates)).toContain("fr disguise of Desk#disguise");
    expect(textOf((await tab.call("Desk#disguise", { args: [null] })).updates)).toContain("none disguise");
    // The next call's page is asked for as ever.
    expect(textOf((await tab.call("Desk#count")).updates)).toContain("de ");
  });

  it("stay those of the tab when somebody else has its page rendered, also through a sleep", async () => {
    const tab = await openIn("de");
    const other = await Tab.open("/static", tab.cookie);
    await tab.call("Desk#disguise", { args: ["fr"] });
    for (const sleeps of [false, true]) {
      if (sleeps) await evict(tab, "hibernate");
      const before = tab.pushes.length;
      await other.call("Desk#count");
      await tab.until(() => tab.pushes.length > before);
      // Nothing but the count has changed, and that is a patch.
      expect(textOf(tab.pushes.at(-1))).not.toMatch(/page|fr |de /);
    }
  });
});

describe("the page of another address", () => {
  it("is rendered into the tab, which stays where it is", async () => {
    const tab = await Tab.open("/desk");
    await tab.call("Desk#count");
    const { updates } = await tab.call("Desk#show", { args: ["/drawer?of=pens"] });
    // The layout is the same, so that it is a patch of what the tab shows.
    expect(updates).toEqual([["", ["", [expect.any(String), [expect.any(String), "pens", "2"]]]]]);
    // The next call renders the tab's own page.
    expect(textOf((await tab.call("Desk#count")).updates)).toContain('"3","silence"');
  });

  it("stays in the tab when somebody else changes what it shows, also through a sleep and after a crash", async () => {
    const name = newTabId();
    const tab = await Tab.open("/desk", undefined, { tab: name });
    const other = await Tab.open("/static", tab.cookie);
    await tab.call("Desk#show", { args: ["/drawer?of=pens"] });
    await other.call("Desk#count");
    await tab.until(() => tab.pushes.length === 1);
    await evict(tab, "hibernate");
    await other.call("Desk#count");
    await tab.until(() => tab.pushes.length === 2);
    expect(tab.pushes).toEqual([[["2", ["", "pens 2"]]], [["2", ["", "pens 3"]]]]);
    await evict(tab, "close");
    // What stands for what the page shows, as it was told with the last push.
    const state = String(tab.frames.at(-1)?.[2]);
    const again = await Tab.open("/desk", tab.cookie, { tab: name, seen: 3, low: 2, state });
    await (await Tab.open("/static", tab.cookie)).call("Desk#count");
    await again.until(() => again.pushes.length > 0);
    expect(textOf(again.pushes)).toContain("pens 4");
    expect(textOf(again.pushes)).not.toContain("silence");
  });

  it("stays in the tab when what its action assigned is too large to be kept", async () => {
    const name = newTabId();
    const tab = await Tab.open("/desk", undefined, { tab: name });
    await tab.call("Desk#showWith", { args: ["/drawer?of=pens", 20_000] });
    for (const [index, sleep] of (["hibernate", "close"] as const).entries()) {
      await evict(tab, sleep);
      const state = String(tab.frames.at(-1)?.[2]);
      const now =
        index === 0 ? tab : await Tab.open("/desk", tab.cookie, { tab: name, seen: 2, low: 2, state });
      await (await Tab.open("/static", tab.cookie)).call("Desk#count");
      await now.until(() => now.pushes.length > 0);
      expect(textOf(now.pushes)).toContain("pens");
      expect(textOf(now.pushes)).not.toContain("silence");
    }
  });

  it("may be made of the address that the action was told, and the tab stays where it is all the same", async () => {
    const tab = await Tab.open("/desk?of=ink");
    expect(textOf((await tab.call("Desk#showNext", { args: ["/drawer"] })).updates)).toContain("ink 0");
    expect(textOf((await tab.call("Desk#count")).updates)).toContain("silence");
  });

  it("that answers with a redirect sends the visitor there", async () => {
    const tab = await Tab.open("/desk");
    expect((await tab.call("Desk#show", { args: ["/locked"] })).updates).toEqual([
      ["visit", "/desk?from=locked"],
    ]);
  });

  it("is none of another site's, nor one that the site has not", async () => {
    const tab = await Tab.open("/desk");
    expect((await tab.call("Desk#show", { args: ["https://other.example/"] })).outcome).toBe("reflex-failed");
    expect((await tab.call("Desk#show", { args: ["/gone"] })).outcome).toBe("page-failed");
  });
});

describe("the fields of a call", () => {
  it("never choose what is routed to, by whatever names of routing", async () => {
    const tab = await Tab.open("/desk");
    const form = ["action", "controller", "path", "url", "_method", "format"].map((name) => [
      name,
      "/drawer",
    ]);
    const more = { params: form };
    const { updates } = await tab.call("Desk#count", { form, more, args: ["/drawer"] });
    expect(textOf(updates)).toContain('id=\\"count\\">1');
    expect(textOf(updates)).not.toContain("drawer");
    expect(LIMITS.formFields).toBeGreaterThan(form.length);
  });
});
