import { evictDurableObject, runDurableObjectAlarm } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { PAGE_LEFT } from "../../src/protocol/refusals.ts";
import { visitorNamed } from "../support/presence-tabs.ts";
import { load, newTabId, objectOf, type Tab, visit } from "../support/tab.ts";
import worker from "../support/worker.ts";

const NAMES = ["ada", "bob", "eve"] as const;
type Name = (typeof NAMES)[number];

type Step =
  | { readonly kind: "open" | "leave" | "drop" | "sleep" | "crash" | "tell"; readonly name: Name }
  | { readonly kind: "restart" | "ring" };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        "open" as const,
        "open" as const,
        "leave" as const,
        "drop" as const,
        "sleep" as const,
        "crash" as const,
        "tell" as const,
      ),
      name: fc.constantFrom(...NAMES),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("restart" as const, "ring" as const) }) },
);

/** How often tabs that are there say something, in milliseconds. */
const SAID_MS = LIMITS.silenceMs / 2;

/** A visitor, and the tabs that are open on the room. */
interface Visitor {
  readonly cookie: string;
  readonly session: DurableObjectStub;
  tabs: Tab[];
}

/** A room with visitors that come and go, whose objects sleep and are killed. */
class Room {
  readonly topic = `room:${newTabId()}`;
  readonly visitors = new Map<Name, Visitor>();

  get root(): DurableObjectStub {
    return exports.TopicObject.getByName(this.topic);
  }

  async visitor(name: Name): Promise<Visitor> {
    const known = this.visitors.get(name);
    if (known !== undefined) return known;
    const cookie = await visitorNamed(name);
    const visitor = { cookie, session: await objectOf({ cookie }), tabs: [] };
    this.visitors.set(name, visitor);
    return visitor;
  }

  async take(step: Step): Promise<void> {
    if (!("name" in step)) {
      // Whoever does not run cannot be evicted.
      await worker.presence({ exports }, this.topic);
      if (step.kind === "restart") await evictDurableObject(this.root);
      else await runDurableObjectAlarm(this.root);
      return;
    }
    const visitor = await this.visitor(step.name);
    await (await visit("/id", { headers: { Cookie: visitor.cookie } })).text();
    const [first] = visitor.tabs;
    switch (step.kind) {
      case "open":
        visitor.tabs.push(await this.#open(visitor.cookie));
        return;
      case "leave":
      case "drop":
        visitor.tabs.shift();
        first?.socket.close(step.kind === "leave" ? PAGE_LEFT : 1000);
        await first?.closed;
        return;
      case "tell":
        await first?.call("Visitor#type", { args: [true] });
        return;
      case "sleep":
        return await evictDurableObject(visitor.session, { webSockets: "hibernate" });
      case "crash":
        visitor.tabs = [];
        return await evictDurableObject(visitor.session, { webSockets: "close" });
    }
  }

  /** Lets the room ask all, and the grace of those pass who have gone. Tabs that are there say something now and then. */
  async settle(): Promise<void> {
    for (let waited = 0; waited < 2 * (LIMITS.presenceLeaseMs + LIMITS.leaveMs); waited += SAID_MS) {
      vi.setSystemTime(Date.now() + SAID_MS);
      for (const { tabs } of this.visitors.values()) for (const tab of tabs) await tab.call("Probe#whisper");
      await runDurableObjectAlarm(this.root);
    }
  }

  /** Those who are here, and those who should be, with their tabs. */
  async compare(): Promise<void> {
    const open = [...this.visitors].filter(([, { tabs }]) => tabs.length > 0);
    const expected = Object.fromEntries(open.map(([name, { tabs }]) => [name, tabs.length]));
    await vi.waitFor(async () => {
      const here = await worker.presence<{ name: string }>({ exports }, this.topic);
      expect(Object.fromEntries(here.map(({ meta, tabs }) => [meta.name, tabs]))).toEqual(expected);
    });
  }

  close(): void {
    for (const { tabs } of this.visitors.values()) for (const tab of tabs) tab.socket.close(PAGE_LEFT);
  }

  async #open(cookie: string): Promise<Tab> {
    const tab = await load(`/here?in=${this.topic}`, cookie);
    await tab.until(() => tab.frames.some(([kind]) => kind === "w"));
    return tab;
  }
}

afterEach(() => {
  vi.useRealTimers();
});

it("lists exactly those with open pages, whatever sleeps, is killed or leaves without a word", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 14 }), async (steps) => {
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
      const room = new Room();
      for (const one of steps) await room.take(one);
      await room.settle();
      await room.compare();
      room.close();
      vi.useRealTimers();
    }),
    { numRuns: 12, verbose: 1 },
  );
}, 60_000);
