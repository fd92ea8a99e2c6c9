import { html, reflex } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { COUNTRIES, type Place, placeOf } from "../places/atlas.ts";
import { Places } from "../reflexes/places.ts";

/** Three choices, of which each decides what the next one offers. */
export const placesPage = new Hono<PageEnv>().get("/places", (c) => {
  const chosen = c.var.tab.get("place");
  const place = placeOf((level) => chosen?.[level]);
  const view = demo({ intro: INTRO, stage: stage(place), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Places", section: "/places" });
});

const stage = ({ country, region, city }: Place) => html`<div class="places">
<form>
${choice({ name: "country", label: "Country", offered: COUNTRIES.map(({ name }) => name), chosen: country?.name })}
${choice({ name: "region", label: "Region", offered: country?.regions.map(({ name }) => name), chosen: region?.name })}
${choice({ name: "city", label: "City", offered: region?.cities, chosen: city })}
</form>
<p id="place" role="status">${
  city === undefined ? "Nowhere yet." : html`You are in <b>${city}</b>, ${region?.name}, ${country?.name}.`
}</p>
</div>`;

interface Choice {
  readonly name: string;
  readonly label: string;
  /** Absent while what they depend on is not chosen. */
  readonly offered: readonly string[] | undefined;
  readonly chosen: string | undefined;
}

const choice = ({ name, label, offered, chosen }: Choice) => html`<p class="places-choice">
<label for="${name}">${label}</label>
<select id="${name}" class="text-input" name="${name}" autocomplete="off" disabled=${offered === undefined} data-reflex="${reflex("change", Places, "choose")}">
<option value="">${offered === undefined ? "–" : "Choose one"}</option>
${offered?.map((each) => html`<option value="${each}" selected=${each === chosen}>${each}</option>`)}
</select>
</p>`;

const INTRO = html`<h1>Places</h1>
<p class="lead">A country has regions, a region has cities. Choose all three, then another country.</p>`;

const ABOUT = html`<p>Every choice sends the form to <code>Places#choose</code>, which keeps for this tab what fits together: a region of another country
does not. The page offers what there is to choose from. No list travels that is not asked for, and none is in a script.</p>
<p>The choice belongs to the tab: reload, and it is there; open a second tab, and it begins anew.</p>`;

const EXCERPTS = [
  excerpt("reflexes/places.ts", "Places"),
  excerpt("pages/places.ts", "choice"),
  excerpt("places/atlas.ts", "placeOf"),
];
