import { Hono } from "hono";
import { html, type PageVariables, Reflex } from "../../src/index.ts";

interface Values {
  count: number;
  name: string;
}

interface TabValues {
  step: number;
}

type Assigns = Record<string, unknown>;

/** Everything that a turn can write besides plain values. */
export class Account extends Reflex<Values, Assigns, Cloudflare.Env, TabValues> {
  static override readonly ephemeral = ["peek", "peekAndFlash"];

  logIn(name: string): void {
    this.session.set("name", name);
    this.session.regenerate();
    this.flash.set("notice", `Hello ${name}`);
  }

  logOut(): void {
    this.session.reset();
    this.flash.set("notice", "Bye");
  }

  logOutAndAssign(): void {
    this.logOut();
    this.assigns.farewell = "See you";
  }

  /** What is written before a reset goes, and what is written after belongs to the next session. */
  logOutAndCount(count: number): void {
    this.session.set("name", "before");
    this.session.reset();
    this.session.set("count", count);
    this.tab.set("step", count);
  }

  logInThenThrow(): void {
    this.logIn("nobody");
    this.cookies.set("theme", "dark");
    this.tab.set("step", 99);
    throw new Error("a secret of the server");
  }

  dress(theme: string, isReadable = false): void {
    this.cookies.set("theme", theme, isReadable ? { httpOnly: false } : {});
  }

  undress(): void {
    this.cookies.delete("theme");
  }

  takeName(name: string): void {
    this.cookies.set(name, "mine");
  }

  step(step: number): void {
    this.tab.set("step", step);
  }

  stepBack(): void {
    this.tab.clear();
  }

  say(message: string): void {
    this.flash.set("notice", message);
  }

  /** The page that it goes to shows what is said here. */
  sayAndLeave(message: string): void {
    this.flash.set("notice", message);
    this.session.set("name", "leave");
  }

  nameNobody(): void {
    this.session.delete("name");
  }

  count(): void {
    this.session.update("count", (count = 0) => count + 1);
  }

  /** Two turns that interleaved would lose one of two additions. */
  async countSlowly(): Promise<void> {
    const count = this.session.fetch("count", 0);
    await scheduler.wait(0);
    this.session.set("count", count + 1);
  }

  clear(): void {
    this.session.clear();
  }

  /** Counts, and then stores so many characters under a key of so many. */
  countAndStore(keyChars: number, chars: number): void {
    this.count();
    // No key of the type, as one that is made up at run time.
    this.session.set("k".repeat(keyChars) as "name", "x".repeat(chars));
  }

  /** Does not want to be remembered. */
  forget(milliseconds: number): void {
    this.session.expireAfter(milliseconds);
  }

  peek(): void {}

  peekAndFlash(): void {
    this.flash.set("notice", "never");
  }
}

type StateEnv = { Bindings: Cloudflare.Env; Variables: PageVariables<Values, Assigns, TabValues> };

/** Pages that show and write what {@link Account} does. */
export const stateSite = new Hono<StateEnv>()
  .get("/state", (c) => {
    const { session, tab, flash, cookies, urls } = c.var;
    if (session.get("name") === "leave") {
      session.delete("name");
      return c.redirect("/state?moved=1");
    }
    return c.render(html`<p id="name">${session.fetch("name", "nobody")}</p><p id="count">${session.fetch("count", 0)}</p>
<p id="step">${tab.fetch("step", 1)}</p><p id="notice">${flash.get("notice") ?? "silence"}</p>
<p id="farewell">${String(c.var.assigns.farewell ?? "")}</p><p id="theme">${cookies.get("theme") ?? "plain"}</p><p id="id">${session.id}</p><p id="url">${urls.absolute("/x", { a: 1 })}</p>`);
  })
  .post("/count-slowly", async (c) => {
    const count = c.var.session.fetch("count", 0);
    await scheduler.wait(0);
    c.var.session.set("count", count + 1);
    return c.text(String(count + 1));
  })
  .post("/log-in", (c) => {
    c.var.session.set("name", "Ada");
    c.var.session.regenerate();
    c.var.flash.set("notice", "Hello Ada");
    c.var.cookies.set("theme", "light");
    return c.redirect("/state", 303);
  })
  .post("/log-out", (c) => {
    c.var.session.reset();
    c.var.flash.set("notice", "Bye");
    return c.redirect("/state", 303);
  })
  .get("/wizard", (c) => {
    // As a page that counts its own loads by the tab.
    if (c.var.reflex === undefined) c.var.tab.update("step", (step = 0) => step + 1);
    return c.render(html`<p id="step">${c.var.tab.get("step")}</p>`);
  })
  .get("/ten-writes", (c) => {
    for (let time = 0; time < 10; time += 1) c.var.session.set("count", 1000 + time);
    c.var.tab.set("step", 1000);
    c.var.flash.set("notice", "never");
    c.var.cookies.set("theme", "never");
    c.var.session.regenerate();
    throw new Error("a secret of the page");
  });
