import { createReflex, pages } from "edge-reflex";
import { Hono } from "hono";
import { Ledger, type LedgerValues, readLedger } from "./ledger.ts";
import { PAGES } from "./page.ts";

/** Which build this is; wrangler writes it in. */
declare const BUILD: keyof typeof PAGES;

const app = new Hono().use(pages<LedgerValues>());

app.get("/", (c) => {
  const { session } = c.var;
  const state = { count: session.get("count") ?? 0, recent: session.get("recent") ?? [] };
  return c.render(PAGES[BUILD](state), { title: `${BUILD}: ${state.count}` });
});

app.get("/ledger", (c) => c.json(readLedger(c.var.session)));

const reflex = createReflex({ app, reflexes: { Ledger }, logCalls: false });

/** The session object, with a way to crash it that no production code has. */
export class SessionObject extends reflex.SessionObject {
  override fetch(request: Request): Promise<Response> | Response {
    if (new URL(request.url).pathname === "/abort") this.ctx.abort("chaos");
    return super.fetch(request);
  }
}

export const { TopicObject } = reflex;
export default reflex;
