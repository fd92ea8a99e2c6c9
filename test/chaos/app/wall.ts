import { Reflex } from "edge-reflex";
import type { LedgerValues } from "./ledger.ts";
import type { WallEnv } from "./wall-object.ts";

/** What the crowd does: changes what all share, and says it. Each in one of two ways. */
export class Wall extends Reflex<LedgerValues, Record<string, unknown>, WallEnv> {
  /** Every page that rests on the topic is rendered again, for its own visitor. */
  async write(...call: readonly unknown[]): Promise<void> {
    const [topic, who, n] = toNote(call);
    await this.env.WALL.getByName("wall").write(topic, who, n);
    this.session.set("written", (this.session.get("written") ?? 0) + 1);
    this.touch(topic);
  }

  /** The same operation for every page that rests on the topic. No page shows it: the harness listens. */
  say(...call: readonly unknown[]): void {
    const detail = toNote(call);
    this.session.set("written", (this.session.get("written") ?? 0) + 1);
    this.cable.to(detail[0]).dispatchEvent({ name: "said", detail }).broadcast();
  }

  /** The same, when a timer rings. */
  saySoon(...call: readonly unknown[]): void {
    this.later("Wall#say", { in: 0 }, ...toNote(call));
    this.morph("nothing");
  }
}

function toNote([topic, who, n]: readonly unknown[]): readonly [topic: string, who: string, n: number] {
  if (typeof topic === "string" && typeof who === "string" && typeof n === "number") return [topic, who, n];
  throw new TypeError(`Expected a topic, a name and a number, got ${JSON.stringify([topic, who, n])}`);
}
