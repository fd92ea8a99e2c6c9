import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import { type CableCar, cableCar } from "../../src/cable/cable-car.ts";
import type { OperationError } from "../../src/cable/operation-error.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import { OPERATIONS, type Operation } from "../../src/protocol/operations.ts";
import { html, unsafeHtml } from "../../src/render/view.ts";

/** The error that a chain refuses an operation with. */
function refusal(ask: (car: CableCar) => unknown, car = cableCar()): OperationError {
  try {
    ask(car);
  } catch (error) {
    return error as OperationError;
  }
  throw new Error("The operation was taken");
}

/** The methods by any name, for what the compiler would refuse. */
type Untyped = Record<string, (...args: unknown[]) => unknown>;
const untyped = (car: CableCar) => car as unknown as Untyped;

describe("a chain of operations", () => {
  it("queues operations in the order in which they are asked for", () => {
    const car = cableCar()
      .setTitle({ title: "one" })
      .append("#list", { html: html`<li>two</li>` })
      .consoleLog({ message: "three", level: "warn" });
    expect(car.toArray()).toEqual([
      { operation: "setTitle", title: "one" },
      { operation: "append", selector: "#list", html: "<li>two</li>" },
      { operation: "consoleLog", message: "three", level: "warn" },
    ]);
    expect(car.size).toBe(3);
  });

  it.each(Object.keys(OPERATIONS))("has a method that queues %s and returns the chain", (name) => {
    const { required } = OPERATIONS[name as keyof typeof OPERATIONS];
    const values = { html: "text", names: "a", integer: 1, record: {}, json: [], text: "a" } as const;
    const options = Object.fromEntries(
      Object.entries(required).map(([option, kind]) => [option, values[kind as keyof typeof values]]),
    );
    const car = cableCar();
    expect(untyped(car)[name]?.({ selector: "#one", ...options })).toBe(car);
    expect(car.toArray()).toEqual([{ operation: name, selector: "#one", ...options }]);
  });

  it("takes the selector as the first argument, as an option, and alone where nothing else is needed", () => {
    const operations = cableCar().remove("#a").remove({ selector: "#b" }).textContent("#c", { text: "c" });
    expect(operations.toArray().map(({ selector }) => selector)).toEqual(["#a", "#b", "#c"]);
  });

  it("remembers the selector, and whether it is an XPath, until another is given", () => {
    const operations = cableCar()
      .addCssClass({ selector: "//ul/li", xpath: true, selectAll: true, name: "old" })
      .setValue({ value: 1 })
      .setTitle({ title: "between" })
      .setValue("#field", { value: 2 })
      .setFocus()
      .toArray();
    expect(operations.map(({ selector, xpath, selectAll }) => [selector, xpath, selectAll])).toEqual([
      ["//ul/li", true, true],
      ["//ul/li", true, undefined],
      [undefined, undefined, undefined],
      ["#field", undefined, undefined],
      ["#field", undefined, undefined],
    ]);
  });

  it("forgets the selector when it is told to, and when its operations are taken", () => {
    expect(refusal((car) => car.remove("#a").reset().setFocus()).code).toBe("operation-selector");
    const car = cableCar().remove("#a");
    car.dispatch();
    expect(refusal((car) => car.setFocus(), car).message).toContain('expected one such as "#cart"');
  });

  it("takes objects that know their own selector, id, options and values", () => {
    const dom = { toDomSelector: () => ".cart", toDomId: () => "not asked" };
    const record = { toDomId: () => "item_7" };
    const partial = { toHtml: () => html`<b>${"<7>"}</b>` };
    const options = { toOperationOptions: () => ({ selector: "#own", name: "busy" }) };
    const car = cableCar()
      .remove(dom)
      .innerHtml(record, { html: partial })
      .setFocus({ selector: { toDomId: () => "#done" } });
    untyped(car).addCssClass?.(options);
    expect(car.toArray()).toEqual([
      { operation: "remove", selector: ".cart" },
      { operation: "innerHtml", selector: "#item_7", html: "<b>&lt;7&gt;</b>" },
      { operation: "setFocus", selector: "#done" },
      { operation: "addCssClass", selector: "#own", name: "busy" },
    ]);
  });

  it("escapes text that is given for markup, and leaves views and trusted markup as they are", () => {
    const operations = cableCar()
      .append("#a", { html: "<script>" })
      .append({ html: html`<b>${"<i>"}</b>` })
      .append({ html: unsafeHtml("<hr>") })
      .append({ html: [html`<p>1</p>`, null, 2] });
    expect(operations.toArray().map(({ html }) => html)).toEqual([
      "&lt;script&gt;",
      "<b>&lt;i&gt;</b>",
      "<hr>",
      "<p>1</p>2",
    ]);
  });

  it("writes names with underscores in camel case, and leaves those inside of values alone", () => {
    const car = cableCar();
    untyped(car).dispatchEvent?.({ select_all: true, selector: "p", name: "a", detail: { order_id: 7 } });
    expect(car.toArray()).toEqual([
      { operation: "dispatchEvent", selectAll: true, selector: "p", name: "a", detail: { order_id: 7 } },
    ]);
  });

  it("keeps what an operation has beyond its own options, for listeners in the page", () => {
    const car = cableCar();
    untyped(car).remove?.("#a", { reason: { code: 7 } });
    expect(car.toArray()).toEqual([{ operation: "remove", selector: "#a", reason: { code: 7 } }]);
  });

  it("copies what it is given, so that it stays what it was", () => {
    const detail = { items: [1] };
    const car = cableCar().dispatchEvent({ name: "a", detail });
    detail.items.push(2);
    expect(car.toArray()).toEqual([{ operation: "dispatchEvent", name: "a", detail: { items: [1] } }]);
  });

  it("queues operations of an application's own, which say their element themselves", () => {
    const car = cableCar().remove("#a").operation("playSound", { src: "/ding.mp3", delay: 5 });
    expect(car.toArray()[1]).toEqual({ operation: "playSound", src: "/ding.mp3", delay: 5 });
  });

  it("sends an event to the document when nothing else was meant", () => {
    expect(cableCar().dispatchEvent({ name: "a" }).toArray()).toEqual([
      { operation: "dispatchEvent", name: "a" },
    ]);
  });
});

describe("a refused operation", () => {
  it.each<[string, (car: CableCar) => unknown, string]>([
    ["no html", (car) => untyped(car).append?.("#a"), "append has no html; expected one"],
    [
      "a name that is an object",
      (car) => untyped(car).addCssClass?.("#a", { name: { a: 1 } }),
      'addCssClass got the name {"a":1}; expected a name, or a list of names',
    ],
    [
      "a position that there is not",
      (car) => untyped(car).insertAdjacentText?.("#a", { text: "a", position: "inside" }),
      'got the position "inside"; expected one of beforebegin, afterbegin, beforeend, afterend',
    ],
    [
      "a delay that is none",
      (car) => car.remove({ selector: "#a", delay: -1 }),
      "got the delay -1; expected 0 to 2147483647 milliseconds",
    ],
    ["a delay that is text", (car) => untyped(car).remove?.("#a", { delay: "5" }), "expected a whole number"],
    [
      "a detail that JSON cannot write",
      (car) => car.dispatchEvent({ name: "a", detail: { count: 1n } }),
      "got the detail [object Object]; expected what JSON can write",
    ],
    [
      "a function",
      (car) => car.consoleLog({ message: () => 1 }),
      "consoleLog got the message () => 1; expected what JSON can write",
    ],
    [
      "a selector for what is no element's",
      (car) => untyped(car).setTitle?.("#title", { title: "a" }),
      'setTitle got "#title"; expected its options alone',
    ],
    [
      "arguments that are no options",
      (car) => untyped(car).remove?.("#a", 7),
      "remove got 7; expected an object",
    ],
    [
      "an option that would make another operation of it",
      (car) =>
        untyped(car).operation?.("playSound", {
          src: "/a.mp3",
          operation: "redirectTo",
          url: "//evil.example",
        }),
      'playSound got the operation "redirectTo"; expected an option of another name',
    ],
    ["an empty selector", (car) => car.remove(" "), "remove has no selector"],
  ])("says what was given and what was expected: %s", (_, ask, message) => {
    const error = refusal(ask);
    expect(error.name).toBe("OperationError");
    expect(error.message).toContain(message);
  });

  it("leaves what was queued before it", () => {
    const car = cableCar().remove("#a");
    refusal((car) => untyped(car).append?.({}), car);
    expect(car.toArray()).toEqual([{ operation: "remove", selector: "#a" }]);
  });

  it("is the one over the limit of number, or of size", () => {
    const car = cableCar();
    for (let count = 0; count < LIMITS.operations; count += 1) car.reload();
    expect(refusal((car) => car.reload(), car).code).toBe("operations-full");
    const overhead = JSON.stringify({ operation: "setTitle", title: "" }).length;
    const title = "a".repeat(LIMITS.operationsChars - overhead);
    expect(cableCar().setTitle({ title }).size).toBe(1);
    expect(refusal((car) => car.setTitle({ title: `${title}a` })).message).toContain("1000001 characters");
  });
});

describe("operations that travelled", () => {
  it("are queued as they were, from JSON and from a list", () => {
    const car = cableCar().append("#a", { html: html`<b>1</b>` }).setTitle({ title: "2" });
    expect(cableCar().apply(JSON.stringify(car)).apply(car.toArray()).toArray()).toEqual([
      ...car.toArray(),
      ...car.toArray(),
    ]);
  });

  it("may have been written with underscores, as Rails does", () => {
    const json = '[{"operation":"inner_html","selector":"#a","html":"<b>","select_all":true}]';
    expect(cableCar().apply(json).toArray()).toEqual([
      { operation: "innerHtml", selector: "#a", html: "<b>", selectAll: true },
    ]);
  });

  it.each([
    ["no JSON", "{", "expected JSON"],
    ["no list", '{"operation":"remove"}', "expected a list of operations"],
    ["no operation", '["remove"]', 'apply got "remove"; expected an operation such as'],
    ["no name", '[{"operation":"a b"}]', "expected an operation such as"],
    ["markup that is none", '[{"operation":"append","html":{}}]', "append got the html {}"],
  ])("are refused, all of them, where there is %s", (_, json, message) => {
    const car = cableCar();
    const error = refusal((car) => car.apply(json), car);
    expect([error.code, car.size]).toEqual(["operation-value", 0]);
    expect(error.message).toContain(message);
    const good = JSON.stringify([{ operation: "reload" }]);
    refusal((car) => car.apply(good.replace("]", ',{"operation":""}]')), car);
    expect(car.size).toBe(0);
  });

  it("come back the same, whatever they say", () => {
    const operation = fc.record({
      operation: fc.constantFrom("playSound", "dispatchEvent"),
      name: fc.string(),
      detail: fc.jsonValue(),
    });
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        const travelled: unknown = JSON.parse(JSON.stringify(cableCar().apply(operations)));
        expect(travelled).toEqual(JSON.parse(JSON.stringify(operations)));
      }),
      // JSON writes it as 0.
      { examples: [[[{ operation: "playSound", name: "", detail: -0 }]]] },
    );
  });
});

describe("operations over HTTP", () => {
  it("are taken when they are dispatched, and stay when so told", () => {
    const car = cableCar().reload();
    expect(car.dispatch({ clear: false })).toEqual([{ operation: "reload" }]);
    expect(car.dispatch()).toEqual([{ operation: "reload" }]);
    expect(car.dispatch()).toEqual([]);
  });

  it("are an answer of their own type", async () => {
    const response = cableCar()
      .reload()
      .toResponse({ status: 201, headers: { "Cache-Control": "no-store" } });
    expect(response.status).toBe(201);
    expect(response.headers.get("Content-Type")).toBe("text/vnd.cable-ready.json");
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    expect(await response.json()).toEqual([{ operation: "reload" }]);
  });
});

describe("the types of operations", () => {
  it("refuse what the operation would refuse", () => {
    const car = cableCar();
    expectTypeOf(car.setFocus).toBeCallableWith("#a");
    expectTypeOf(car.setFocus).toBeCallableWith();
    expectTypeOf(car.toArray()).toEqualTypeOf<readonly Operation[]>();
    const never = () => {
      // @ts-expect-error no html
      car.append("#a", {});
      // @ts-expect-error no options
      car.append("#a");
      // @ts-expect-error no such operation
      car.appendAll("#a", { html: "a" });
      // @ts-expect-error no such option
      car.append("#a", { html: "a", text: "b" });
      // @ts-expect-error no such position
      car.insertAdjacentText("#a", { text: "a", position: "inside" });
      // @ts-expect-error the title is no element's
      car.setTitle("#a", { title: "a" });
      // @ts-expect-error no such option of an operation that was declared
      car.operation("playSound", { source: "a" });
      // @ts-expect-error not declared
      car.operation("jazzHands", {});
    };
    expect(never).toBeTypeOf("function");
  });
});

declare module "../../src/protocol/operations.ts" {
  interface CustomOperations {
    playSound: { readonly src: string };
  }
}
