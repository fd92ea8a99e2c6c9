import { Hono } from "hono";
import type { LogEntry } from "../../durable-objects/session-runtime.ts";
import { createReflex, html, keyed, pages, Reflex } from "../../src/index.ts";
import { Album, albumSite, Profile } from "./album-site.ts";
import { Cabled } from "./cabled.ts";
import { Desk, deskSite } from "./desk-site.ts";
import { Gate, identitySite } from "./identity-site.ts";
import { presenceSite, Visitor } from "./presence-site.ts";
import { Boarder, regionSite, regions } from "./region-site.ts";
import { Shelf, shelfSite } from "./shelf-site.ts";
import { Shop, shopPage } from "./shop.ts";
import { Account, stateSite } from "./state-site.ts";
import { Hasty, Timed, timedPages } from "./timed.ts";
import { Talker, topicsSite } from "./topics-site.ts";

/** Every path that was rendered, in order. */
export const renders: string[] = [];

/** Lets `Probe#addWhenTold` go on. */
export const told: { go?: () => void } = {};

/** What is computed for all: by which sessions, in the order in which they began, and whether a test lets them end. */
export const computing = {
  sessions: [] as string[],
  isDone: false,
  begin() {
    this.sessions = [];
    this.isDone = false;
  },
};

/** The idempotency keys of the calls of `Probe#key`, in order. */
export const keys: string[] = [];

/** Every failure that the application's log was told, and what actions wrote into it, in order. */
export const logged: LogEntry[] = [];

/** The lines of the calls that were answered, in order. */
export const answered: LogEntry[] = [];

interface Values {
  count: number;
  name: string;
}

interface Assigns {
  greeting: string;
}

/** What `Probe#add` and the like may be called by; and everything a hostile browser must not reach. */
abstract class ApplicationReflex extends Reflex<Values, Assigns, Cloudflare.Env> {
  /** Declared by the application, so an action of every class below. */
  greet(): void {
    this.assigns.greeting = `hello ${this.element.dataset.name ?? "nobody"}`;
  }
}

class Probe extends ApplicationReflex {
  static override readonly ephemeral = ["greet", "peek", "peekAndWrite", "countForAll", "computeForAll"];
  static override readonly concurrent = ["overtake"];

  add(step = 1): void {
    this.session.set("count", (this.session.get("count") ?? 0) + step);
  }

  /** Two turns that interleaved would lose one of two additions. */
  async addSlowly(): Promise<void> {
    const count = this.session.get("count") ?? 0;
    await scheduler.wait(5);
    this.session.set("count", count + 1);
  }

  async addThenThrow(): Promise<void> {
    for (let time = 0; time < 10; time += 1) this.session.set("count", 1000 + time);
    await scheduler.wait(1);
    throw new Error("a secret of the server");
  }

  addThenBreakThePage(): void {
    this.session.set("count", 5000);
    this.session.set("name", "break the page");
  }

  /** Goes on when a test says so. */
  async addWhenTold(): Promise<void> {
    await new Promise<void>((resolve) => {
      told.go = resolve;
    });
    this.session.set("count", 9000);
  }

  /** Declared as one that only reads. */
  peek(): void {
    this.assigns.greeting = `seen ${this.session.get("count") ?? 0}`;
  }

  /** Declared as one that only reads, and does not. */
  peekAndWrite(): void {
    this.session.set("count", 1);
  }

  /** Declared as one that need not wait. Goes on when a test says so. */
  async overtake(): Promise<void> {
    await new Promise<void>((resolve) => {
      told.go = resolve;
    });
    this.assigns.greeting = `overtaken ${this.session.get("count") ?? 0}`;
  }

  haltAfterAdding(): void {
    this.add();
    this.halt();
  }

  /** Writes no row of the session's: the cache is no part of it. */
  async countForAll(): Promise<void> {
    await this.cache.increment("clicks");
    this.morph("nothing");
  }

  async countForAllThenThrow(): Promise<void> {
    await this.cache.increment("clicks");
    throw new Error("a secret of the server");
  }

  /** Computes when a test says so, with what that call of a session got. */
  async computeForAll(key: string, timeout: number): Promise<void> {
    this.assigns.greeting = await this.cache.fetch(key, { timeout }, async () => {
      computing.sessions.push(this.session.id);
      // Asks, and is not told: what a test resolves would go on in the test's context, not in this object's.
      while (!computing.isDone) await scheduler.wait(1);
      return `computed by ${this.session.id}`;
    });
  }

  forbidWhateverHappens(): void {
    try {
      this.forbid();
    } catch {
      this.add();
    }
  }

  /** What a call tells other systems of itself. */
  async key(): Promise<void> {
    keys.push(this.idempotencyKey);
    this.add();
  }

  storeFunction(): void {
    this.session.set("count", (() => 1) as unknown as number);
  }

  say(...words: readonly string[]): void {
    this.morph("#said", html`<b>${words.join(" ")}</b>`);
    this.session.set("name", words.join(" "));
  }

  sayAndStep(word: string): void {
    this.say(word);
    this.tab.set("step", word);
  }

  step(word: string): void {
    this.tab.set("step", word);
  }

  sayAndDress(word: string): void {
    this.say(word);
    this.cookies.set("theme", word);
  }

  name(name: string): void {
    this.session.set("name", name);
  }

  nameQuietly(name: string): void {
    this.session.set("name", name);
    this.morph("nothing");
  }

  addAndGreet(greeting: string): void {
    this.add();
    this.assigns.greeting = greeting;
  }

  greetWithFunction(): void {
    this.assigns.greeting = "hello";
    Reflect.set(this.assigns, "callback", () => 1);
  }

  whisper(): void {
    this.morph("nothing");
  }

  leave(): void {
    this.session.set("name", "leave");
  }

  _helper(): void {
    this.session.set("count", -1);
  }

  #audit(): number {
    return this.args.length;
  }

  get audited(): number {
    this.session.set("count", -2);
    return this.#audit();
  }
}

class Guarded extends ApplicationReflex {
  static override readonly actions = ["open"];

  open(): void {
    this.close();
  }

  close(): void {
    this.session.set("name", "closed");
  }
}

const app = new Hono<{ Bindings: Cloudflare.Env }>().use(pages<Values, Assigns>());
app.use(async (c, next) => {
  renders.push(c.req.path);
  await next();
});
app.get("/go", (c) => c.redirect(c.req.query("to") ?? "/"));
app.get("/cached", (c) => c.text("for all", 200, { "Cache-Control": "public, max-age=60" }));
app.get("/opaque", (c) =>
  c.html("<!doctype html><title>Opaque &amp; plain</title><body><p>plain</p></body>"),
);
app.get("/", (c) => {
  const { session, assigns, reflex } = c.var;
  if (session.get("name") === "break the page") throw new Error("a secret of the page");
  if (session.get("name") === "leave") return c.redirect("/elsewhere?x=1");
  assigns.greeting ??= "no greeting";
  const count = session.get("count") ?? 0;
  return c.render(
    html`<p id="count">${count}</p><p id="greeting">${assigns.greeting}</p><p id="cause">${reflex?.target}</p>`,
    { title: `Count <${count}>` },
  );
});
app.get("/throws", (c) => {
  c.var.session.set("count", 777);
  throw new Error("a secret of the page");
});
app.get("/headers", (c) =>
  c.render(html`<p>${c.req.header("accept-language")}|${c.req.header("cookie")}</p>`),
);
app.get("/counts-loads", (c) => {
  const { session, reflex } = c.var;
  if (reflex === undefined) session.set("count", (session.get("count") ?? 0) + 1);
  return c.render(html`<div><b>${session.get("name")}</b><p>${session.get("count")} loads</p></div>`);
});
app.get("/flash", (c) => {
  const name = c.var.session.get("name");
  c.var.session.delete("name");
  return c.render(html`<p>${name ?? "nothing"}</p>`);
});
app.get("/slow", async (c) => {
  await scheduler.wait(20);
  return c.render(html`<p>${c.var.session.get("count")}</p>`);
});
app.get("/random", (c) => c.render(html`<b>${crypto.randomUUID()}</b>`));
app.get("/static", (c) => c.render(html`<b>always the same</b>`));
app.get("/list", (c) =>
  c.render(
    html`<ul>${keyed(
      c.var.session.get("name") ?? "ab",
      (letter) => letter,
      (letter) => html`<li>${letter} ${c.var.session.get("count") ?? 0}</li>`,
    )}</ul>`,
  ),
);
app.get("/clicks", async (c) => {
  const clicks = await c.var.cache.fetch("clicks", () => 0);
  return c.render(html`<p id="clicks">${clicks}</p>`);
});
app.get("/id", (c) => c.text(c.var.session.id));
app.post("/add", (c) => {
  c.var.session.set("count", (c.var.session.get("count") ?? 0) + 10);
  return c.redirect("/");
});

app.route("/", stateSite);
app.route("/", identitySite);
app.route("/", shopPage);
app.route("/", shelfSite);
app.route("/", deskSite);
app.route("/", albumSite);
app.route("/", topicsSite);
app.route("/", regionSite);
app.route("/", presenceSite);

timedPages(app);

// Expected failures belong into `logged`, not between the lines of the test report.
app.onError((_, c) => c.text("Internal Server Error", 500));

const reflex = createReflex<Cloudflare.Env>({
  app,
  regions,
  reflexes: {
    Boarder,
    Probe,
    Guarded,
    Account,
    Gate,
    Shop,
    Timed,
    Hasty,
    Shelf,
    Desk,
    Album,
    Profile,
    Cabled,
    Talker,
    Visitor,
  },
  log: (entry) => (entry.event === "reflex" ? answered : logged).push(entry),
  logCalls: true,
  cache: { bytes: 1_000_000 },
});
export const { SessionObject, CacheObject, StructuresObject, TopicObject } = reflex;
export default reflex;
