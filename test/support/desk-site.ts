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

  tellTooMuch(): void {
    this.tell("done");
    this.payload.text = "x".repeat(8_000);
  }
}

/** A page for {@link Desk}. */
export const deskSite = new Hono<{
  Variables: PageVariables<Values, { note: string }>;
}>().get("/desk", (c) => {
  const { session, assigns } = c.var;
  if (session.get("isBroken")) throw new Error("a secret of the page");
  return c.render(
    html`<p id="count">${session.fetch("count", 0)}</p><p id="note">${assigns.note ?? "silence"}</p>`,
  );
});
