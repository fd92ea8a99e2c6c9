import { html, keyed, type Part, reflex } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv, Photo } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Wall } from "../reflexes/wall.ts";

/** A wall of the visitor's photos, and the photos. */
export const uploadPage = new Hono<PageEnv>()
  .get("/upload", (c) => {
    const { session, flash } = c.var;
    const stage = wall(session.get("photos") ?? [], flash.get("notice"));
    const view = demo({ intro: INTRO, stage, about: ABOUT, excerpts: EXCERPTS });
    return c.render(view, { title: "Photo wall", section: "/upload" });
  })
  .get("/upload/:number", async (c) => {
    // By its place on the visitor's own wall: nobody can ask for a photo of somebody else.
    const photo = c.var.session.get("photos")?.find(({ key }) => key.endsWith(`/${c.req.param("number")}`));
    const object = photo && (await c.env.UPLOADS.get(photo.key));
    if (!photo || !object) return c.notFound();
    const headers = {
      "Content-Type": photo.type,
      "X-Content-Type-Options": "nosniff",
      "Cache-Control": "private",
    };
    return c.body(object.body, 200, headers);
  });

const wall = (photos: readonly Photo[], notice: Part) => html`<div class="wall">
<form data-reflex="${reflex("submit", Wall, "hang")}" data-reflex-reset>
<label for="photos">Photos, up to four of 20 MB</label>
<input id="photos" type="file" name="photos" accept="image/png,image/jpeg,image/gif,image/webp" multiple
  data-reflex-upload data-reflex-progress="#progress">
<progress id="progress" aria-label="Uploaded" hidden></progress>
<p class="wall-buttons"><button id="hang" class="button" type="submit">Hang up</button>
<button class="button button-quiet" type="button" data-reflex-upload-cancel>Cancel</button></p>
</form>
<p id="notice" role="status">${notice}</p>
<ul id="wall" class="wall-photos">${keyed(
  photos,
  ({ key }) => key,
  ({ key, name, size }) => html`<li>
<img src="/upload/${key.split("/").at(-1)}" alt="${name}" loading="lazy">
<span>${name}, ${Math.ceil(size / 1000)} kB</span>
<button class="button button-quiet" type="button" aria-label="Take down ${name}" data-key="${key}" data-reflex="${reflex("click", Wall, "takeDown")}">Take down</button>
</li>`,
)}</ul>
</div>`;

const INTRO = html`<h1>Photo wall</h1>
<p class="lead">Choose some photos. Large ones go up in parts: cut the network in the middle, and they go on where they were.</p>`;

const ABOUT = html`<p>The files go past your session object into a bucket, and never wait in anybody’s memory. Before the first byte is sent the server is
asked: a file that is too large, or no picture, is refused without one.</p>
<p>When they are up, the form’s call is made, and its reflex finds them in <code>this.params.files("photos")</code>. What no reflex takes within a day
is removed.</p>
<p>The bar and the button that cancels need no script: they are attributes. The wall is yours alone: its pictures are served by a route of this page
that looks them up in your session.</p>`;

const EXCERPTS = [excerpt("reflexes/wall.ts", "Wall"), excerpt("pages/upload.ts", "wall")];
