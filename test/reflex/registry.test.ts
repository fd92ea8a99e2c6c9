import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL_REFUSALS } from "../../src/protocol/refusals.ts";
import { after as runAfter, before as runBefore, skip } from "../../src/reflex/callbacks.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import { type ReflexClasses, ReflexRegistry } from "../../src/reflex/registry.ts";
import { rescueFrom } from "../../src/reflex/rescues.ts";

let accessorRuns = 0;

abstract class Base extends Reflex {
  shared(): void {}
}

class Counter extends Base {
  increment(): void {}
  _hidden(): void {}
  #secret(): number {
    return 1;
  }
  get state(): number {
    accessorRuns += 1;
    return this.#secret();
  }
  static create(): void {}
  field = () => 1;
}

class Listed extends Base {
  static override readonly actions = ["open"];
  open(): void {}
  close(): void {}
}

class AdminReflex extends Base {
  run(): void {}
}

const registry = new ReflexRegistry({ Counter, Listed, AdminReflex });

describe("resolve", () => {
  it.each([
    "Counter#increment",
    "Counter#shared",
    "Listed#open",
    "AdminReflex#run",
    "Admin#run",
    "CounterReflex#increment",
  ])("finds %s", (target) => {
    expect(registry.resolve(target)).toMatchObject({ kind: "action", method: target.split("#")[1] });
  });

  const refused = [
    ["", "malformed-target"],
    ["Counter", "malformed-target"],
    ["#increment", "malformed-target"],
    ["Counter#", "malformed-target"],
    ["Counter #increment", "malformed-target"],
    ["Nobody#increment", "unknown-reflex"],
    ["counter#increment", "unknown-reflex"],
    ["__proto__#increment", "unknown-reflex"],
    ["Counter#decrement", "unknown-action"],
    ["Counter#create", "unknown-action"],
    ["Counter#field", "unknown-action"],
    ["Counter#Increment", "unknown-action"],
    ["Counter#session", "inherited-action"],
    ["Counter#morph", "inherited-action"],
    ["Counter#toString", "inherited-action"],
    ["Counter#valueOf", "inherited-action"],
    ["Counter#isPrototypeOf", "inherited-action"],
    ["Counter#hasOwnProperty", "inherited-action"],
    ["Listed#morph", "inherited-action"],
    ["Counter#__defineGetter__", "private-action"],
    ["Counter##secret", "private-action"],
    ["Counter#_hidden", "private-action"],
    ["Counter#state", "private-action"],
    ["Listed#close", "private-action"],
    ["Listed#shared", "private-action"],
    ["Counter#constructor", "reserved-action"],
    ["Counter#__proto__", "reserved-action"],
    ["Counter#prototype", "reserved-action"],
  ] as const;
  it.each(refused)("refuses %j as %s", (target, code) => {
    expect(registry.resolve(target)).toEqual({ kind: "refused", code });
    expect(accessorRuns).toBe(0);
  });

  it("never throws, and gives for any target an action that the application declared, or a code", () => {
    const name = fc.constantFrom(
      "Counter",
      "Listed",
      "Admin",
      "AdminReflex",
      "Reflex",
      "constructor",
      "toString",
    );
    const method = fc.oneof(
      fc.constantFrom("increment", "shared", "open", "close", "run", "state", "_hidden", "#secret", "morph"),
      fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype)),
    );
    const between = fc.constantFrom("#", "#", "##", "", " ", ".", "#\n");
    const behind = fc.constantFrom("", "", " ", "\n", "#", "\0");
    const written = fc.tuple(name, between, method, behind).map((pieces) => pieces.join(""));
    const classes = { Counter, Listed, AdminReflex };
    const reachable = [
      "Counter#increment",
      "Counter#shared",
      "Listed#open",
      "AdminReflex#run",
      "AdminReflex#shared",
    ];
    const actions = reachable.map((action) => {
      const [className = "", method] = action.split("#");
      return {
        kind: "action",
        name: className,
        reflexClass: Reflect.get(classes, className),
        method,
        mode: "stored",
      };
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), written, written), (target) => {
        const resolution = registry.resolve(target);
        if (resolution.kind === "action") {
          const { plan: _, ...found } = resolution;
          expect(actions).toContainEqual(found);
        } else expect(Object.keys(CALL_REFUSALS)).toContain(resolution.code);
        expect(accessorRuns).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ["a method that a list of actions leaves out", "Listed#close"],
    ["a method whose name keeps it from browsers", "Counter#_hidden"],
    ["an action", "AdminReflex#shared"],
  ])("finds for the application itself %s", (_, target) => {
    expect(registry.own.resolve(target)).toMatchObject({ kind: "action", method: target.split("#")[1] });
  });

  it.each([
    ["Counter", "malformed-target"],
    ["Nobody#increment", "unknown-reflex"],
    ["Counter#decrement", "unknown-action"],
    ["Counter##secret", "unknown-action"],
    ["Counter#create", "unknown-action"],
    ["Counter#state", "private-action"],
    ["Counter#later", "inherited-action"],
    ["Counter#toString", "inherited-action"],
    ["Counter#constructor", "reserved-action"],
    ["Counter#__proto__", "reserved-action"],
  ])("refuses the application itself %j as %s", (target, code) => {
    expect(registry.own.resolve(target)).toEqual({ kind: "refused", code });
    expect(accessorRuns).toBe(0);
  });

  it("finds what classes between an action's and Reflex declare, and what a class replaces of them", () => {
    class Page extends Base {
      override shared(): void {}
    }
    class Front extends Page {}
    const pages = new ReflexRegistry({ Front, "Admin::Front": Front });
    expect(pages.resolve("Front#shared")).toMatchObject({
      kind: "action",
      name: "Front",
      reflexClass: Front,
      method: "shared",
      mode: "stored",
    });
    expect(pages.resolve("Admin::Front#shared")).toMatchObject({ kind: "action", reflexClass: Front });
    expect(pages.resolve("Page#shared")).toEqual({ kind: "refused", code: "unknown-reflex" });
  });

  it("prefers the class of the very name to one with or without the suffix", () => {
    class Cart extends Base {}
    class CartReflex extends Base {}
    const carts = new ReflexRegistry({ CartReflex, Cart });
    expect(carts.resolve("Cart#shared")).toMatchObject({ name: "Cart", reflexClass: Cart });
    expect(carts.resolve("CartReflex#shared")).toMatchObject({ name: "CartReflex", reflexClass: CartReflex });
  });

  it("keeps to the list of a class above", () => {
    class Narrower extends Listed {
      more(): void {}
    }
    const narrower = new ReflexRegistry({ Narrower });
    expect(narrower.resolve("Narrower#open").kind).toBe("action");
    expect(narrower.resolve("Narrower#more")).toEqual({ kind: "refused", code: "private-action" });
  });

  it("says what an action gives up, as its class lists it", () => {
    class Search extends Base {
      static override readonly ephemeral = ["shared"];
      static override readonly concurrent = ["look"];
      look(): void {}
      store(): void {}
    }
    class Readers extends Search {
      static override readonly ephemeral = true as unknown as string[];
    }
    const registry = new ReflexRegistry({ Search, Readers });
    const modeOf = (target: string) => {
      const resolution = registry.resolve(target);
      return resolution.kind === "action" ? resolution.mode : resolution.code;
    };
    expect(["shared", "look", "store"].map((action) => modeOf(`Search#${action}`))).toEqual([
      "ephemeral",
      "concurrent",
      "stored",
    ]);
    expect(modeOf("Readers#store")).toBe("ephemeral");
    class Wrong extends Base {
      static override readonly ephemeral = ["sahred"];
    }
    expect(() => new ReflexRegistry({ Wrong })).toThrow("lists the action sahred");
  });

  it("never throws, and reaches nothing but declared methods", () => {
    const declared = new Set(["increment", "shared"]);
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom(...Object.getOwnPropertyNames(Object.prototype), ...declared),
    );
    fc.assert(
      fc.property(names, (name) => {
        const resolution = registry.resolve(`Counter#${name}`);
        expect(resolution.kind === "action").toBe(declared.has(name));
      }),
    );
  });
});

describe("the built-in reflex", () => {
  it.each(["Reflex#refresh", "Reflex#default_reflex", "StimulusReflex::Reflex#default_reflex"])(
    "is found as %s, whatever the application declares",
    (target) => {
      expect(registry.resolve(target)).toMatchObject({ kind: "action", method: "refresh", mode: "stored" });
    },
  );

  it("has no other action, and gives way to a class of its name", () => {
    expect(registry.resolve("Reflex#morph")).toEqual({ kind: "refused", code: "unknown-reflex" });
    expect(registry.resolve("Reflex#constructor")).toEqual({ kind: "refused", code: "unknown-reflex" });
    const named = new ReflexRegistry({ Reflex: Counter });
    expect(named.resolve("Reflex#increment")).toMatchObject({ reflexClass: Counter });
    expect(named.resolve("Reflex#refresh")).toEqual({ kind: "refused", code: "unknown-action" });
  });
});

describe("an application's reflex classes", () => {
  class NoReflex {}
  class Session extends Reflex {
    override morph(): void {}
  }
  class Above extends Session {}
  class Shown extends Reflex {
    override toString(): string {
      return "";
    }
  }
  class Missing extends Reflex {
    static override readonly actions = ["gone"];
  }
  class Unnamed extends Reflex {
    static override readonly callbacks = [runBefore("gone")];
  }
  class Unconditional extends Reflex {
    static override readonly callbacks = [runBefore(() => {}, { if: "gone" })];
  }
  class Narrow extends Reflex {
    static override readonly callbacks = [runAfter(() => {}, { only: ["gone"] })];
  }
  class Skipping extends Counter {
    static override readonly callbacks = [skip(runBefore("increment"))];
  }
  class Both extends Listed {
    static override readonly callbacks = [runBefore("open")];
  }
  class Loose extends Reflex {
    static override readonly callbacks = ["open"] as never;
  }
  class Unrescued extends Reflex {
    static override readonly rescues = [rescueFrom(Error, "gone")];
  }
  class Accessed extends Counter {
    static override readonly callbacks = [runBefore("state")];
  }
  class Stubborn extends Reflex {
    static override readonly retries = 25;
  }
  class Halfhearted extends Reflex {
    static override readonly retries = 0.5;
  }
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["a callback that is no method", { Unnamed }, /Unnamed names the callback.* "gone", which it does not/],
    ["a callback that is an accessor", { Accessed }, /Accessed names the callback.* "state", which it does/],
    ["a condition that is no method", { Unconditional }, /names the callback, condition or rescue "gone"/],
    ["a callback for what is no action", { Narrow }, /Narrow lists the action "gone"/],
    ["a skip of what is not there", { Skipping }, /Skipping cannot work: it skips the before callback "incr/],
    ["an action that is a callback too", { Both }, /Both lists open as an action and as a callback/],
    [
      "callbacks that are none",
      { Loose },
      /callbacks of the reflex Loose are \["open"\]; expected a list of/,
    ],
    ["a rescue that is no method", { Unrescued }, /Unrescued names the callback, condition or rescue "gone"/],
    ["more retries than there may be", { Stubborn }, /Stubborn has 25 retries; expected .* 0 to 24/],
    ["retries that cannot be counted", { Halfhearted }, /has 0.5 retries/],
    ["a name that no page can write", { "a b": Counter }, /"a b" cannot name a reflex/],
    ["what is no reflex", { NoReflex }, /"NoReflex" is not a class that extends Reflex/],
    ["what is no class", { Thing: 1 }, /"Thing" is not a class/],
    [
      "a member that Reflex gives",
      { Session },
      /Session declares morph, which Reflex itself gives; rename it/,
    ],
    ["a member that every object has", { Shown }, /Shown declares toString/],
    ["a member that Reflex gives, declared by a class above", { Above }, /Above declares morph/],
    ["Reflex itself", { Reflex }, /"Reflex" is not a class that extends Reflex/],
    ["a name with a hash sign", { "Counter#": Counter }, /"Counter#" cannot name a reflex/],
    ["an action that is not declared", { Missing }, /Missing lists the action gone/],
  ];
  it.each(wrong)("are refused at once with %s", (_, classes, message) => {
    expect(() => new ReflexRegistry(classes as ReflexClasses)).toThrow(message);
  });
});
