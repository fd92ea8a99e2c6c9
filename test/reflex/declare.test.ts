import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDeclarations } from "../../client/declarations.ts";
import { explainEntry } from "../../client/explain-entry.ts";
import { type DeclaredEvent, reflex, reflexes } from "../../src/reflex/declare.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { renderToString } from "../../src/render/render.ts";
import { html } from "../../src/render/view.ts";

class Counter extends Reflex {
  increment(..._by: unknown[]): void {}
}

class Minified extends Reflex {
  run(): void {}
}

new ReflexRegistry({ "Admin::Report": Minified, Alias: Minified });

describe("reflex", () => {
  it("writes what the client reads, whatever the arguments hold", () => {
    const events: fc.Arbitrary<DeclaredEvent> = fc.record({
      event: fc.constantFrom("click", "row:opened", "keydown.ctrl+enter"),
      ...{ once: fc.boolean(), prevent: fc.boolean(), stop: fc.boolean(), self: fc.boolean() },
      ...{ capture: fc.boolean(), passive: fc.boolean() },
    });
    fc.assert(
      fc.property(events, fc.array(fc.jsonValue({ maxDepth: 2 })), (declared, args) => {
        const entry = reflex({ ...declared, on: "window" }, Counter, "increment", ...args);
        const [eventType = "", keys = ""] = declared.event?.split(".") ?? [];
        const doubted: string[] = [];
        const [read, ...more] = parseDeclarations(entry, "", (entry) => doubted.push(entry));
        expect([more, doubted.filter((entry) => explainEntry(entry) !== undefined)]).toEqual([[], []]);
        expect(read).toMatchObject({ eventType, keys, place: "window", target: "Counter#increment" });
        expect(read?.args).toEqual(JSON.parse(JSON.stringify(args)));
        for (const option of ["once", "prevent", "stop", "self", "capture", "passive"] as const)
          expect(read?.options.includes(`:${option}`)).toBe(declared[option]);
      }),
    );
  });

  it("leaves the event to the kind of the element when none is said", () => {
    expect(reflex(Counter, "increment")).toBe("Counter#increment");
    expect(reflex({ once: true }, Counter, "increment", 1)).toBe("Counter#increment(1):once");
  });

  it("calls a class by the name under which the application has it, which minifying leaves alone", () => {
    expect(reflex("click", Minified, "run")).toBe("click->Admin::Report#run");
  });

  it("stands in an attribute whatever its arguments hold", async () => {
    const text = "\"><script>alert(1)</script> & '";
    const view = html`<button data-reflex=${reflex("click", Counter, "increment", text)}></button>`;
    const written = renderToString(view);
    expect(written).not.toContain("<script>");
    expect(written).toContain('data-reflex="click-&gt;Counter#increment(&quot;\\&quot;&gt;&lt;script');
  });

  it("joins with others into one attribute", () => {
    const entries = reflexes(reflex("click", Counter, "increment", "a b"), reflex("focus", Minified, "run"));
    expect(entries).toBe('click->Counter#increment("a b") focus->Admin::Report#run');
    expect(parseDeclarations(entries, "")).toHaveLength(2);
  });

  it.each(["", "click now", "click->", "click#", ":once", "resize@window"])(
    "throws for the event %j, saying what is expected",
    (event) => {
      expect(() => reflex(event, Counter, "increment")).toThrow(
        new TypeError(
          `${JSON.stringify(event)} cannot be an event; expected its type, such as "click" or "keydown.enter"`,
        ),
      );
    },
  );

  it("throws for what JSON cannot write, and for a place without an event", () => {
    expect(() => reflex("click", Counter, "increment", 1, undefined)).toThrow(
      new TypeError("Argument 2 of a declared reflex is undefined; expected what JSON can write"),
    );
    expect(() => reflex("click", Counter, "increment", () => 1)).toThrow(
      "Argument 1 of a declared reflex is function",
    );
    expect(() => reflex({ on: "window" }, Counter, "increment")).toThrow("names no event");
  });
});
