import { Hono } from "hono";
import { html, pages, Reflex } from "../../src/index.ts";

/** What the pages of all sessions show, by topic: as a database would keep it. */
export const shared = new Map<string, string>();

/** What `/rest` has rendered, in order: the name that the session goes by, and the tab's own mark. */
export const rests: string[] = [];

/** Holds renders up, or lets them fail, by the session's name. */
export const rendering: { wait?: Promise<void> | undefined; broken: Set<string> } = { broken: new Set() };

/** Whether `Talker#touchWhenTold` has begun, and may go on. */
export const talking = { hasBegun: false, isTold: false };

interface Values {
  name: string;
  topics: string;
  count: number;
}

/** Publishes in topics, in every way. */
export class Talker extends Reflex<Values> {
  static override readonly ephemeral = ["touchUnstored", "sayUnstored"];
  static override readonly concurrent = ["touchBeside"];

  call(name: string): void {
    this.session.set("name", name);
  }

  /** Writes what all sessions show, and says so. */
  touchTopic(topic: string, text = ""): void {
    shared.set(topic, text);
    this.touch(topic);
  }

  touchQuietly(topic: string, text = ""): void {
    this.touchTopic(topic, text);
    this.morph("nothing");
  }

  touchMany(topic: string, count: number): void {
    for (let at = 1; at <= count; at += 1) this.touch(topic, { changed: [`field ${at}`] });
  }

  touchThenFail(topic: string): void {
    this.touchTopic(topic, "failed");
    throw new Error("it failed");
  }

  touchUnstored(topic: string, text = ""): void {
    this.touchTopic(topic, text);
  }

  touchBeside(topic: string, text = ""): void {
    this.touchTopic(topic, text);
  }

  /** Says words that long, so often. */
  sayAtLength(topic: string, count: number, chars: number): void {
    this.say(topic, ...Array.from({ length: count }, (_, at) => `${at}`.padEnd(chars, ".")));
  }

  async touchWhenTold(topic: string): Promise<void> {
    talking.hasBegun = true;
    while (!talking.isTold) await scheduler.wait(1);
    this.touch(topic);
  }

  say(topic: string, ...words: readonly string[]): void {
    for (const word of words) this.cable.to(topic).setTitle({ title: word }).broadcast();
    this.morph("nothing");
  }

  sayUnstored(topic: string, ...words: readonly string[]): void {
    this.say(topic, ...words);
  }

  sayAround(topic: string, text: string): void {
    this.cable.to(topic).setTitle({ title: "before" }).broadcast();
    this.touchTopic(topic, text);
    this.cable.to(topic).setTitle({ title: "after" }).broadcast();
    this.morph("nothing");
  }

  follow(topics: string): void {
    this.session.set("topics", topics);
  }

  count(): void {
    this.session.set("count", (this.session.get("count") ?? 0) + 1);
  }

  sayAndLeave(topic: string): void {
    this.cable.to(topic).setTitle({ title: "bye" }).broadcast();
    this.session.reset();
  }

  enter(): void {
    this.session.regenerate();
  }

  remind(target: string, ...args: readonly string[]): void {
    this.later(target, { in: 0 }, ...args);
    this.morph("nothing");
  }

  _remember(topic: string, text: string): void {
    this.touchTopic(topic, text);
    this.cable.to(topic).setTitle({ title: text }).broadcast();
    this.morph("nothing");
  }
}

/** `/rest?on=a,b` rests on these topics, and on those that its session follows, and shows what there is of each. */
export const topicsSite = new Hono().use(pages<Values>());
topicsSite.get("/rest", async (c) => {
  const { session, subscribe } = c.var;
  const name = session.get("name") ?? "nobody";
  const topics = [c.req.query("on") ?? "", session.get("topics") ?? ""]
    .flatMap((list) => list.split(","))
    .filter((topic) => topic !== "");
  const texts = topics.map((topic) => shared.get(topic) ?? "nothing");
  subscribe(...topics);
  rests.push(`${name}${c.req.query("tab") ?? ""}`);
  if (rendering.broken.has(name)) throw new Error(`The page of ${name} is broken`);
  await rendering.wait;
  return c.render(html`<p id="name">${name}</p><p id="said">${texts.join(" ")}</p>`);
});
topicsSite.get("/rest/identifier", async (c) => {
  const session = c.req.query("bound") !== undefined;
  return c.text(await c.var.signTopic(c.req.query("on") ?? "", { session }));
});
topicsSite.get("/rest/opaque", (c) => {
  const topic = c.req.query("on") ?? "";
  c.var.subscribe(topic);
  return c.html(`<!doctype html><body><p id="said">${shared.get(topic) ?? "nothing"}</p></body>`);
});
topicsSite.post("/rest", (c) => {
  c.var.touch(c.req.query("on") ?? "");
  c.var
    .cable(c.req.query("on") ?? "")
    .setTitle({ title: "from a page" })
    .broadcast();
  return c.redirect("/rest");
});
