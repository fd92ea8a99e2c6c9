import { beforeEach, describe, expect, it } from "vitest";
import { around, before as runBefore } from "../../src/reflex/callbacks.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import { type Rescue, rescueFrom } from "../../src/reflex/rescues.ts";
import type { TurnState } from "../../src/state/turn-state.ts";
import type { PageResult } from "../../src/turn/turn-end.ts";
import { type TurnOptions, turnOf } from "../support/turn.ts";

class StockError extends Error {
  readonly item: string;
  constructor(item: string) {
    super(`no ${item}`);
    this.item = item;
  }
}

class TeaError extends StockError {}

let log: string[] = [];
/** What a failed action still does, when a test lets it. */
let late: () => void = () => {};

beforeEach(() => {
  log = [];
});

interface Values {
  count: number;
  note: string;
}

abstract class Orders extends Reflex<Values> {
  field = "";

  order(): void {
    this.field = "set";
    this.session.set("count", 5);
    this.cookies.set("theme", "dark");
    this.flash.set("notice", "ordered");
    this.assigns.ordered = true;
    this.payload.ordered = true;
    this.headers.set("X-Ordered", "yes");
    this.morph("#a", "ordered");
    late = () => this.session.set("count", 9);
    throw new TeaError("tea");
  }

  stop(): void {
    this.halt();
  }

  fine(): void {}

  wrap(): void {
    throw new Error("outer", { cause: new StockError("inner") });
  }

  note(error: StockError): void {
    log.push(`${error.item} ${this.action} ${this.field} ${this.session.get("count") ?? 0}`);
    this.session.set("note", error.message);
    this.payload.item = error.item;
    this.assigns.missing = error.item;
  }

  again(error: Error): never {
    throw error;
  }

  giveUp(): never {
    this.forbid();
  }

  look(): void {
    log.push(`look ${this.session.get("count") ?? 0}`);
  }
}

function classOf(own: readonly Rescue[], above: readonly Rescue[] = []) {
  class Above extends Orders {
    static override readonly rescues = above;
  }
  return class It extends Above {
    static override readonly rescues = own;
  };
}

const run = (rescues: readonly Rescue[], action = "order", options: TurnOptions = {}) =>
  turnOf(classOf(rescues), action, options);

const logs = (name: string) => () => void log.push(name);

describe("an error that is rescued", () => {
  it("leaves nothing of the action, and everything of the rescue, behind", async () => {
    const { end, asked, written } = await run([rescueFrom<Orders>(StockError, "note")]);
    expect(log).toEqual(["tea order  0"]);
    expect(written).toEqual({ note: "no tea" });
    expect(end).toMatchObject({ kind: "done", payload: { item: "tea" }, assigns: { missing: "tea" } });
    expect(asked).toMatchObject([{ assigns: { missing: "tea" } }]);
    expect(asked[0]).not.toHaveProperty("headers");
    expect(asked[0]?.assigns).not.toHaveProperty("ordered");
  });

  it("lets nothing of the failed action be written late", async () => {
    const { written } = await run([
      rescueFrom(TeaError, () => expect(late).toThrow("came after its turn ended")),
    ]);
    expect(written).toEqual({});
  });

  it.each([
    ["by its class", [rescueFrom(TeaError, logs("tea"))], "tea"],
    ["by a class above its own", [rescueFrom(StockError, logs("stock"))], "stock"],
    ["by one of several", [rescueFrom([RangeError, TeaError], logs("several"))], "several"],
    ["by the last that fits", [rescueFrom(TeaError, logs("1")), rescueFrom(StockError, logs("2"))], "2"],
    ["not by what does not fit", [rescueFrom(TeaError, logs("1")), rescueFrom(RangeError, logs("2"))], "1"],
  ] as const)("is found %s", async (_, rescues, expected) => {
    expect((await run(rescues)).end.kind).toBe("done");
    expect(log).toEqual([expected]);
  });

  it("is found by what caused it, and then that is what its rescue gets", async () => {
    expect((await run([rescueFrom<Orders>(StockError, "note")], "wrap")).end.kind).toBe("done");
    expect(log).toEqual(["inner wrap  0"]);
  });

  it("is rescued by the nearer class first", async () => {
    const above = [rescueFrom(TeaError, logs("above"))];
    await turnOf(classOf([rescueFrom(StockError, logs("below"))], above), "order");
    await turnOf(classOf([rescueFrom(RangeError, logs("below"))], above), "order");
    expect(log).toEqual(["below", "above"]);
  });

  it("may be that of a callback", async () => {
    class Guarded extends classOf([rescueFrom<Orders>(StockError, "note")]) {
      static override readonly callbacks = [
        runBefore(() => Promise.reject(new StockError("milk"))),
        around(() => log.push("around")),
      ];
    }
    expect((await turnOf(Guarded, "fine")).end).toMatchObject({ kind: "done", payload: { item: "milk" } });
    expect(log).toEqual(["milk fine  0"]);
  });

  it("is not rescued once the turn has been given up, be it the action's or the page's", async () => {
    for (const action of ["fine", "wrap"]) {
      let state: TurnState | undefined;
      class It extends classOf([rescueFrom(Error, logs("never"))]) {
        override fine(): void {}
        override wrap(): void {
          state?.abandon();
          super.wrap();
        }
      }
      const { end } = await turnOf(It, action, {
        onState: (made) => {
          state = made;
        },
        page: () => {
          state?.abandon();
          return { kind: "failed", cause: new Error("no") };
        },
      });
      expect([end.kind, log]).toEqual(["refused", []]);
    }
  });

  it("is refused as ever when nothing rescues it, when its rescue fails, and when it throws it again", async () => {
    const none = await run([rescueFrom(RangeError, logs("never"))]);
    expect(none.end).toMatchObject({ kind: "refused", code: "reflex-failed", cause: { item: "tea" } });
    expect(none.end).toMatchObject({ payload: { ordered: true } });
    const again = await run([rescueFrom<Orders>(Error, "again")]);
    expect(again.end).toMatchObject({ kind: "refused", code: "reflex-failed", cause: { item: "tea" } });
    const failing = await run([rescueFrom(Error, () => Promise.reject(new RangeError("rescue")))]);
    expect(failing.end).toMatchObject({ code: "reflex-failed", cause: { message: "rescue" } });
    expect(log).toEqual([]);
  });

  it("is no rescue's that stops the call, and a rescue may stop it", async () => {
    expect((await run([rescueFrom(Error, logs("never"))], "stop")).end).toEqual({
      kind: "stopped",
      outcome: "halted",
    });
    expect((await run([rescueFrom<Orders>(Error, "giveUp")])).end).toMatchObject({ outcome: "forbidden" });
    expect(log).toEqual([]);
  });

  it("may be that of the page, which is rendered once more behind the rescue", async () => {
    let renders = 0;
    const page = (): PageResult => {
      renders += 1;
      if (renders === 1) return { kind: "failed", cause: new StockError("page") };
      return { kind: "html", body: "<p>rescued</p>" };
    };
    const { end, asked, written } = await run([rescueFrom<Orders>(StockError, "note")], "fine", { page });
    expect(end).toMatchObject({
      kind: "done",
      updates: [["page", "<p>rescued</p>"]],
      payload: { item: "page" },
    });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.state).not.toBe(asked[0]?.state);
    expect(written).toEqual({ note: "no page" });
  });

  it("of a page is refused when the page fails again, and is not rescued a second time", async () => {
    const page = (): PageResult => ({ kind: "failed", cause: new StockError("page") });
    const { end, asked } = await run([rescueFrom<Orders>(StockError, "note")], "fine", { page });
    expect(end).toMatchObject({ kind: "refused", code: "page-failed", payload: { item: "page" } });
    expect([asked.length, log.length]).toEqual([2, 1]);
  });

  it("is not rescued any more once the turn was given up", async () => {
    const it = class extends classOf([rescueFrom(Error, logs("never"))]) {
      override fine(): never {
        abandon();
        throw new Error("late");
      }
    };
    let abandon = () => {};
    const run = turnOf(it, "fine", {
      onState: (state) => {
        abandon = () => state.abandon();
      },
    });
    expect((await run).end).toMatchObject({ kind: "refused", code: "turn-timeout" });
    expect(log).toEqual([]);
  });
});
