import type { Cache } from "../../src/index.ts";
import type { EchoObject, StoringEchoObject } from "./echo.ts";

/** How many calls are under way at a time. */
const CALLERS = 50;
/** As many as spread over eight objects of the cache, and are not always the same one. */
const KEYS = 64;

/** What is called. */
interface Called {
  readonly cache: Cache;
  readonly echoes: DurableObjectNamespace<EchoObject>;
  readonly storingEchoes: DurableObjectNamespace<StoringEchoObject>;
}

/** Makes the call of that number. */
type Call = (called: Called, number: number, objects: number) => Promise<unknown>;

const VALUE = { name: "a value of a hundred bytes", text: "x".repeat(50) };

/** The ways that can be measured. The floors call as many objects as the cache has. */
const CALLS: Readonly<Record<string, Call>> = {
  write: ({ cache }, number) => cache.write(`read ${number % KEYS}`, VALUE),
  read: ({ cache }, number) => cache.read(`read ${number % KEYS}`),
  increment: ({ cache }, number) => cache.increment(`count ${number % KEYS}`),
  echo: ({ echoes }, number, objects) => echoes.getByName(`rpc ${number % objects}`).echo(VALUE),
  count: ({ storingEchoes }, number, objects) => storingEchoes.getByName(`rpc ${number % objects}`).count(),
};

/**
 * Answers `/bench/cache?way=read&objects=8&times=1000` once so many calls have been made, fifty at a time.
 * Throws for a way that it does not know.
 */
export async function runCalls(parameters: URLSearchParams, called: Called): Promise<Response> {
  const call = CALLS[parameters.get("way") ?? ""];
  if (call === undefined) throw new Error(`Expected one of ${Object.keys(CALLS)}, got ${parameters}`);
  const [objects, times] = [Number(parameters.get("objects")), Number(parameters.get("times"))];
  let made = 0;
  const caller = async () => {
    while (made < times) {
      made += 1;
      await call(called, made, objects);
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
  return new Response("done");
}
