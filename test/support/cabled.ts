import { html, type Operation, Reflex } from "../../src/index.ts";

/** Whether a test lets `Cabled#work` end. */
export const work = { isDone: false };

interface Values {
  readonly count: number;
}

/** What sends operations to its page. */
export class Cabled extends Reflex<Values, { greeting: string }, Cloudflare.Env> {
  static override readonly ephemeral = ["see"];

  #count(): void {
    this.session.update("count", (count = 0) => count + 1);
  }

  /** Before and after the update of the page. */
  around(): void {
    this.#count();
    this.cable.append("#count", { html: html`<b>after</b>` });
    this.cable.beforeMorph.addCssClass("#count", { name: "before" });
    this.cable.setFocus();
  }

  aroundSelector(): void {
    this.#count();
    this.cable.beforeMorph.setTitle({ title: "before" });
    this.cable.setTitle({ title: "after" });
    this.morph("#count", "between");
  }

  quietly(): void {
    this.#count();
    this.cable.setTitle({ title: "alone" });
    this.morph("nothing");
  }

  /** Declared as one that only reads. */
  see(): void {
    this.cable.setTitle({ title: "seen" });
    this.morph("nothing");
  }

  thenFail(): void {
    this.cable.setTitle({ title: "never" });
    throw new Error("a secret of the server");
  }

  thenHalt(): void {
    this.cable.setTitle({ title: "never" });
    this.halt();
  }

  /** Tells how far it is, and goes on when a test says so. */
  async work(end = "done"): Promise<void> {
    this.cable.beforeMorph.setTitle({ title: "0 %" });
    this.cable.textContent("#progress", { text: "begun" });
    await this.cable.broadcast();
    await this.cable.broadcast();
    // Asks, and is not told: what a test resolves would go on in the test's context, not in this object's.
    while (!work.isDone) await scheduler.wait(1);
    if (end === "fail") throw new Error("a secret of the server");
    this.cable.setTitle({ title: "100 %" });
    this.morph("nothing");
  }

  /** Tells something when a test says so. */
  async tell(): Promise<void> {
    while (!work.isDone) await scheduler.wait(1);
    this.cable.setTitle({ title: "told" });
    await this.cable.broadcast();
    this.morph("nothing");
  }

  perform(operations: readonly Operation[]): void {
    this.cable.apply(operations);
    this.morph("nothing");
  }

  tooMany(): void {
    for (let count = 0; count < 1_001; count += 1) this.cable.reload();
  }

  remind(target: string): void {
    this.later(target, { in: 0 });
    this.morph("nothing");
  }

  async _ring(): Promise<void> {
    this.#count();
    this.cable.beforeMorph.setTitle({ title: "early" });
    this.cable.setTitle({ title: "at once" });
    await this.cable.broadcast();
    this.cable.beforeMorph.setTitle({ title: "before" });
    this.cable.setTitle({ title: "after" });
  }

  async _ringQuietly(): Promise<void> {
    await this._ring();
    this.morph("nothing");
  }
}
