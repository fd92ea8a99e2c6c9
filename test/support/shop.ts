import { Hono } from "hono";
import { type PageVariables, Reflex } from "../../src/index.ts";

/** Where an action may be stopped: before it has written to D1, or after it and before anything of the call is committed. */
export type Gate = "before" | "after";

/** What the test has to do with the runs of `Shop#order`. */
export const shop: {
  /** The idempotency keys of its runs, in order. */
  readonly runs: string[];
  /** The next run that comes here is held, and goes no further. */
  gate?: Gate;
  isHeld: boolean;
} = { runs: [], isHeld: false };

interface Values {
  /** Orders, as the session knows them. */
  ordered: number;
  /** Orders, as far as the database said that it had changed something. */
  changed: number;
}

/** Sells tea out of D1: once by the recipe, and once without. */
export class Shop extends Reflex<Values, object, Cloudflare.Env> {
  async order(): Promise<void> {
    const { DB } = this.env;
    const key = this.idempotencyKey;
    shop.runs.push(key);
    await this.#pass("before");
    const [taken] = await DB.batch([
      DB.prepare(
        "UPDATE stock SET count = count - 1 WHERE item = 'tea' AND NOT EXISTS (SELECT 1 FROM orders WHERE key = ?)",
      ).bind(key),
      DB.prepare("INSERT INTO orders (key, item) VALUES (?, 'tea') ON CONFLICT (key) DO NOTHING").bind(key),
    ]);
    await DB.prepare("INSERT INTO careless_orders (item) VALUES ('tea')").run();
    await this.#pass("after");
    this.session.set("ordered", (this.session.get("ordered") ?? 0) + 1);
    this.session.set("changed", (this.session.get("changed") ?? 0) + (taken?.meta.changes ?? 0));
    this.morph("nothing");
  }

  async orderInVain(): Promise<void> {
    await this.order();
    throw new Error("a secret of the server");
  }

  async #pass(at: Gate): Promise<void> {
    if (shop.gate !== at) return;
    delete shop.gate;
    // Not a promise that the test awaits: when an object settles one and dies, the next object's timers and answers never come.
    shop.isHeld = true;
    await new Promise(() => {});
  }
}

/** What the session holds. */
export const shopPage = new Hono<{ Variables: PageVariables<Values, object> }>().get(
  "/shop",
  ({ var: { session }, json }) => json({ ordered: session.get("ordered"), changed: session.get("changed") }),
);
