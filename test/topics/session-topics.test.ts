import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { type Position, positionOf } from "../../src/topics/topic-messages.ts";
import { type PageTab, TopicSession } from "../support/topic-session.ts";
import { settled } from "../support/topic-time.ts";
import { Publisher } from "../support/topic-watcher.ts";
import { type Faults, TopicWorld } from "../support/topic-world.ts";

const TOPIC = "topic";
const SESSIONS = 5;

/** What happens; numbers choose among those that are there. */
const STEP = fc.oneof(
  { weight: 6, arbitrary: fc.record({ open: fc.nat(SESSIONS - 1) }) },
  { weight: 4, arbitrary: fc.record({ drop: fc.nat() }) },
  { weight: 4, arbitrary: fc.record({ back: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ leave: fc.nat() }) },
  { weight: 2, arbitrary: fc.record({ sleep: fc.nat(SESSIONS - 1) }) },
  { weight: 1, arbitrary: fc.record({ crash: fc.nat(SESSIONS - 1) }) },
  { weight: 3, arbitrary: fc.record({ read: fc.nat(), isReading: fc.boolean() }) },
  { weight: 10, arbitrary: fc.record({ publish: fc.constantFrom("touch" as const, "operations" as const) }) },
  { weight: 1, arbitrary: fc.record({ kill: fc.nat() }) },
  { weight: 8, arbitrary: fc.record({ pass: fc.constantFrom(1, 5, 30, 200, 2_000) }) },
);

type Step = typeof STEP extends fc.Arbitrary<infer Value> ? Value : never;

class Scene {
  readonly world: TopicWorld;
  readonly sessions: readonly TopicSession[];
  readonly publisher: Publisher;
  /** Pages whose session has forgotten them, with that session. */
  readonly away: { readonly session: TopicSession; readonly tab: PageTab }[] = [];
  #opened = 0;

  constructor(seed: number, faults: Faults) {
    this.world = new TopicWorld(randomOf(seed), { subscribers: 3, relays: 4 });
    this.world.faults = faults;
    this.sessions = Array.from(
      { length: SESSIONS },
      (_, at) => new TopicSession(this.world, `session ${at}`),
    );
    this.publisher = new Publisher(this.world, TOPIC, "publisher");
  }

  async take(step: Step): Promise<void> {
    // What an object writes without waiting for anything is written whole.
    await settled();
    if ("pass" in step) return await this.world.pass(step.pass);
    if ("publish" in step) return void this.publisher.publish(step.publish);
    if ("kill" in step) return this.#kill(step.kill);
    if ("open" in step) this.#session(step.open).open(`tab ${++this.#opened}`, [TOPIC]);
    else if ("sleep" in step) this.#forgot(this.#session(step.sleep), (session) => session.sleep());
    else if ("crash" in step) this.#forgot(this.#session(step.crash), (session) => session.crash());
    else if ("back" in step) this.#back(step.back);
    else this.#change(step);
  }

  /** Everything comes back, and nothing fails any more. */
  async rest(): Promise<void> {
    this.world.faults = { ...this.world.faults, lost: 0, unanswered: 0 };
    while (this.away.length > 0) this.#back(0);
    for (const session of this.sessions)
      for (const tab of session.tabs) {
        session.back(tab);
        session.read(tab, true);
      }
    await this.world.pass(240_000);
  }

  /** Names the topic's life. */
  get epoch(): string | undefined {
    return this.world.places.get(TOPIC)?.store.head()?.epoch;
  }

  /** What was broadcast in it behind a place. */
  operationsBehind({ seq: from }: Position): readonly string[] {
    const { published } = this.world;
    const life = published.slice(published.findLastIndex(({ seq }) => seq === 1));
    return life.flatMap(({ seq, published: one }) =>
      seq > from && one.kind === "operations" ? one.operations.map(({ value }) => String(value)) : [],
    );
  }

  /** How much was published when it was touched last. */
  get touchedAt(): number {
    return 1 + this.world.published.findLastIndex(({ published }) => published.kind === "touch");
  }

  get tabs(): readonly PageTab[] {
    return this.sessions.flatMap(({ tabs }) => tabs);
  }

  #session(at: number): TopicSession {
    const session = this.sessions[at];
    if (session === undefined) throw new Error(`There is no session ${at}`);
    return session;
  }

  #kill(at: number): void {
    const names = [...this.world.places.keys()];
    const name = names[at % Math.max(1, names.length)];
    if (name !== undefined) this.world.kill(name);
  }

  #forgot(session: TopicSession, forget: (session: TopicSession) => readonly PageTab[]): void {
    for (const tab of forget(session)) this.away.push({ session, tab });
  }

  #back(at: number): void {
    const known = this.sessions.flatMap((session) => session.tabs.map((tab) => ({ session, tab })));
    const lost = known.filter(({ tab }) => !tab.isOpen);
    const all = [...lost, ...this.away];
    const one = all[at % Math.max(1, all.length)];
    if (one === undefined) return;
    const index = this.away.indexOf(one);
    if (index < 0) return one.session.back(one.tab);
    this.away.splice(index, 1);
    one.session.greet(one.tab);
  }

  #change(step: Extract<Step, { drop: number } | { leave: number } | { read: number }>): void {
    const known = this.sessions.flatMap((session) => session.tabs.map((tab) => ({ session, tab })));
    const at = Number(Object.values(step)[0]);
    const one = known[at % Math.max(1, known.length)];
    if (one === undefined) return;
    if ("drop" in step) one.session.drop(one.tab);
    else if ("leave" in step) one.session.leave(one.tab);
    else if (one.tab.isOpen) one.session.read(one.tab, step.isReading);
  }
}

/** Mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const FAULTS = fc.record({
  lost: fc.constantFrom(0, 0.1, 0.3),
  unanswered: fc.constantFrom(0, 0.1, 0.3),
  latencyMs: fc.constantFrom(0, 5, 50),
});

describe("the tabs of sessions that follow a topic", () => {
  it("show what was touched and carry out each operation once, in order, whatever is lost, sleeps, crashes and stalls", async () => {
    const law = fc.asyncProperty(
      fc.array(STEP, { minLength: 10, maxLength: 80 }),
      FAULTS,
      fc.nat(),
      async (steps, faults, seed) => {
        const scene = new Scene(seed, faults);
        for (const step of steps) await scene.take(step);
        await scene.rest();
        for (const { page } of scene.tabs) {
          expect(page.renderedAt).toBeGreaterThanOrEqual(scene.touchedAt);
          const first = positionOf(page.first ?? "");
          if (first === undefined) throw new Error("A page was told no place");
          // What was forgotten in between was rendered afresh.
          if (first.epoch === scene.epoch) expect(page.operations).toEqual(scene.operationsBehind(first));
        }
      },
    );
    await fc.assert(law, { numRuns: 400 });
  });

  it("are told nothing again that they were sent before a render which their socket did not outlive", async () => {
    const scene = new Scene(1, { lost: 0, unanswered: 0, latencyMs: 50 });
    const [session] = scene.sessions;
    const tab = session?.open("tab", [TOPIC]);
    if (session === undefined || tab === undefined) throw new Error("There is no session");
    await scene.world.pass(1_000);
    const published = ["first", undefined, "second"].map((value) =>
      value === undefined
        ? ({ kind: "touch" } as const)
        : ({ kind: "operations", operations: [{ operation: "setValue", selector: "#x", value }] } as const),
    );
    void scene.world
      .nodeAt(TOPIC)
      .publish(published.map((one, at) => ({ id: { publisher: "one", number: at + 1 }, published: one })));
    for (let waited = 0; tab.page.operations.length === 0 && waited < 1_000; waited += 1)
      await scene.world.pass(1);
    session.drop(tab);
    await scene.world.pass(1_000);
    expect(tab.page.operations).toEqual(["first"]);
    session.back(tab);
    await scene.world.pass(1_000);
    expect(tab.page.operations).toEqual(["first", "second"]);
  });

  it("are subscribed once for each session, and for none that has left", async () => {
    const scene = new Scene(1, { lost: 0, unanswered: 0, latencyMs: 5 });
    for (const session of scene.sessions)
      for (let count = 0; count < 4; count += 1) session.open(`${session.name} ${count}`, [TOPIC]);
    await scene.world.pass(1_000);
    expect(scene.world.calls.get("subscribe")).toBeLessThanOrEqual(2 * SESSIONS);
    void scene.publisher.publish("operations");
    await scene.world.pass(1_000);
    for (const { page } of scene.tabs) expect(page.operations).toEqual(["publisher 1"]);
    for (const session of scene.sessions) for (const tab of session.tabs) session.leave(tab);
    await scene.world.pass(1_000);
    const told = () => scene.sessions.map(({ deliveries }) => deliveries);
    const before = told();
    void scene.publisher.publish("operations");
    await scene.world.pass(1_000);
    expect([before, told()]).toEqual([Array(SESSIONS).fill(1), before]);
  });

  it("are told again by a topic that has forgotten their session, from the next tab on that begins to rest on it", async () => {
    const scene = new Scene(1, { lost: 0, unanswered: 0, latencyMs: 5 });
    const [session] = scene.sessions;
    const tab = session?.open("first", [TOPIC]);
    const other = scene.sessions[1]?.open("other", [TOPIC]);
    await scene.world.pass(1_000);
    void scene.world.nodeAt(TOPIC).unsubscribe({ kind: "session", name: "session 0" });
    await scene.world.pass(1_000);
    void scene.publisher.publish("operations");
    await scene.world.pass(LIMITS.leaseMs + 1_000);
    expect([tab?.page.operations, other?.page.operations]).toEqual([[], ["publisher 1"]]);
    const late = session?.open("late", [TOPIC]);
    await scene.world.pass(1_000);
    expect([tab?.page.operations, late?.page.operations]).toEqual([["publisher 1"], []]);
    void scene.publisher.publish("operations");
    await scene.world.pass(1_000);
    expect(tab?.page.operations).toEqual(["publisher 1", "publisher 2"]);
    expect(late?.page.operations).toEqual(["publisher 2"]);
  });
});
