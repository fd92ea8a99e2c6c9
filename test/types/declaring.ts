import { html, Reflex, reflex, reflexes } from "edge-reflex";

export class Counter extends Reflex<{ count: number }> {
  increment(by: number, label?: string): void {
    this.session.set("count", by + (label?.length ?? 0));
  }

  reset(): void {
    this.#forget();
  }

  async search(words: readonly string[], { isExact }: { isExact: boolean }): Promise<void> {
    this.assigns.found = isExact ? words : [];
  }

  get count(): number {
    return 0;
  }

  _internal(): void {}

  protected hidden(): void {}

  #forget(): void {}
}

export class Guarded extends Reflex {
  static override readonly actions = ["open"] as const;

  open(): void {}

  close(): void {}
}

export const classes = { Counter, Guarded };

class NoReflex {
  increment(): void {}
}

// What is right compiles.
html`<button data-reflex=${reflex("click", Counter, "increment", 2)}>+2</button>`;
reflex(Counter, "reset");
reflex("keydown.ctrl+enter", Counter, "increment", 2, "two");
reflex("row:opened", Counter, "search", ["tea"], { isExact: true });
reflex({ event: "resize", on: "window", once: true, passive: true }, Counter, "reset");
reflexes(reflex("click", Counter, "reset"), reflex("click", Guarded, "open"));

// What is wrong does not.
// @ts-expect-error: no action of this name
reflex("click", Counter, "incremnt", 2);
// @ts-expect-error: an argument of another type
reflex("click", Counter, "increment", "2");
// @ts-expect-error: an argument is missing
reflex("click", Counter, "increment");
// @ts-expect-error: one argument too many
reflex("click", Counter, "reset", 1);
// @ts-expect-error: an object of another shape
reflex("click", Counter, "search", ["tea"], { exact: true });
// @ts-expect-error: the same without an event
reflex(Counter, "increment", "2");
// @ts-expect-error: an accessor is no action
reflex("click", Counter, "count");
// @ts-expect-error: what begins with _ is no action
reflex("click", Counter, "_internal");
// @ts-expect-error: what is protected is no action
reflex("click", Counter, "hidden");
// @ts-expect-error: what Reflex itself gives is no action
reflex("click", Counter, "halt");
// @ts-expect-error: `actions` leaves it out
reflex("click", Guarded, "close");
// @ts-expect-error: the class is no reflex
reflex("click", NoReflex, "increment");
// @ts-expect-error: a class by its name
reflex("click", "Counter", "increment", 2);
// @ts-expect-error: no place of this name
reflex({ event: "click", on: "body" }, Counter, "reset");
// @ts-expect-error: no option of this name
reflex({ event: "click", onse: true }, Counter, "reset");
