import { Hono } from "hono";
import { html, type PresenceList, pages, Reflex } from "../../src/index.ts";

interface Values {
  name: string;
}

interface TabValues {
  typing: boolean;
}

/** What pages tell of their visitors. */
export interface Guest {
  readonly name: string;
  readonly typing: boolean;
}

/** Whoever is present on pages, as their own pages tell. */
export class Visitor extends Reflex<Values, object, Cloudflare.Env, TabValues> {
  name(name: string): void {
    this.session.set("name", name);
  }

  nameQuietly(name: string): void {
    this.session.set("name", name);
    this.morph("nothing");
  }

  type(typing: boolean): void {
    this.tab.set("typing", typing);
  }

  /** Tells its caller who is present, without a word to the page. */
  async look(topic: string): Promise<void> {
    this.payload.here = textOf(await this.presence<Guest>(topic));
    this.morph("nothing");
  }

  logOut(): void {
    this.session.reset();
  }
}

/** What pages have shown, in order: whose, which kind of page, and who was present. */
export const shownHere: { readonly name: string; readonly path: string; readonly here: string }[] = [];

/** Those who are present, by their names: `ada*` types, `ada+2` has two tabs, `(ada)` looks. */
function textOf(here: PresenceList<Guest>): string {
  const texts = here.map(({ meta, tabs, isSelf }) => {
    const text = `${meta.name}${meta.typing ? "*" : ""}${tabs === 1 ? "" : `+${tabs}`}`;
    return isSelf ? `(${text})` : text;
  });
  return `${texts.join()}|${here.count}`;
}

/** `/here?in=topic` is present, `/look` looks on, `/rests` only subscribes; `chars=` tells so many characters and no name. */
export const presenceSite = new Hono().use(pages<Values, object, TabValues>());
presenceSite.get("/here", async (c) => {
  const { session, tab, presence } = c.var;
  const name = session.get("name") ?? "nobody";
  const told = c.req.query("chars");
  const meta = told === undefined ? { name, typing: tab.get("typing") ?? false } : "x".repeat(Number(told));
  const here = textOf(await presence<Guest>(c.req.query("in") ?? "", meta as Guest));
  shownHere.push({ name, path: "here", here });
  return c.render(html`<p id="here">${here}</p>`);
});
presenceSite.get("/look", async (c) => {
  const name = c.var.session.get("name") ?? "nobody";
  const here = textOf(await c.var.presence<Guest>(c.req.query("in") ?? ""));
  shownHere.push({ name, path: "look", here });
  return c.render(html`<p id="here">${here}</p>`);
});
presenceSite.get("/rests", (c) => {
  const name = c.var.session.get("name") ?? "nobody";
  c.var.subscribe(c.req.query("in") ?? "");
  shownHere.push({ name, path: "rests", here: "" });
  return c.render(html`<p id="here">${name}</p>`);
});
