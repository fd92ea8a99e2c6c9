import { describe, expect, it } from "vitest";
import { newCable } from "../../src/cable/cable.ts";
import { BrowserRequest } from "../../src/reflex/browser-request.ts";
import { CallLogger } from "../../src/reflex/call-logger.ts";
import { ReflexElement } from "../../src/reflex/element.ts";
import { MorphPlan } from "../../src/reflex/morph-plan.ts";
import { Params } from "../../src/reflex/params.ts";
import { Payload } from "../../src/reflex/payload.ts";
import { Reflex } from "../../src/reflex/reflex.ts";
import type { ReflexContext } from "../../src/reflex/reflex-context.ts";
import { TurnState } from "../../src/state/turn-state.ts";

class Counter extends Reflex {}

function contextOf(): ReflexContext<Record<string, unknown>, Cloudflare.Env> {
  return {
    element: new ReflexElement(["p", {}]),
    controllerElement: undefined,
    target: "Counter#add",
    action: "add",
    tabId: "tab",
    browser: new BrowserRequest(() => new Request("https://site.example/page")),
    logger: new CallLogger(() => {}),
    params: new Params([["a", "1"]]),
    state: new TurnState({ id: "id", store: { read: () => undefined, keys: () => [] } }),
    assigns: {},
    args: [1, 2],
    url: new URL("https://site.example/page"),
    env: { binding: 1 },
    idempotencyKey: "key",
    callId: "call",
    plan: new MorphPlan(),
    payload: new Payload(),
    cable: newCable(
      () => {},
      () => {},
    ),
  };
}

describe("a reflex", () => {
  it("gives its action everything of the call, and nothing that could be replaced", () => {
    const { plan, state, ...own } = contextOf();
    const counter = new Counter({ ...own, state, plan });
    const given = { ...own, session: state.session };
    const { element, params, session, assigns, args, url, env, callId } = counter;
    for (const [name, value] of Object.entries({
      element,
      params,
      session,
      assigns,
      args,
      env,
      callId,
    })) {
      expect(value).toBe(Reflect.get(given, name));
      expect(Reflect.set(counter, name, "else")).toBe(false);
    }
    // The tab's own, which the action may change for itself.
    expect([url, url === given.url, url === counter.url]).toEqual([given.url, false, true]);
    expect(Reflect.set(counter, "url", "else")).toBe(false);
    expect(Object.keys(counter)).toEqual([]);
  });

  it("morphs the page, or nothing, or selectors in their order", () => {
    const morphsAfter = (ask: (counter: Counter) => void) => {
      const context = contextOf();
      ask(new Counter(context));
      return context.plan.morphs;
    };
    expect(morphsAfter((counter) => counter.morph("page"))).toEqual({ kind: "page" });
    expect(morphsAfter((counter) => counter.morph("nothing"))).toEqual({ kind: "nothing" });
    const both = morphsAfter((counter) => {
      counter.morph("#a", "1");
      counter.morph("#b", null);
    });
    expect(both).toEqual({
      kind: "selectors",
      morphs: [
        { selector: "#a", content: "1" },
        { selector: "#b", content: null },
      ],
    });
  });

  it("takes any name for a selector when content comes with it, empty content included", () => {
    const context = contextOf();
    new Counter(context).morph("nothing", undefined);
    expect(context.plan.morphs).toEqual({
      kind: "selectors",
      morphs: [{ selector: "nothing", content: undefined }],
    });
  });

  it.each(["#cart", "Page", "", undefined])(
    "says what is missing when %j comes without content",
    (target) => {
      const context = contextOf();
      expect(() => new Counter(context).morph(target as "page")).toThrow(
        /morph\(.*\) has no content; expected "page", "nothing", a selector and a view, or a record/,
      );
      expect(context.plan.morphs).toEqual({ kind: "page" });
    },
  );
});
