import { Hono } from "hono";
import { html, type PageVariables, Reflex } from "../../src/index.ts";

interface Values {
  count: number;
  isBroken: boolean;
}

/** What a class of reflexes may do beside writing the session. */
export class Desk extends Reflex<Values, { note: string }> {
  static override readonly ephemeral = ["peek"];

  /** Hands the count to its caller, and then ends as it is told to. */
  tell(end: string): void {
    this.session.update("count", (count = 0) => count + 1);
    this.payload.count = this.session.get("count");
    if (end === "nothing") this.morph("nothing");
    if (end === "selectors") this.morph("#note", html`<b>told</b>`);
    if (end === "halted") this.halt();
    if (end === "forbidden") this.forbid();
    if (end === "reflex-failed") throw new Error("a secret of the server");
    if (end === "page-failed") this.session.set("isBroken", true);
  }

  peek(): void {
    this.payload = { count: this.session.get("count") ?? 0 };
  }

  /** Renders the page as for somebody else's browser. */
  disguise(language: string | null): void {
    if (language === null) this.headers.delete("Accept-Language");
    else this.headers.set("Accept-Language", language);
    this.headers.set("X-Desk", `${this.action} of ${this.target}`);
  }

  /** Renders another page into the tab. */
  show(url: string): void {
    this.session.update("count", (count = 0) => count + 1);
    this.morph("page", { url });
  }

  /** The same, of the address of its own page with another path. */
  showNext(path: string): void {
    this.url.pathname = path;
    this.morph("page", { url: this.url });
  }

  /** The same, with more for it than can be kept. */
  showWith(url: string, chars: number): void {
    this.assigns.note = "x".repeat(chars);
    this.show(url);
  }

  count(): void {
    this.session.update("count", (count = 0) => count + 1);
  }

  /** Says what it knows of its browser. */
  ask(): void {
    const { request, tabId, id } = this;
    const language = this.headers.get("Accept-Language");
    this.payload = { url: request.url, agent: request.headers.get("User-Agent"), language, tabId, id };
    this.morph("nothing");
  }

  /** Takes back what the page has signed for the purpose. */
  async open(purpose: string): Promise<void> {
    this.payload = { drawer: (await this.element.signed<number>("drawer", { purpose })) ?? "none" };
    this.morph("nothing");
  }

  /** Signs what the page of this action shows. */
  async seal(): Promise<void> {
    this.morph({ "#note": await this.sign(7, { purpose: "open" }), "#gone": null });
  }

  /** Tells what its form says. */
  register(): void {
    const user = this.params.require("user").permit("name", { roles: [] });
    this.payload = { ...user, page: this.params.get("page") };
    this.morph("nothing");
  }

  write(secret: string): void {
    this.logger.warn("written", { chars: secret.length });
    this.morph("nothing");
  }

  tellTooMuch(): void {
    this.tell("done");
    this.payload.text = "x".repeat(8_000);
  }
}

/** A page for {@link Desk}. */
export const deskSite = new Hono<{
  Variables: PageVariables<Values, { note: string }>;
}>()
  .get("/desk", (c) => {
    const { session, assigns } = c.var;
    if (session.get("isBroken")) throw new Error("a secret of the page");
    const language = c.req.header("Accept-Language");
    return c.render(
      html`<p id="count">${session.fetch("count", 0)}</p><p id="note">${assigns.note ?? "silence"}</p>
<p id="header">${language ?? "none"} ${c.req.header("X-Desk")}</p>`,
    );
  })
  .get("/drawer", (c) =>
    c.render(html`<p id="drawer">${c.req.query("of")} ${c.var.session.fetch("count", 0)}</p>`),
  )
  .get("/sealed", async (c) => c.text(await c.var.sign(45, { purpose: "open" })))
  .get("/locked", (c) => c.redirect("/desk?from=locked"));
