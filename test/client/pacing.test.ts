import { afterEach, describe, expect, it, vi } from "vitest";
import { Pacing } from "../../client/pacing.ts";
import { FakePorts } from "../support/fake-socket.ts";

/** An element that has nothing but attributes. */
function elementWith(attributes: Readonly<Record<string, string>>): Element {
  const element: Pick<Element, "getAttribute"> = { getAttribute: (name) => attributes[name] ?? null };
  // Pacing asks an element for nothing else.
  return element as Element;
}

/** Events of elements, and the calls that came of them. */
class Events {
  readonly ports = new FakePorts();
  readonly calls: string[] = [];
  readonly pacing = new Pacing(this.ports.later);

  happen(element: Element, event: string, eventType = "input"): void {
    this.pacing.pace(element, eventType, () => this.calls.push(event));
  }

  /** The times that are waited for. */
  get waiting(): readonly number[] {
    return [...this.ports.waiting.values()];
  }
}

afterEach(() => vi.restoreAllMocks());

const DEBOUNCED = { "data-reflex-debounce": "300" };
const THROTTLED = { "data-reflex-throttle": "200" };

describe("an element without a pace", () => {
  it("calls at once, for every event, and no timer runs", () => {
    const events = new Events();
    const element = elementWith({});
    for (const event of ["a", "b"]) events.happen(element, event);
    expect(events.calls).toEqual(["a", "b"]);
    expect(events.waiting).toEqual([]);
  });
});

describe("a debounced element", () => {
  it("calls once, for the latest event, when its time has passed since", () => {
    const events = new Events();
    const element = elementWith(DEBOUNCED);
    for (const event of ["a", "b", "c"]) events.happen(element, event);
    expect(events.calls).toEqual([]);
    expect(events.waiting).toEqual([300]);
    events.ports.tick();
    expect(events.calls).toEqual(["c"]);
    expect(events.waiting).toEqual([]);
  });

  it("keeps to itself: other elements and other events have their own time", () => {
    const events = new Events();
    const [first, second] = [elementWith(DEBOUNCED), elementWith(DEBOUNCED)];
    events.happen(first, "a");
    events.happen(second, "b");
    events.happen(first, "c", "keyup");
    while (events.waiting.length > 0) events.ports.tick();
    expect(events.calls).toEqual(["a", "b", "c"]);
  });

  it("does not mind what it is throttled to as well", () => {
    const events = new Events();
    events.happen(elementWith({ ...DEBOUNCED, ...THROTTLED }), "a");
    expect([events.calls, events.waiting]).toEqual([[], [300]]);
  });

  it("that is debounced no longer calls for the event at hand only", () => {
    const events = new Events();
    const attributes: Record<string, string> = { ...DEBOUNCED };
    const element = elementWith(attributes);
    events.happen(element, "a");
    delete attributes["data-reflex-debounce"];
    events.happen(element, "b");
    expect([events.calls, events.waiting]).toEqual([["b"], []]);
  });
});

describe("a throttled element", () => {
  it("calls for the first event at once, and for the latest of the others when its time has passed", () => {
    const events = new Events();
    const element = elementWith(THROTTLED);
    for (const event of ["a", "b", "c"]) events.happen(element, event);
    expect([events.calls, events.waiting]).toEqual([["a"], [200]]);
    events.ports.tick();
    expect([events.calls, events.waiting]).toEqual([["a", "c"], [200]]);
  });

  it("leaves no timer behind once a time has passed without an event, and begins anew", () => {
    const events = new Events();
    const element = elementWith(THROTTLED);
    for (const event of ["a", "b"]) events.happen(element, event);
    events.ports.tick();
    events.ports.tick();
    expect([events.calls, events.waiting]).toEqual([["a", "b"], []]);
    events.happen(element, "c");
    expect(events.calls).toEqual(["a", "b", "c"]);
  });
});

describe("what waits", () => {
  it("is called at once, in order, when it is flushed, once", () => {
    const events = new Events();
    const [debounced, throttled] = [elementWith(DEBOUNCED), elementWith(THROTTLED)];
    events.happen(debounced, "a");
    for (const event of ["b", "c"]) events.happen(throttled, event);
    expect(events.calls).toEqual(["b"]);
    events.pacing.flush("change", () => true);
    expect(events.calls).toEqual(["b", "a", "c"]);
    expect(events.waiting).toEqual([]);
  });

  it("goes on waiting when others are flushed, or its own event is answered", () => {
    const events = new Events();
    const [first, second] = [elementWith(DEBOUNCED), elementWith(DEBOUNCED)];
    events.happen(first, "a");
    events.happen(second, "b", "change");
    events.pacing.flush("change", (element) => element === second);
    expect(events.calls).toEqual([]);
    events.pacing.flush("blur", (element) => element === second);
    expect(events.calls).toEqual(["b"]);
  });
});

describe("a pace that is no number of milliseconds", () => {
  it.each(["", "fast", "0.3s", "-1", "1e3", "10000000"])("is told, and there is none: %j", (text) => {
    const told = vi.spyOn(console, "error").mockReturnValue();
    const events = new Events();
    events.happen(elementWith({ "data-reflex-debounce": text }), "a");
    expect(events.calls).toEqual(["a"]);
    const message = `edge-reflex: data-reflex-debounce="${text}" is no whole number of milliseconds, such as 300`;
    expect(told.mock.calls).toEqual([[message]]);
  });
});
