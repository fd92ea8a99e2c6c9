import { html, type View } from "edge-reflex";
import type { Excerpt } from "./excerpt.ts";

/** A page of the showcase: the demo itself, and what there is to say and to read about it. */
interface Demo {
  /** Heading and lead; absent when the demo brings its own heading. */
  readonly intro?: View;
  readonly stage: View;
  /** Whether the demo takes the whole width, and its explanation comes below; absent when it stands beside. */
  readonly isWide?: boolean;
  /** What happens, in a few paragraphs. */
  readonly about: View;
  readonly excerpts: readonly Excerpt[];
}

/** Puts a demo beside its explanation, or above it. */
export function demo({ intro, stage, isWide = false, about, excerpts }: Demo): View {
  return html`<article class="${["demo", isWide && "demo-wide"]}">
${intro && html`<header class="intro">${intro}</header>`}
<section class="stage" aria-label="Demo">${stage}</section>
<section class="about" aria-labelledby="about-heading"><h2 id="about-heading">What happens</h2>${about}</section>
<section class="source" aria-labelledby="source-heading">
<h2 id="source-heading">What makes it work</h2>
<div class="excerpts">${excerpts.map(figure)}</div>
</section>
</article>`;
}

/** Source in a box that scrolls sideways, by keyboard too: hence the tab stop and the name. */
export function figure({ file, text }: Excerpt): View {
  return html`<figure class="excerpt">
<figcaption>${file}</figcaption>
<pre tabindex="0" role="region" aria-label="Source: ${file}"><code>${text}</code></pre>
</figure>`;
}
