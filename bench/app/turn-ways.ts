import { parseHTML } from "linkedom/worker";
import morphdom from "morphdom";
import { CacheSource } from "../../src/app/cache-source.ts";
import { AppRuntime } from "../../src/app/session-runtime.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { renderPage } from "../../src/render/render.ts";
import { TurnState } from "../../src/state/turn-state.ts";
import { runTurn } from "../../src/turn/turn.ts";
import type { Shown } from "../../src/turn/turn-end.ts";
import { app, reflexes } from "./app.ts";
import { tablePage } from "./table.ts";

// The only file of the bench's Worker that reaches inside the runtime: one turn, without socket and storage, and what
// it is compared with. Clocks stand still in workerd while code runs, so whoever asks for many turns takes the time.

/** Does one thing a number of times. */
type Way = (rowCount: number, times: number) => Promise<void>;

/** What morphdom takes, and what tells whether it did its work. */
type ParsedBody = Parameters<typeof morphdom>[0] & { readonly textContent: string };

const WAYS: Readonly<Record<string, Way>> = {
  turn: runTurns,
  string: renderStrings,
  linkedom: morphDocuments,
};

/** Answers `/bench/turn?way=turn&rows=1000&times=20` once it has done so; throws for a way that it does not know. */
export async function runWay(parameters: URLSearchParams): Promise<Response> {
  const way = WAYS[parameters.get("way") ?? ""];
  if (way === undefined) throw new Error(`Expected one of ${Object.keys(WAYS)}, got ${parameters}`);
  await way(Number(parameters.get("rows")), Number(parameters.get("times")));
  return new Response("done");
}

/** The real turn: the action, the page through the application, and the comparison with what the tab shows. */
async function runTurns(rowCount: number, times: number): Promise<void> {
  const caches = new CacheSource({}, console.error);
  const runtime = new AppRuntime<unknown>(app, new ReflexRegistry(reflexes), {
    log: console.error,
    isDevelopment: false,
    logsCalls: false,
    bucket: "UPLOADS",
    expiresInMs: 31_536_000_000,
    tabExpiresInMs: 86_400_000,
    caches,
  });
  const stored = new Map<string, unknown>();
  const url = new URL(`https://bench.example/table?rows=${rowCount}`);
  const element = ["button", { "data-id": String(rowCount >> 1) }] as const;
  // Pages are asked nothing else of their object than to wait for promises, and these leave none.
  const ctx = {} as DurableObjectState;
  const ports = runtime.turnPorts({ requestFor: () => request, env: {}, ctx });
  const request = new Request(url);
  const cache = caches.cacheFor(ctx);
  const services = { cache, structuresAt: (key: string) => runtime.structuresAt(ctx, key) };
  let shown: Shown | undefined;
  // The first turn has nothing to compare with, and is paid for by a request for no turns too.
  for (let done = 0; done <= times; done += 1) {
    const store = { read: (key: string) => structuredClone(stored.get(key)), keys: () => stored.keys() };
    const state = new TurnState({ id: "bench", store, services });
    const input = { callId: "", target: "Table#change", detail: { element }, url, state, env: {} };
    const end = await runTurn({ ...input, idempotencyKey: "" }, { state, shown }, ports);
    if (end.kind !== "done") throw new Error(`The turn was not done but ${end.kind}`, { cause: end });
    if (shown !== undefined && end.updates.length === 0) throw new Error("The turn changed nothing");
    for (const [key, value] of state.close().changes) stored.set(key, value);
    shown = end.shown;
  }
}

/** What any way has to do that renders: build the page's view, and write it as text. */
async function renderStrings(rowCount: number, times: number): Promise<void> {
  for (let done = 0; done <= times; done += 1) renderChanged(rowCount, done);
}

/** StimulusReflex's way on the server's side of things: render text, parse it, and find by nodes what differs. */
async function morphDocuments(rowCount: number, times: number): Promise<void> {
  // morphdom asks whether what its callbacks return is one; there is none where there is no browser.
  Reflect.set(globalThis, "HTMLElement", class {});
  let shown = renderChanged(rowCount, 0);
  for (let done = 1; done <= times; done += 1) {
    const wanted = renderChanged(rowCount, done);
    const [before, after] = [parse(shown), parse(wanted)];
    morphdom(before, after, { childrenOnly: true });
    if (done === 1 && before.textContent !== after.textContent) throw new Error("The morph did not arrive");
    shown = wanted;
  }
}

function renderChanged(rowCount: number, change: number): string {
  return renderPage(tablePage({ rowCount, changes: { [rowCount >> 1]: change } })).html;
}

function parse(page: string): ParsedBody {
  // linkedom's document has a body, and morphdom takes its nodes; their types say so only together with a browser's.
  const { document } = parseHTML(`<html><body>${page}</body></html>`) as unknown as {
    readonly document: { readonly body: ParsedBody };
  };
  return document.body;
}
