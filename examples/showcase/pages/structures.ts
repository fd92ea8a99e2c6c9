import { html, keyed, type Structures, type View } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { guestBook } from "../structures/guests.ts";
import { SHELF } from "../structures/shelf.ts";

/** One structure of each kind, and two that all visitors share. */
export const structuresPage = new Hono<PageEnv>().get("/structures", async (c) => {
  const { structures } = c.var;
  const guests = await guestBook(structures);
  const view = demo({
    intro: INTRO,
    stage: stage(structures, guests),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Structures", section: "/structures" });
});

const INTRO = html`<h1>Structures</h1>
<p class="lead">Counters, lists, sets, slots: typed, bounded, and kept where the session is. Open the page in a second tab, and in another browser.</p>`;

const ABOUT = html`<p>The tools belong to your session. A press changes one of them in the reflex's transaction: it is committed with everything else that the
reflex wrote, or not at all, and your other tabs show it at once. What has an end is gone when it is looked at after that.</p>
<p>The two below belong to a key, and have an object of their own that every visitor's reflexes ask. What is done to them is done at once, whatever becomes of
the reflex, as with a database; so ten visitors who press together count ten. Others see it with their next update: press “Look again”.</p>`;

const stage = (structures: Structures, guests: View) => html`<div class="shelf">
<section class="own" aria-labelledby="own-heading">
<h2 id="own-heading">In your session</h2>
<ul class="tools">${keyed(
  SHELF,
  ({ kind }) => kind,
  (tool) => tool.view(structures),
)}</ul>
</section>
${guests}
</div>`;

const EXCERPTS = [
  excerpt("structures/shelf.ts", "SHELF"),
  excerpt("structures/guests.ts", "guestsOf"),
  excerpt("reflexes/shelf.ts", "Shelf"),
];
