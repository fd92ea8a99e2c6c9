import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { CacheSource } from "../../src/app/cache-source.ts";
import { AppRuntime } from "../../src/app/session-runtime.ts";
import { html, pages, unsafeHtml } from "../../src/index.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { KeyRing } from "../../src/security/key-ring.ts";
import { SignedValues } from "../../src/security/signed-values.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { TurnState } from "../../src/state/turn-state.ts";
import { TopicIdentifiers } from "../../src/topics/topic-identifier.ts";

const signed = new SignedValues(() => new KeyRing("only-for-tests-0123456789-0123456789"), Date.now);
const identifiers = new TopicIdentifiers(signed, "id");

const app = new Hono().use(pages());
app.get("/stream", async (c) =>
  c.render(html`<p>${await c.var.streamFrom("room", { missing: "ignore" })}</p>`),
);
app.get("/bound", async (c) => c.render(html`<p>${await c.var.streamFrom("room", { session: true })}</p>`));
app.get("/signed", async (c) => c.render(html`<p>${await c.var.signTopic("room")}</p>`));
app.get("/plain", async (c) => c.render(html`${await c.var.updatesFor("things", {}, html`<b>1</b>`)}`));
app.get("/full", async (c) => {
  const only = ["name", "price"];
  const flags = { ignoreInnerUpdates: true, observeAppearance: true };
  const element = await c.var.updatesFor("things", { url: "/a?b&c", debounce: 0, only, ...flags }, "text");
  return c.render(html`<div>${element}</div>`);
});
app.get("/written", (c) => c.render(unsafeHtml(`<cable-ready-stream-from></cable-ready-stream-from>`)));
app.get("/none", (c) => c.render(html`<p>cable-ready-stream-from</p>`));
app.get("/wrong", async (c) => c.render(await c.var.streamFrom("no topic")));
app.onError((error, c) => c.text(error.message, 500));

/** The page, as a browser loads it. */
async function visit(path: string): Promise<string> {
  // Pages are asked nothing of their object here.
  const ctx = {} as DurableObjectState;
  const caches = new CacheSource({}, () => {});
  const runtime = new AppRuntime<unknown>(app, new ReflexRegistry({}), {
    log: () => {},
    isDevelopment: true,
    logsCalls: false,
    expiresInMs: SESSION_MS,
    tabExpiresInMs: SESSION_MS,
    caches,
    bucket: "UPLOADS",
  });
  const structuresAt = (key: string) => runtime.structuresAt(ctx, key);
  const services = { cache: caches.cacheFor(ctx), structuresAt, signed };
  const state = new TurnState({ id: "id", store: { read: () => undefined, keys: () => [] }, services });
  const request = new Request(`https://site.example${path}`);
  const { response } = await runtime.servePage({ request, state, visit: "0", env, ctx });
  return await response.text();
}

describe("elements that follow topics", () => {
  it("carry an identifier of the topic, and what they were told", async () => {
    const free = await identifiers.sign("room");
    expect(await visit("/stream")).toContain(
      `identifier="${free}" missing="ignore"></cable-ready-stream-from>`,
    );
    expect(await visit("/signed")).toContain(`>${free}</p>`);
    const bound = await identifiers.sign("room", { session: true });
    expect(await visit("/bound")).toContain(`identifier="${bound}"></cable-ready-stream-from>`);
  });

  it("have their content in them, as an element that updates can name", async () => {
    const identifier = await identifiers.sign("things");
    expect(await visit("/plain")).toMatch(
      new RegExp(
        `<cable-ready-updates-for data-r="[^"]+" identifier="${identifier}"><b[^>]*>1</b></cable-ready-updates-for>`,
      ),
    );
    const attributes =
      `identifier="${identifier}" url="/a?b&amp;c" debounce="0" only="name price" ` +
      `ignore-inner-updates="" observe-appearance=""`;
    expect(await visit("/full")).toContain(`${attributes}>text</cable-ready-updates-for>`);
  });

  it("are defined by a file of the client that only pages with such an element load", async () => {
    const file = /<script type="module" src="\/_reflex\/elements\.js\?v=[\w-]{12}"><\/script><\/head>/;
    for (const path of ["/stream", "/plain", "/written"]) expect(await visit(path)).toMatch(file);
    expect(await visit("/none")).not.toContain("elements.js");
  });

  it("are refused for what is no topic", async () => {
    expect(await visit("/wrong")).toContain('A topic cannot be called "no topic"');
  });
});
