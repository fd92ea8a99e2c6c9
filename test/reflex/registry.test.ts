import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Reflex } from "../../src/reflex/reflex.ts";
import { type ReflexClasses, ReflexRegistry } from "../../src/reflex/registry.ts";

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
    ["Counter#toString", "inherited-action"],
    ["Counter#hasOwnProperty", "inherited-action"],
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

describe("an application's reflex classes", () => {
  class NoReflex {}
  class Session extends Reflex {
    override morph(): void {}
  }
  class Missing extends Reflex {
    static override readonly actions = ["gone"];
  }
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    ["a name that no page can write", { "a b": Counter }, /"a b" cannot name a reflex/],
    ["what is no reflex", { NoReflex }, /"NoReflex" is not a class that extends Reflex/],
    ["what is no class", { Thing: 1 }, /"Thing" is not a class/],
    [
      "a member that Reflex gives",
      { Session },
      /Session declares morph, which Reflex itself gives; rename it/,
    ],
    ["an action that is not declared", { Missing }, /Missing lists the action gone/],
  ];
  it.each(wrong)("are refused at once with %s", (_, classes, message) => {
    expect(() => new ReflexRegistry(classes as ReflexClasses)).toThrow(message);
  });
});
