import { Hono } from "hono";
import { html, type PageVariables, Reflex } from "../../src/index.ts";

interface Values {
  count: number;
  name: string;
  pattern: RegExp;
}

/** Lets the action go on that waits last. */
export const gate: { open?: () => void } = {};

function opened(): Promise<void> {
  return new Promise((resolve) => {
    gate.open = resolve;
  });
}

/** Actions that change who the visitor is while others wait, or that cannot be stored. */
export class Gate extends Reflex<Values, Record<string, unknown>, Cloudflare.Env> {
  static override readonly ephemeral = ["look"];
  static override readonly concurrent = ["lookBeside"];

  /** As one that asks a database whether the password is right. */
  async logIn(): Promise<void> {
    await opened();
    this.session.set("name", "Ada");
    this.session.regenerate();
  }

  async logOut(): Promise<void> {
    await opened();
    this.session.reset();
  }

  async countWhenOpened(): Promise<void> {
    await opened();
    this.session.update("count", (count = 0) => count + 1);
  }

  /** What is read before the visitor has logged out. */
  async lookBeside(): Promise<void> {
    this.assigns.name = this.session.fetch("name", "nobody");
    await opened();
  }

  look(): void {}

  /** What only its holder may do. */
  rename(name: string): void {
    this.session.set("name", name);
  }

  /** Structured clone copies it, and it is larger than a row. */
  resetAndStore(chars: number): void {
    this.session.reset();
    this.session.set("pattern", new RegExp("x".repeat(chars)));
  }
}

type Env = { Bindings: Cloudflare.Env; Variables: PageVariables<Values, Record<string, unknown>> };

/** Pages whose handlers say what only the runtime may say, or change who the visitor is on a GET. */
export const identitySite = new Hono<Env>()
  .get("/log-out-link", (c) => {
    c.var.session.reset();
    c.var.session.set("name", "after");
    return c.render(html`<p id="id">${c.var.session.id}</p>`);
  })
  // As one that passes on what another server has answered.
  .get("/proxied", (c) => c.text("foreign", 200, { "Reflex-Identity": c.req.query("identity") ?? "" }));
