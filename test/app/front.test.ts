import { env, exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Front } from "../../src/app/front.ts";
import { SESSION_MS } from "../../src/session/lifetime.ts";
import { newCookie, ORIGIN, visit } from "../support/tab.ts";

/** Fails the test that reaches an object although it must not. */
const NO_SESSIONS = () => {
  throw new Error("A session object was touched");
};

function frontAt(now: number): Front {
  return new Front(
    { allowedOrigins: [], expiresInMs: SESSION_MS, bucket: "UPLOADS" },
    () => now,
    () => {},
  );
}

describe("a page request", () => {
  it("gives a new visitor a signed cookie that scripts, other sites and http cannot see", async () => {
    const cookie = (await visit("/")).headers.get("Set-Cookie");
    expect(cookie).toMatch(
      /^__Host-reflex=v1\.[\w-]{22}\.\d+\.[\w-]{43}; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure$/,
    );
  });

  it("names the cookie plainly on http, where browsers refuse __Host-", async () => {
    const response = await exports.default.fetch(new Request("http://localhost:8787/"));
    expect(response.headers.get("Set-Cookie")).toMatch(
      /^reflex=v1\.\S+; Path=\/; Max-Age=31536000; HttpOnly; SameSite=Lax$/,
    );
  });

  it("leads the same visitor to the same session, and another one to another", async () => {
    const cookie = await newCookie();
    const id = async (header: string) => await (await visit("/id", { headers: { Cookie: header } })).text();
    expect(await id(cookie)).toBe(await id(cookie));
    expect(await id(cookie)).not.toBe(await id(await newCookie()));
  });

  it("names the session by a hash and not by what the cookie holds", async () => {
    const cookie = await newCookie();
    const name = await (await visit("/id", { headers: { Cookie: cookie } })).text();
    expect(cookie).not.toContain(name);
    expect(name).toMatch(/^[\w-]{43}$/);
  });

  it("sends no cookie again on the same day, and a new one after it", async () => {
    const cookie = await newCookie();
    const request = () => new Request(`${ORIGIN}/`, { headers: { Cookie: cookie } });
    const sessions = () => ({ getByName: () => exports.SessionObject.getByName("someone") });
    const answerAfter = async (seconds: number) =>
      await frontAt(Date.now() + seconds * 1000).answer(request(), { env, sessions });
    expect((await answerAfter(86_000)).headers.get("Set-Cookie")).toBeNull();
    expect((await answerAfter(90_000)).headers.get("Set-Cookie")).toContain(cookie.split(".")[1] ?? "the id");
    expect((await answerAfter(366 * 86_400)).headers.get("Set-Cookie")).not.toContain(
      cookie.split(".")[1] ?? "the id",
    );
  });

  it("asks of an object what objects of any build answer: the browser's own request, as it came", async () => {
    const cookie = await newCookie();
    const socket = {
      Upgrade: "websocket",
      Origin: ORIGIN,
      "Sec-WebSocket-Protocol": "reflex.v1",
      Cookie: cookie,
    };
    const requests = [
      new Request(`${ORIGIN}/page?a=b`, { headers: { Cookie: cookie } }),
      new Request(`${ORIGIN}/_reflex/socket`, { headers: socket }),
    ];
    const asked: unknown[] = [];
    const getByName = () => ({
      fetch: (...request: unknown[]) => {
        asked.push(...request);
        return Promise.resolve(new Response("from an object of an earlier build"));
      },
    });
    // Of all that a namespace has, this is what the front uses.
    const sessions = () => ({ getByName }) as never;
    for (const request of requests) await frontAt(Date.now()).answer(request, { env, sessions });
    expect(asked).toHaveLength(2);
    expect(asked.every((request, index) => request === requests[index])).toBe(true);
  });

  it("commits what a form handler wrote", async () => {
    const cookie = await newCookie();
    expect((await visit("/add", { method: "POST", headers: { Cookie: cookie } })).status).toBe(302);
    expect(await (await visit("/", { headers: { Cookie: cookie } })).text()).toContain(
      '<p id="count">10</p>',
    );
  });

  it("lets no cache keep a response that carries a new visitor's cookie", async () => {
    expect((await visit("/cached")).headers.get("Cache-Control")).toBe("private, no-store");
    const again = await visit("/cached", { headers: { Cookie: await newCookie() } });
    expect(again.headers.get("Cache-Control")).toBe("public, max-age=60");
  });

  it("loads the client in its head", async () => {
    expect(await (await visit("/")).text()).toMatch(
      /<script type="module" src="\/_reflex\/client\.js\?v=[\w-]{12}"><\/script>/,
    );
  });
});

describe("the client's files", () => {
  it("are served without touching an object", async () => {
    for (const path of ["/_reflex/client.js", "/_reflex/stimulus.js"]) {
      const response = await frontAt(0).answer(new Request(ORIGIN + path), {
        env: {},
        sessions: NO_SESSIONS,
      });
      expect(response.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
      expect(response.status).toBe(200);
    }
  });

  it("are one module however a page names them", async () => {
    const page = await (await visit("/")).text();
    const [path = ""] = /\/_reflex\/client\.js\?v=[\w-]+/.exec(page) ?? [];
    const passedOn = `export * from "./${path.slice("/_reflex/".length)}";\n`;
    expect(await (await visit("/_reflex/client.js")).text()).toBe(passedOn);
    expect(await (await visit("/_reflex/client.js?v=of-an-earlier-deploy")).text()).toBe(passedOn);
    expect((await (await visit(path)).text()).length).toBeGreaterThan(5_000);
  });

  it("are kept for good under their version, and asked for again without it", async () => {
    const page = await (await visit("/")).text();
    const [path = ""] = /\/_reflex\/client\.js\?v=[\w-]+/.exec(page) ?? [];
    expect((await visit(path)).headers.get("Cache-Control")).toContain("immutable");
    const plain = await visit("/_reflex/client.js");
    expect(plain.headers.get("Cache-Control")).toBe("public, no-cache");
    const again = await visit("/_reflex/client.js", {
      headers: { "If-None-Match": plain.headers.get("ETag") ?? "" },
    });
    expect(again.status).toBe(304);
  });

  it("share their directory with nothing of the application's", async () => {
    expect(
      (await frontAt(0).answer(new Request(`${ORIGIN}/_reflex/constructor`), { env, sessions: NO_SESSIONS }))
        .status,
    ).toBe(404);
  });
});

describe("a Worker without keys", () => {
  const problems = [
    ["none", undefined, "is not set"],
    ["an empty one", " , ", "is not set"],
    ["a short one", "short", "fewer than 32 characters"],
  ] as const;

  it.each(problems)("answers every page with a sentence that says what to run: %s", async (...problem) => {
    const [, secret, what] = problem;
    const logged: Error[] = [];
    const front = new Front(
      { allowedOrigins: [], expiresInMs: SESSION_MS, bucket: "UPLOADS" },
      Date.now,
      (error) => logged.push(error),
    );
    const answer = await front.answer(new Request(ORIGIN), {
      env: { REFLEX_KEYS: secret },
      sessions: NO_SESSIONS,
    });
    const text = await answer.text();
    expect(answer.status).toBe(500);
    expect(text).toContain(what);
    expect(text).toContain("npx wrangler secret put REFLEX_KEYS");
    expect(logged.map((error) => error.message)).toEqual([text]);
  });
});
