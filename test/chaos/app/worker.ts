import { createReflex, pages } from "edge-reflex";
import { Hono } from "hono";
import { CROWD_PAGES, type Face } from "./crowd-page.ts";
import { Ledger, type LedgerValues, readLedger } from "./ledger.ts";
import { PAGES } from "./page.ts";
import { allBegun, begins } from "./running.ts";
import { Wall } from "./wall.ts";
import { type WallEnv, WallObject } from "./wall-object.ts";

/** Which build this is; wrangler writes it in. */
declare const BUILD: keyof typeof PAGES;

const app = new Hono<{ Bindings: WallEnv }>().use(pages<LedgerValues>());

app.get("/", (c) => {
  const { session } = c.var;
  const state = { count: session.get("count") ?? 0, recent: session.get("recent") ?? [] };
  return c.render(PAGES[BUILD](state), { title: `${BUILD}: ${state.count}` });
});

app.get("/ledger", (c) => c.json(readLedger(c.var.session)));

/** In this topic, pages that rest on it show who is present. */
const PRESENT_TOPIC = "t0";

/** The page of the crowd: the walls of the topics that its address names, which it rests on. `who`: what it tells of its visitor. */
app.get("/crowd", async (c) => {
  const topics = (c.req.query("topics") ?? "").split(",");
  const present = topics.includes(PRESENT_TOPIC)
    ? await c.var.presence<Face>(PRESENT_TOPIC, { who: c.req.query("who") ?? "" })
    : undefined;
  // Before the walls are read: what changes them behind that is another render's.
  c.var.subscribe(...topics);
  const walls = await c.env.WALL.getByName("wall").read(topics);
  const view = CROWD_PAGES[BUILD]({ present, walls, written: c.var.session.get("written") ?? 0 });
  return c.render(view, { title: `${BUILD}: ${topics.join(" ")}` });
});

const reflex = createReflex<WallEnv>({ app, reflexes: { Ledger, Wall }, logCalls: false });

/** The session object, with a way to crash it that no production code has. */
export class SessionObject extends reflex.SessionObject {
  constructor(ctx: DurableObjectState, env: WallEnv) {
    super(ctx, env);
    begins("SessionObject", ctx.id);
  }

  override fetch(request: Request): Promise<Response> | Response {
    if (new URL(request.url).pathname === "/abort") this.ctx.abort("chaos");
    return super.fetch(request);
  }
}

/** A topic's node, with the same. */
export class TopicObject extends reflex.TopicObject {
  constructor(ctx: DurableObjectState, env: WallEnv) {
    super(ctx, env);
    begins("TopicObject", ctx.id);
  }

  /** Ends the object in the middle of what it does. */
  override fetch(): never {
    this.ctx.abort("chaos");
    throw new Error("chaos");
  }
}

export { WallObject };

export default {
  fetch(request: Request, env: TopicEnv, ctx: ExecutionContext): Promise<Response> | Response {
    const { pathname, searchParams } = new URL(request.url);
    const [topic = "", who = "", n = ""] = ["topic", "who", "n"].map((name) => searchParams.get(name) ?? "");
    switch (pathname) {
      case "/abort-topic":
        return env.TOPIC.getByName(topic).fetch(request);
      case "/begun":
        return Response.json(allBegun());
      case "/walls":
        return env.WALL.getByName("wall").counts().then(Response.json);
      case "/present":
        return lookFromOutside(ctx, topic);
      case "/say":
        return sayFromOutside(ctx, [topic, who, Number(n)]);
      default:
        return reflex.fetch(request, env, ctx);
    }
  },
};

interface TopicEnv extends WallEnv {
  readonly TOPIC: DurableObjectNamespace<TopicObject>;
}

/** Publishes from where there is no session. */
async function sayFromOutside(
  ctx: ExecutionContext,
  detail: readonly [topic: string, who: string, n: number],
): Promise<Response> {
  await reflex.cable(ctx, detail[0]).dispatchEvent({ name: "said", detail }).broadcast();
  return new Response("said");
}

/** Says who is present, where there is no session: as in pages. */
async function lookFromOutside(ctx: ExecutionContext, topic: string): Promise<Response> {
  const present = await reflex.presence<Face>(ctx, topic);
  return Response.json(present.map(({ meta, tabs }) => `${meta.who} ${tabs}`));
}
