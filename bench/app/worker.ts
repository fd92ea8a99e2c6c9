import { createReflex } from "../../src/index.ts";
import { app, reflexes } from "./app.ts";
import { runCalls } from "./cache-calls.ts";
import { DirectObject } from "./direct-object.ts";
import { EchoObject, StoringEchoObject } from "./echo.ts";
import { lifeView } from "./life-region.ts";
import { StateObject } from "./state-object.ts";
import { publish } from "./topic-page.ts";
import { runWay } from "./turn-ways.ts";

interface Env {
  readonly DIRECT: DurableObjectNamespace<DirectObject>;
  readonly ECHO: DurableObjectNamespace<EchoObject>;
  readonly STATE: DurableObjectNamespace<StateObject>;
  readonly STORING_ECHO: DurableObjectNamespace<StoringEchoObject>;
}

const reflex = createReflex<Env>({
  app,
  reflexes,
  regions: { life: lifeView },
  logCalls: false,
});
export const { SessionObject, CacheObject, TopicObject } = reflex;
/** The same cache, in one object. */
const single = createReflex<Env>({ app, reflexes, cache: { shards: 1 }, logCalls: false });

export { DirectObject, EchoObject, StateObject, StoringEchoObject };

export default {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const name = searchParams.get("name") ?? "";
    switch (pathname) {
      case "/bench/echo":
        return env.ECHO.getByName(name).fetch(request);
      case "/bench/storing-echo":
        return env.STORING_ECHO.getByName(name).fetch(request);
      case "/bench/cache":
        return runCalls(searchParams, {
          cache: (searchParams.get("objects") === "1" ? single : reflex).cache(ctx),
          echoes: env.ECHO,
          storingEchoes: env.STORING_ECHO,
        });
      case "/bench/direct":
        return env.DIRECT.getByName(name).fetch(request);
      case "/bench/publish":
        return publish(reflex, ctx, searchParams);
      case "/bench/state":
        return runState(searchParams, env);
      case "/bench/turn":
        return runWay(searchParams);
      case "/bench/garbage":
        return collectGarbage();
      default:
        return reflex.fetch(request, env, ctx);
    }
  },
};

/** Answers `/bench/state?way=read&times=1000`: reads where the session is, calls of an object, or the rows of turns. */
async function runState(search: URLSearchParams, env: Env): Promise<Response> {
  const [state, echo] = [env.STATE.getByName("state"), env.ECHO.getByName("state")];
  const times = Number(search.get("times"));
  if (search.get("way") === "rows") return Response.json(await state.rows());
  if (search.get("way") === "read") await state.read(times);
  else for (let done = 0; done < times; done += 1) await echo.echo(done);
  return new Response("done");
}

/** Only an isolate that was started for measuring memory has the function that this needs. */
async function collectGarbage(): Promise<Response> {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") return new Response("started without --expose-gc", { status: 500 });
  // Without the flavor, V8 keeps the pages that garbage was on for later: tens of megabytes that are no session's.
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
  return new Response("done");
}
