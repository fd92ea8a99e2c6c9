import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { CacheSource } from "../../src/app/cache-source.ts";
import { AppRuntime } from "../../src/app/session-runtime.ts";
import { html, keyed, pages } from "../../src/index.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { TurnState } from "../../src/state/turn-state.ts";

const app = new Hono().use(pages());
app.get("/", (c) => c.render(html`<ul>${keyed([1, 1], String, (n) => html`<li>${n}</li>`)}</ul>`));
app.onError((_, c) => c.text("failed", 500));

async function visit(isDevelopment: boolean) {
  // Pages are asked nothing of their object here.
  const ctx = {} as DurableObjectState;
  const caches = new CacheSource({}, () => {});
  const runtime = new AppRuntime<unknown>(app, new ReflexRegistry({}), {
    log: () => {},
    isDevelopment,
    logsCalls: false,
    expiresInMs: SESSION_MS,
    tabExpiresInMs: SESSION_MS,
    caches,
    bucket: "UPLOADS",
  });
  const state = new TurnState({
    id: "id",
    store: { read: () => undefined, keys: () => [] },
    services: { cache: caches.cacheFor(ctx), structuresAt: (key) => runtime.structuresAt(ctx, key) },
  });
  const request = new Request("https://site.example/");
  const { response, failure } = await runtime.servePage({
    request,
    state,
    visit: "0",
    env,
    ctx,
  });
  return { status: response.status, text: await response.text(), failure };
}

describe("two items of a list with one key", () => {
  it("are an error that names list and key while the application is developed", async () => {
    const { status, failure } = await visit(true);
    expect(status).toBe(500);
    expect(String(failure)).toContain('two items of its list have the key "1"');
  });

  it("are shown both where it is deployed", async () => {
    const { status, text, failure } = await visit(false);
    expect([status, failure]).toEqual([200, undefined]);
    expect(text).toMatch(/<li[^>]*>1<\/li><li[^>]*>1<\/li>/);
  });
});
