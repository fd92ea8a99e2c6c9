import { Hono } from "hono";
import { type PageVariables, Reflex } from "../../src/index.ts";
import { declare, LAWS, type Step, take } from "./structure-laws.ts";

interface Values {
  name: string;
}

/** What the steps of `Shelf#step` came to, in order. */
export const stepped: unknown[] = [];

/** Structures, of the session and of keys. */
export class Shelf extends Reflex<Values> {
  /** Does one step with the structure of a law. */
  step(kind: string, step: Step): void {
    const law = LAWS.find((law) => law.kind === kind);
    if (law === undefined) throw new Error(`There is no law of ${kind}`);
    const structure = declare(this.structures, law, "it");
    stepped.push(take(law, structure, step), Reflect.get(structure, "value"));
    this.morph("nothing");
  }

  changeFive(): void {
    this.structures.counter("clicks").increment();
    this.structures.list("last").append("a");
    this.structures.flag("seen").mark();
    this.structures.hash("colours").set("sky", "blue");
    this.structures.slot("job").reserve();
  }

  changeFiveThenThrow(): void {
    this.changeFive();
    throw new Error("a secret of the server");
  }

  changeFiveThenBreakThePage(): void {
    this.changeFive();
    this.session.set("name", "break the page");
  }

  /** What is bound to a key is no part of the session. */
  async countForKeyThenThrow(key: string): Promise<void> {
    await this.structures.for(key).counter("clicks").increment();
    throw new Error("a secret of the server");
  }

  async countForKey(key: string, times: number): Promise<void> {
    const clicks = this.structures.for(key).counter("clicks");
    for (let time = 0; time < times; time += 1) await clicks.increment();
    this.morph("nothing");
  }
}

/** A counter of the key that the address names, and five structures of the session. */
export const shelfSite = new Hono<{ Variables: PageVariables<Values, object> }>().get("/shelf", async (c) => {
  const { structures } = c.var;
  const key = c.req.query("key");
  const shared = key === undefined ? 0 : await structures.for(key).counter("clicks").value;
  const own = [
    structures.counter("clicks").value,
    structures.list("last").value,
    structures.flag("seen").marked,
    structures.hash("colours").entries,
    structures.slot("job").available,
  ];
  return c.text(JSON.stringify([shared, ...own]));
});
