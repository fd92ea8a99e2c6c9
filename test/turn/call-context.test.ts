import { describe, expect, it } from "vitest";
import { Reflex } from "../../src/reflex/reflex.ts";
import { turnOf } from "../support/turn.ts";

class Teller extends Reflex {
  tell(): void {
    const { element, controllerElement: owner, target, action } = this;
    this.payload = { tag: element.tag, owner: owner && [owner.id, owner.dataset.cart], target, action };
  }
}

async function told(detail: Parameters<typeof turnOf>[2]): Promise<unknown> {
  const { end } = await turnOf(Teller, "tell", detail);
  return end.kind === "done" ? end.payload : end;
}

describe("an action", () => {
  it("is told the element of the controller that called, beside its own, and by which name it was called", async () => {
    const controller = ["main", { id: "owner", "data-cart": "7" }] as const;
    const call = await told({ detail: { element: ["button", {}], more: { controller } } });
    expect(call).toEqual({ tag: "button", owner: ["owner", "7"], target: "It#tell", action: "tell" });
  });

  it("is told of no controller where none called", async () => {
    expect(await told({ detail: { element: ["b", {}] } })).not.toHaveProperty("owner");
  });
});
