import fc from "fast-check";
import { ForeignNodes } from "../../../client/foreign-nodes.ts";
import { morphContent } from "../../../client/morph.ts";
import { Patcher } from "../../../client/patch.ts";
import { type RegionNews, type RegionTab, SessionRegions } from "../../../durable-objects/session-regions.ts";
import { isAsWritten } from "../../../src/diff/as-written.ts";
import { diffPages } from "../../../src/diff/diff.ts";
import { Digest } from "../../../src/diff/digest.ts";
import type { FragmentPatch } from "../../../src/protocol/patch.ts";
import { regionsIn } from "../../../src/render/find-regions.ts";
import { Region } from "../../../src/render/region.ts";
import { renderPage } from "../../../src/render/render.ts";
import { html, keyed, type Part, type View } from "../../../src/render/view.ts";
import type { TemplateNews } from "../../../src/render/wire.ts";
import { RegionRoot } from "../../../src/topics/region-root.ts";
import { checkedView } from "../../../src/topics/region-view.ts";
import type { Item } from "../../../src/topics/topic-messages.ts";
import { block, leaf } from "./pages.ts";

// Runs in Chromium; test/browser/region-laws.test.ts bundles it and calls what it leaves in `window`.

const NAME = "region:1";

/** One for all runs: each has an observer of its own, which nobody stops. */
const foreign = new ForeignNodes(document);

type Around = (region: Part) => View;

/** Pages that show the region somewhere, and some that do not. */
const around: fc.Arbitrary<Around> = fc
  .tuple(fc.nat(7), leaf, fc.oneof(leaf, block))
  .map(([shape, a, b]) => {
    const content = (region: Part): Part =>
      [
        html`<section>${region}</section>`,
        html`<div>${a} <b>of</b> ${region}</div>`,
        html`<div><h2>${a}</h2>${region}<hr>${b}</div>`,
        html`<ul>${keyed([1, 2], String, (key) => html`<li>${key === 1 ? region : a}</li>`)}</ul>`,
        html`<ul>${keyed([2, 1], String, (key) => html`<li>${key === 1 ? region : a}</li>`)}</ul>`,
        html`<div title=${a === "" ? null : a}>${[b, region]}</div>`,
        region,
        html`<p>${a}</p>`,
      ][shape];
    return (region: Part) => html`<html><body><main>${content(region)}</main><p>${a}</p></body></html>`;
  })
  // In others a region is no more than a part of its page, which is sent whole.
  .filter((page) => isAsWritten(page("")));

const shown: fc.Arbitrary<View> = fc
  .oneof(
    fc
      .tuple(block, leaf)
      .map(([content, a]) => html`<section class="x ${a}" hidden=${a === ""}>${content}</section>`),
    fc
      .tuple(leaf, leaf)
      .map(([a, b]) => html`<article title=${a}><h3>${b}</h3><i>${a}</i> and <b>${b}</b></article>`),
    fc
      .uniqueArray(fc.integer({ min: 0, max: 9 }), { maxLength: 6 })
      .map((keys) => html`<ol>${keyed(keys, String, (key) => html`<li class="k${key}">${key}</li>`)}</ol>`),
  )
  .filter((view) => {
    try {
      checkedView(NAME, view);
      return true;
    } catch {
      // Whoever shows this is told so, and nobody gets it.
      return false;
    }
  });

/** Whether the tab is told of a change at once, together with the next one, or not at all. */
type Telling = "now" | "late" | "never";

type Step =
  | { readonly kind: "change"; readonly view: View; readonly telling: Telling }
  | { readonly kind: "page"; readonly page: Around }
  | { readonly kind: "restart" | "forget" };

const change = fc.record({
  kind: fc.constant("change" as const),
  view: shown,
  telling: fc.constantFrom<Telling>("now", "now", "late", "never"),
});

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: change },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant("page" as const), page: around }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom("restart" as const, "forget" as const) }) },
  ),
  { minLength: 1, maxLength: 6 },
);

/** A tab that is one document: what it is told is applied to it. */
class DocumentTab implements RegionTab {
  readonly topics = { places: new Map<string, string>() };
  readonly isOpen = true;
  readonly restoring = new Set<string>();
  readonly isBehind = false;
  readonly #patcher: Patcher;
  readonly #told = new Set<string>();

  constructor() {
    this.#patcher = new Patcher(document, foreign, (address) => {
      throw new Error(`A patch misfits the page at ${address}`);
    });
  }

  tellRegion({ regions, updates, templates }: RegionNews): void {
    for (const { name, place } of regions) this.topics.places.set(name, place);
    this.patch(updates as readonly FragmentPatch[], templates);
  }

  /** No socket remembers anything here. */
  keepTopics(): void {}

  patch(patches: readonly FragmentPatch[], templates: readonly TemplateNews[]): void {
    const news = templates.filter(({ name }) => !this.#told.has(name));
    for (const { name, pieces } of travel(news)) this.#patcher.learn(name, pieces);
    for (const { name } of news) this.#told.add(name);
    foreign.ignoring(() => {
      for (const patch of travel(patches)) this.#patcher.apply(patch);
    });
  }
}

/** A root, a session with one tab, and the page that the tab shows. */
class Site {
  model: View;
  /** False while the tab does not know of a change. */
  isTold = true;
  readonly tab = new DocumentTab();
  #root: RegionRoot;
  #regions: SessionRegions<DocumentTab>;
  #seq = 0;
  #lives = 0;
  /** Published, and not told yet. */
  readonly #late: Item[] = [];
  #telling: Telling = "now";
  #page: { readonly view: View; readonly digest: Digest } | undefined;
  #around: Around = (region) => html`<body>${region}</body>`;

  constructor(model: View) {
    this.model = model;
    this.#root = this.#newRoot();
    this.#regions = this.#newRegions();
  }

  async load(page: Around): Promise<void> {
    this.#around = page;
    const view = page(new Region(NAME, await this.#regions.content(NAME, true)));
    foreign.ignoring(() => document.body.replaceChildren(...freshBody(view).childNodes));
    this.#page = { view, digest: Digest.of(view) };
    this.#remember(regionsIn(view));
  }

  async take(step: Step): Promise<void> {
    if (step.kind === "restart") this.#root = this.#newRoot();
    else if (step.kind === "forget") this.#regions = this.#newRegions();
    else if (step.kind === "page") await this.#show(step.page);
    else if (step.kind === "change") {
      this.model = step.view;
      this.#telling = step.telling;
      await this.#root.touched({});
    }
    const isLeftOut = step.kind === "change" && step.telling === "never";
    this.isTold = this.#late.length === 0 && !isLeftOut;
    if (this.isTold && this.tab.topics.places.has(NAME)) await this.#regions.settle(this.tab, NAME);
  }

  /** Tells what is late. */
  async end(): Promise<void> {
    this.#tell("now");
    if (this.tab.topics.places.has(NAME)) await this.#regions.settle(this.tab, NAME);
  }

  /** The page as whoever loads it would see it. */
  async fresh(): Promise<View> {
    return this.#around(new Region(NAME, await this.#root.content()));
  }

  async #show(page: Around): Promise<void> {
    this.#around = page;
    const content = await this.#regions.content(NAME, !this.tab.topics.places.has(NAME));
    const view = page(new Region(NAME, content));
    const isCountable = this.#page !== undefined && [this.#page.view, view].every(isAsWritten);
    const diff = isCountable && this.#page !== undefined ? diffPages(this.#page, view) : undefined;
    if (diff === undefined) {
      const { html, marks } = renderPage(view);
      foreign.ignoring(() =>
        morphContent(document.body, html.slice(marks.bodyStart, marks.bodyEnd), foreign),
      );
    } else this.tab.patch(diff.patches, diff.templates);
    this.#page = { view, digest: diff?.digest ?? Digest.of(view) };
    if (regionsIn(view).length === 0) this.tab.topics.places.delete(NAME);
    this.#remember(diff?.regions ?? regionsIn(view));
  }

  #remember(regions: readonly Region[]): void {
    for (const { name, content } of regions) this.tab.topics.places.set(name, content.place);
  }

  #newRegions(): SessionRegions<DocumentTab> {
    return new SessionRegions<DocumentTab>({
      ask: async (_name, place) => {
        const content = await this.#root.content();
        return { kind: "region", ...content, html: content.place === place ? undefined : content.html };
      },
      showing: () => (this.tab.topics.places.has(NAME) ? [this.tab] : []),
      isFollowed: () => true,
      log: (_name, cause) => {
        throw cause;
      },
      again: (_name, cause) => {
        throw cause;
      },
    });
  }

  #newRoot(): RegionRoot {
    return new RegionRoot(NAME, {
      render: async () => this.model,
      publish: async (published) => {
        this.#seq += 1;
        this.#late.push(travel({ seq: this.#seq, published }));
        if (this.#telling !== "late") this.#tell(this.#telling);
        return this.#seq;
      },
      last: () => this.#seq,
      isWatched: () => true,
      now: () => 0,
      pause: async () => {},
      newLife: () => `life${++this.#lives}`,
      failed: (cause) => {
        throw cause;
      },
    });
  }

  #tell(telling: Telling): void {
    const items = this.#late.splice(0);
    this.#regions.heard(NAME, items);
    if (telling === "now" && this.tab.topics.places.has(NAME)) this.#regions.take(this.tab, NAME, items);
  }
}

/** The body that the browser makes of a fresh render. */
function freshBody(view: View): HTMLElement {
  const { html, marks } = renderPage(view);
  const fresh = document.implementation.createHTMLDocument("");
  fresh.body.innerHTML = html.slice(marks.bodyStart, marks.bodyEnd);
  return fresh.body;
}

function travel<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value));
}

async function expectFresh(site: Site, step: unknown): Promise<void> {
  const view = await site.fresh();
  const wanted = freshBody(view);
  if (document.body.isEqualNode(wanted)) return;
  const all = { step, after: document.body.innerHTML, wanted: wanted.innerHTML };
  throw new Error(`The page differs from a fresh one: ${JSON.stringify(all, null, 1)}`);
}

Object.assign(window, {
  async checkRegions(numRuns: number, seed: number): Promise<void> {
    const law = fc.asyncProperty(shown, around, steps, async (model, page, all) => {
      const site = new Site(model);
      await site.load(page);
      for (const step of all) {
        await site.take(step);
        if (site.isTold) await expectFresh(site, step);
      }
      await site.end();
      await expectFresh(site, "end");
    });
    await fc.assert(law, { numRuns, seed });
  },
});
