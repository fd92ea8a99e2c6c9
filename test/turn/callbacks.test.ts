import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import {
  around,
  type Callback,
  type Next,
  prepend,
  after as runAfter,
  before as runBefore,
  skip,
} from "../../src/reflex/callbacks.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { turnOf } from "../support/turn.ts";

let log: string[] = [];

beforeEach(() => {
  log = [];
});

/** What the classes of these tests declare. */
abstract class Steps extends Reflex {
  act(): void {
    log.push("act");
  }
  other(): void {
    log.push("other");
  }
  first(): void {
    log.push("first");
  }
  second(): void {
    log.push("second");
  }
  async third(): Promise<void> {
    await null;
    log.push("third");
  }
  async wrap(next: Next): Promise<void> {
    log.push("in");
    await next();
    log.push("out");
  }
  yes(): boolean {
    return true;
  }
  async no(): Promise<boolean> {
    return false;
  }
}

/** A class with these callbacks, and a class above with those. */
function classOf(own: readonly Callback[], above: readonly Callback[] = []) {
  class Above extends Steps {
    static override readonly callbacks = above;
  }
  return class It extends Above {
    static override readonly callbacks = own;
  };
}

/** What happens, in order. */
async function happens(
  own: readonly Callback[],
  above: readonly Callback[] = [],
  action = "act",
): Promise<string> {
  log = [];
  const { end } = await turnOf(classOf(own, above), action);
  return [...log, ...(end.kind === "done" ? [] : [end.kind])].join(" ");
}

describe("callbacks", () => {
  it("run before, around and after the action, methods by their names and functions with the reflex", async () => {
    expect(await happens([runBefore<Steps>("first")])).toBe("first act");
    expect(await happens([runAfter<Steps>("third")])).toBe("act third");
    expect(await happens([around<Steps>("wrap")])).toBe("in act out");
    expect(await happens([runBefore((steps: Steps) => steps.second())])).toBe("second act");
    expect(await happens([runAfter(async (steps: Steps) => steps.third())])).toBe("act third");
    expect(await happens([around((steps: Steps, next) => steps.wrap(next))])).toBe("in act out");
  });

  it("run in the order in which they are declared, those of the class above first", async () => {
    expect(await happens([runBefore("first"), runBefore("second")])).toBe("first second act");
    expect(await happens([runAfter("first"), runAfter("second")])).toBe("act first second");
    const nested = around(async (_, next) => {
      log.push("<");
      await next();
      log.push(">");
    });
    expect(await happens([around("wrap"), nested])).toBe("in < act > out");
    expect(await happens([runBefore("second")], [runBefore("first")])).toBe("first second act");
    expect(await happens([runAfter("second")], [runAfter("first")])).toBe("act first second");
    expect(await happens([nested], [around("wrap")])).toBe("in < act > out");
  });

  it("that are declared behind an around callback run inside it, those before it outside", async () => {
    const list = [
      runBefore("first"),
      runAfter("third"),
      around("wrap"),
      runBefore("second"),
      runAfter("yes"),
    ];
    expect(await happens([...list, runAfter("other")])).toBe("first in second act other out third");
  });

  it.each([
    ["if, by a name", { if: "yes" }, { if: "no" }],
    ["if, by a function", { if: () => true }, { if: async () => false }],
    ["unless, by a name", { unless: "no" }, { unless: "yes" }],
    ["unless, by a function", { unless: (it: object) => !(it instanceof Reflex) }, { unless: () => true }],
    ["only", { only: ["other", "act"] }, { only: ["other"] }],
    ["except", { except: ["other"] }, { except: ["act"] }],
    [
      "several of them",
      { only: ["act"], if: "yes", unless: "no" },
      { only: ["act"], if: "yes", unless: "yes" },
    ],
  ] as const)("run where their options hold: %s", async (_, holds, fails) => {
    expect(await happens([runBefore("first", holds), runBefore("second", fails)])).toBe("first act");
    expect(await happens([runAfter("first", holds), runAfter("second", fails)])).toBe("act first");
    expect(await happens([around("wrap", fails)])).toBe("act");
    expect(await happens([around("wrap", holds)])).toBe("in act out");
  });

  it("are asked for their conditions when it is their turn", async () => {
    const asked = runBefore("second", { if: () => log.includes("first") });
    expect(await happens([runBefore("first"), asked])).toBe("first second act");
    expect(await happens([asked, runBefore("first")])).toBe("first act");
    expect(await happens([runAfter("first", { if: () => log.includes("act") })])).toBe("act first");
  });

  it.each([
    ["before", runBefore, "act", "first act"],
    ["after", runAfter, "act", "act first"],
    ["around", around, "act", "in act out"],
  ] as const)(
    "are skipped by a class below, for all actions or where options hold: %s",
    async (kind, make, without, withIt) => {
      const callback = kind === "around" ? around("wrap") : make("first");
      const name = kind === "around" ? "wrap" : "first";
      expect(await happens([skip(callback)], [callback])).toBe(without);
      expect(await happens([skip(make(name, { only: ["act"] }))], [callback])).toBe(without);
      expect(await happens([skip(make(name, { only: ["other"] }))], [callback])).toBe(withIt);
      expect(await happens([skip(make(name, { if: "yes" }))], [callback])).toBe(without);
      expect(await happens([skip(make(name, { if: "no" }))], [callback])).toBe(withIt);
      expect(await happens([skip(make(name, { except: ["act"] }))], [callback])).toBe(withIt);
    },
  );

  it("that are functions are skipped by the same function, and of two kinds only the one that is named", async () => {
    const say = (steps: Steps) => steps.first();
    expect(await happens([skip(runBefore(say))], [runBefore(say), runAfter(say)])).toBe("act first");
  });

  it("that were skipped may be declared again, with other options", async () => {
    const again = [skip(runBefore("first")), runBefore("first", { only: ["other"] })];
    expect(await happens(again, [runBefore("first")])).toBe("act");
    expect(await happens(again, [runBefore("first")], "other")).toBe("first other");
  });

  it("can be put before those that are there already, of the classes above too", async () => {
    expect(await happens([runBefore("first"), prepend(runBefore("second"))])).toBe("second first act");
    expect(await happens([prepend(runBefore("second"))], [runBefore("first")])).toBe("second first act");
    expect(await happens([runAfter("first"), prepend(runAfter("second"))])).toBe("act second first");
    expect(await happens([runBefore("first"), prepend(around("wrap"))])).toBe("in first act out");
  });

  it("run for the actions of one class alone", async () => {
    class Plain extends Steps {}
    class Guarded extends Steps {
      static override readonly callbacks = [runBefore("first")];
    }
    await turnOf(Plain, "act");
    expect(log).toEqual(["act"]);
    expect(Object.hasOwn(Plain, "callbacks")).toBe(false);
    await turnOf(Guarded, "act");
    expect(log).toEqual(["act", "first", "act"]);
  });

  it("and their conditions are no actions, in classes below that skip them neither", () => {
    class Above extends Steps {
      static override readonly callbacks = [runBefore("first", { if: "yes" }), runAfter("second")];
    }
    class Below extends Above {
      static override readonly callbacks = [skip(runBefore("first"))];
    }
    const registry = new ReflexRegistry({ Above, Below });
    for (const target of ["Above#first", "Above#yes", "Below#first", "Below#second", "Below#yes"])
      expect(registry.resolve(target)).toEqual({ kind: "refused", code: "private-action" });
    expect(registry.resolve("Below#third").kind).toBe("action");
    expect(registry.own.resolve("Below#first").kind).toBe("action");
  });
});

describe("a callback that ends the call", () => {
  const endings = ["halt", "forbid"] as const;
  it.each(endings)("keeps everything behind it from running, the page included: %s", async (ending) => {
    const it = classOf([
      runAfter("first"),
      around("wrap"),
      runBefore((steps: Steps) => {
        steps.session.set("count", 1);
        steps[ending]();
      }),
      runBefore("second"),
    ]);
    const { end, asked } = await turnOf(it, "act");
    expect(end).toEqual({ kind: "stopped", outcome: ending === "halt" ? "halted" : "forbidden" });
    // What is around it runs to its end only where it sees to that itself, by `finally`.
    expect(log).toEqual(["in"]);
    expect(asked).toEqual([]);
  });

  it("has ended it also when somebody catches what ends it", async () => {
    const quiet = runBefore((steps: Steps) => {
      try {
        steps.halt();
      } catch {
        log.push("caught");
      }
    });
    expect(await happens([runAfter("first"), quiet, runBefore("second")])).toBe("caught stopped");
    const careless = around(async (_, next) => {
      await Promise.resolve(next()).catch(() => {});
    });
    expect(await happens([careless, runBefore((steps: Steps) => steps.forbid())])).toBe("stopped");
  });

  it("behind the action ends it too, and those behind it do not run", async () => {
    expect(await happens([runAfter((steps: Steps) => steps.halt()), runAfter("first")])).toBe("act stopped");
  });

  it("is one around it that does not go on: the call is halted, and nothing after it runs", async () => {
    expect(await happens([runAfter("first"), around(() => {}), runBefore("second")])).toBe("stopped");
  });
});

describe("a callback that fails", () => {
  it.each([
    [
      "before",
      [runBefore("first"), runBefore(() => Promise.reject(new Error("no"))), runAfter("second")],
      "first refused",
    ],
    ["after", [runAfter(() => Promise.reject(new Error("no"))), runAfter("second")], "act refused"],
    [
      "around",
      [around(async (_, next) => next().then(() => Promise.reject(new Error("no"))))],
      "act refused",
    ],
    ["if", [runBefore("first", { if: () => Promise.reject(new Error("no")) })], "refused"],
  ] as const)(
    "fails the call, and keeps what is behind it from running: %s",
    async (_, callbacks, expected) => {
      expect(await happens(callbacks)).toBe(expected);
    },
  );

  it("around the action may take its error, or wait for nothing: then the error is the call's all the same", async () => {
    class Failing extends Steps {
      fail(): void {
        throw new Error("no");
      }
    }
    const run = async (callback: Callback) => {
      class It extends Failing {
        static override readonly callbacks = [callback];
      }
      return (await turnOf(It, "fail")).end.kind;
    };
    const careful = around(async (_, next) => {
      try {
        await next();
      } catch {
        log.push("taken");
      }
    });
    expect([await run(careful), log]).toEqual(["done", ["taken"]]);
    expect(await run(around((_, next) => void next()))).toBe("refused");
    expect(await run(around((_, next) => next()))).toBe("refused");
  });

  it.each([
    ["ends well", "done", { half: true, whole: true }],
    ["fails", "refused", {}],
  ])(
    "around the action that does not wait for its end has the call wait: one that %s then",
    async (_, kind, kept) => {
      let goOn = () => {};
      class It extends Reflex {
        static override readonly callbacks = [
          around(async (_, next) => {
            await Promise.race([next(), Promise.resolve()]);
            setTimeout(goOn);
          }),
        ];
        async act(): Promise<void> {
          this.session.set("half", true);
          await new Promise<void>((resolve) => {
            goOn = resolve;
          });
          if (kind === "refused") throw new Error("no");
          this.session.set("whole", true);
        }
      }
      const { end, written } = await turnOf(It, "act");
      expect([end.kind, end.kind === "done" ? written : {}]).toEqual([kind, kept]);
    },
  );

  it("around the action cannot go on once it has ended: the action of a halted call never runs", async () => {
    let goOn: Next | undefined;
    const late = around((_, next) => {
      goOn = next;
    });
    expect(await happens([late])).toBe("stopped");
    expect(() => goOn?.()).toThrow("next() came after its around callback had ended");
    expect(log).toEqual([]);
  });

  it("around the action that goes on twice fails the call, and the action has run once", async () => {
    const twice = around(async (_, next) => {
      await next();
      await next();
    });
    expect(await happens([twice])).toBe("act refused");
  });

  it("around the action that waits for nothing is waited for", async () => {
    class Slow extends Steps {
      static override readonly callbacks = [runAfter("second"), around((_, next) => void next())];
      async slow(): Promise<void> {
        for (let time = 0; time < 9; time += 1) await null;
        log.push("slow");
      }
    }
    await turnOf(Slow, "slow");
    expect(log).toEqual(["slow", "second"]);
  });
});

/** What Rails' chains do: each around callback nests all that is declared behind it. */
function model(kinds: readonly string[]): readonly string[] {
  const afters: string[] = [];
  const ran: string[] = [];
  for (const [index, kind] of kinds.entries()) {
    const name = `${kind}${kinds.length - index}`;
    if (kind === "after") afters.push(name);
    else if (kind === "before") ran.push(name);
    else return [...ran, `${name}(`, ...model(kinds.slice(index + 1)), `)${name}`, ...afters];
  }
  return [...ran, "act", ...afters];
}

describe("any list of callbacks", () => {
  it("runs in its order, each once", async () => {
    const kind = fc.constantFrom("before", "after", "around");
    await fc.assert(
      fc.asyncProperty(fc.array(kind, { maxLength: 8 }), fc.nat(8), async (kinds, cut) => {
        const entries = kinds.map((kind, index): Callback => {
          const name = `${kind}${kinds.length - index}`;
          if (kind === "before") return runBefore(() => void log.push(name));
          if (kind === "after") return runAfter(() => void log.push(name));
          return around(async (_, next) => {
            log.push(`${name}(`);
            await next();
            log.push(`)${name}`);
          });
        });
        log = [];
        // Where a class ends and the one below begins makes no difference.
        await turnOf(classOf(entries.slice(cut), entries.slice(0, cut)), "act");
        expect(log).toEqual(model(kinds));
      }),
    );
  });
});

describe("the types of callbacks", () => {
  it("know the methods of a class, where it is given", () => {
    // @ts-expect-error there is no such method
    runBefore<Steps>("frist");
    // @ts-expect-error there is no such method
    around<Steps>("wrapp", { only: ["act"] });
    // @ts-expect-error there is no such action
    runAfter<Steps>("first", { only: ["akt"] });
    // @ts-expect-error there is no such condition
    runBefore<Steps>("first", { if: "maybe" });
    // @ts-expect-error a condition says true or false
    runBefore<Steps>("first", { if: () => "maybe" });
    // @ts-expect-error there is no such member
    runBefore((steps: Steps) => steps.frist());
    expect(runBefore("whatever").run).toBe("whatever");
  });
});
