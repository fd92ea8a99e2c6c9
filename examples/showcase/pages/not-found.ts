import { html } from "edge-reflex";
import type { Context } from "hono";
import type { PageEnv } from "../environment.ts";

/** The page for addresses that there are no pages for. */
export function answerNotFound(c: Context<PageEnv>): Response | Promise<Response> {
  c.status(404);
  return c.render(view, { title: "Not found" });
}

const view = html`<div class="intro">
<h1>Not found</h1>
<p class="lead">There is no page at this address. <a href="/">Back to the start</a></p>
</div>`;
