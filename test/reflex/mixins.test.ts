import { describe, expect, it } from "vitest";
import { after as runAfter, before as runBefore } from "../../src/reflex/callbacks.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import type { ReflexBase } from "../../src/reflex/reflex-base.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { rescueFrom } from "../../src/reflex/rescues.ts";
import { turnOf } from "../support/turn.ts";

interface Values {
  page: number;
}

let log: string[] = [];

function Paged<Base extends ReflexBase<Reflex<Values>>>(base: Base) {
  abstract class Paged extends base {
    static readonly callbacks = [runBefore<Paged>("look"), runAfter(() => log.push("paged"))];
    static readonly rescues = [rescueFrom(RangeError, () => log.push("rescued"))];

    next(): void {
      log.push("next");
      this.session.update("page", (page = 1) => page + 1);
    }
    look(): void {
      log.push("look");
    }
    jump(): never {
      throw new RangeError("no such page");
    }
  }
  return Paged;
}

class Books extends Paged(Reflex<Values>) {
  static override readonly callbacks = [runBefore(() => log.push("own"))];
  own(): void {}
}

describe("a mixin", () => {
  it("gives its methods as actions to the class that takes it, with its callbacks and rescues", async () => {
    log = [];
    const { end, written } = await turnOf(Books, "next");
    expect([end.kind, written, log]).toEqual(["done", { page: 2 }, ["look", "own", "next", "paged"]]);
    log = [];
    expect((await turnOf(Books, "jump")).end.kind).toBe("done");
    expect(log).toEqual(["look", "own", "rescued"]);
  });

  it("keeps the methods that its callbacks name from browsers, and the runtime's from being actions", () => {
    const registry = new ReflexRegistry({ Books });
    expect(registry.resolve("Books#look")).toEqual({ kind: "refused", code: "private-action" });
    expect(registry.resolve("Books#morph")).toEqual({ kind: "refused", code: "inherited-action" });
    expect(registry.resolve("Books#own").kind).toBe("action");
  });
});
