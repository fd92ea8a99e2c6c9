import {
  applyD1Migrations,
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { getTableConfig } from "drizzle-orm/sqlite-core";
import { TimerError } from "edge-reflex";
import fc from "fast-check";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { FAILED_QUEUE, makeReports, type TellVisitor } from "../../examples/showcase/report/report-queue.ts";
import {
  ORDER_AGAIN_MS,
  REPORTS_KEPT,
  type Report,
  ReportStore,
} from "../../examples/showcase/report/report-store.ts";
import { reports, todos } from "../../examples/showcase/report/tables.ts";
import { TodoStore } from "../../examples/showcase/todos/todo-store.ts";

beforeAll(() => applyD1Migrations(env.DB, env.SHOWCASE_MIGRATIONS));
afterEach(empty);

async function empty(): Promise<void> {
  await env.DB.batch([env.DB.prepare("DELETE FROM todos"), env.DB.prepare("DELETE FROM reports")]);
}

describe("the tables that queries are typed by", () => {
  it.each([todos, reports])("are those that the migrations make", async (table) => {
    const { name, columns } = getTableConfig(table);
    const { results } = await env.DB.prepare(
      `SELECT name, lower(type) AS type, "notnull" OR pk AS isRequired, pk AS isKey FROM pragma_table_info(?)`,
    )
      .bind(name)
      .all();
    const declared = columns.map((column) => ({
      name: column.name,
      type: column.getSQLType(),
      isRequired: Number(column.notNull),
      isKey: Number(column.primary),
    }));
    expect(results).toEqual(declared);
  });
});

/** What may happen to the reports of two visitors. */
type Step =
  | { readonly kind: "ask" | "deliver" | "give up"; readonly visitor: string; readonly call: number }
  | { readonly kind: "add a todo" }
  | { readonly kind: "wait"; readonly ms: number };

const visitors = fc.constantFrom("ann", "bob");
const calls = fc.integer({ min: 1, max: 9 });
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        kind: fc.constantFrom("ask" as const, "deliver" as const, "deliver" as const, "give up" as const),
        visitor: visitors,
        call: calls,
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("add a todo" as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant("wait" as const),
        ms: fc.constantFrom(1000, ORDER_AGAIN_MS + 1),
      }),
    },
  ),
  { minLength: 1, maxLength: 40 },
);

/** More than are kept, one after another. */
const seven = [1, 2, 3, 4, 5, 6, 7].flatMap((call): Step[] => [
  { kind: "ask", visitor: "ann", call },
  { kind: "deliver", visitor: "ann", call },
]);

/** What the store promises, over a plain list: oldest first. */
class Model {
  now = 1_000_000;
  todos = 0;
  reports: (Report & { visitor: string })[] = [];

  of(visitor: string): readonly Report[] {
    const own = this.reports.filter((report) => report.visitor === visitor);
    return own.map(({ visitor: _, ...report }) => report).reverse();
  }

  ask(visitor: string, key: string): string | undefined {
    const asked = this.reports.find((report) => report.visitor === visitor && report.state === "asked");
    const isKnown = this.reports.some((report) => report.key === key);
    const order: Report = {
      key,
      state: "asked",
      askedAt: new Date(this.now),
      lists: 0,
      todos: 0,
      completed: 0,
    };
    if (asked === undefined && !isKnown) this.reports.push({ ...order, visitor });
    const settled = this.reports.filter((report) => report.visitor === visitor && report.state !== "asked");
    const forgotten = settled.slice(0, Math.max(0, settled.length - REPORTS_KEPT));
    this.reports = this.reports.filter((report) => !forgotten.includes(report));
    if (asked === undefined) return isKnown ? undefined : key;
    return asked.key === key || asked.askedAt.getTime() < this.now - ORDER_AGAIN_MS ? asked.key : undefined;
  }

  settle(key: string, state: "made" | "failed"): string | undefined {
    const report = this.reports.find((each) => each.key === key);
    if (report?.state === "asked") {
      report.state = state;
      if (state === "made") Object.assign(report, { lists: Math.min(this.todos, 1), todos: this.todos });
    }
    return report?.visitor;
  }
}

async function take(step: Step, store: ReportStore, model: Model): Promise<void> {
  // No two orders at one moment: their order would be undecided.
  model.now += 1;
  if (step.kind === "wait") {
    model.now += step.ms;
    return;
  }
  if (step.kind === "add a todo") {
    model.todos += 1;
    return await new TodoStore(env.DB, "carl").add(crypto.randomUUID(), "anything");
  }
  const key = `${step.visitor}:${step.call}`;
  switch (step.kind) {
    case "ask":
      return expect(await store.ask(step.visitor, key)).toBe(model.ask(step.visitor, key));
    case "deliver":
      return expect(await store.make(key)).toBe(model.settle(key, "made"));
    case "give up":
      return expect(await store.fail(key)).toBe(model.settle(key, "failed"));
  }
}

describe("the reports", () => {
  it("are made once, one at a time for each visitor, whatever is asked or delivered again", async () => {
    await fc.assert(
      fc
        .asyncProperty(steps, async (all) => {
          const model = new Model();
          const store = new ReportStore(env.DB, () => model.now);
          for (const step of all) {
            await take(step, store, model);
            for (const visitor of ["ann", "bob"]) expect(await store.of(visitor)).toEqual(model.of(visitor));
          }
        })
        .afterEach(empty),
      { numRuns: 12, examples: [[seven]] },
    );
  }, 20_000);
});

describe("the queue handler", () => {
  /** Who was told of which report. */
  const told: string[] = [];
  const note: TellVisitor = async (visitor, key) => told.push(`${visitor} ${key}`);
  beforeEach(() => {
    told.length = 0;
  });

  /** Delivers messages of these bodies, and says what became of them. */
  async function deliver(queue: string, bodies: readonly unknown[], attempts = 1, tell = note) {
    // A message's body is what was sent, whatever its type says.
    const batch = createMessageBatch<string>(
      queue,
      bodies.map((body, at) => ({ id: String(at), timestamp: new Date(), attempts, body: body as string })),
    );
    const retries = batch.messages.map((message) => vi.spyOn(message, "retry"));
    await makeReports(batch, env, tell);
    const { explicitAcks } = await getQueueResult(batch, createExecutionContext());
    return { explicitAcks, retries: retries.map(({ mock }) => mock.calls.flat()) };
  }

  it("makes the reports of a batch, and asks again, later each time, for the message that fails", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const store = new ReportStore(env.DB);
    await store.ask("ann", "a");
    await store.ask("bob", "b");
    const result = await deliver("reports", ["a", { no: "key" }, "b"], 3);
    expect(result.explicitAcks).toEqual(["0", "2"]);
    expect(told).toEqual(["ann a", "bob b"]);
    expect(result.retries).toEqual([[], [{ delaySeconds: 4 }], []]);
    expect(error).toHaveBeenCalledOnce();
    error.mockRestore();
    expect([await store.of("ann"), await store.of("bob")]).toMatchObject([
      [{ state: "made" }],
      [{ state: "made" }],
    ]);
  });

  it("is done with a report whose visitor has gone, and asks again for one that cannot be told", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const store = new ReportStore(env.DB);
    await store.ask("ann", "a");
    await store.ask("bob", "b");
    const result = await deliver("reports", ["a", "b"], 1, async (visitor) => {
      throw new TimerError(visitor === "ann" ? "session-unknown" : "timers-full", "by the test");
    });
    expect(result).toMatchObject({ explicitAcks: ["0"], retries: [[], [{ delaySeconds: 1 }]] });
    error.mockRestore();
  });

  it("gives up what comes by the queue of what failed", async () => {
    const store = new ReportStore(env.DB);
    await store.ask("ann", "a");
    const result = await deliver(FAILED_QUEUE, ["a", "unknown"]);
    expect(result).toEqual({ explicitAcks: ["0", "1"], retries: [[], []] });
    expect(told).toEqual(["ann a"]);
    expect(await store.of("ann")).toMatchObject([{ key: "a", state: "failed" }]);
  });
});
