import { html, keyed, reflex } from "edge-reflex";
import { Hono } from "hono";
import { type Day, dayAt } from "../calendar/days.ts";
import { longNameOf, type MonthInput, monthNameOf, monthTable } from "../calendar/month.ts";
import { demo } from "../demo.ts";
import type { CalendarEntry, PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { Calendar } from "../reflexes/calendar.ts";

/** A month, and what is planned in it. */
export const calendarPage = new Hono<PageEnv>().get("/calendar", (c) => {
  const { session, tab, reflex: cause } = c.var;
  const today = dayAt(Date.now());
  const chosen = tab.get("day") ?? today;
  const { entries } = session.get("calendar") ?? { entries: [] };
  const view = demo({
    intro: INTRO,
    stage: stage({ chosen, today, entries, hasFocus: KEYS.has(cause?.target ?? "") }),
    isWide: true,
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Calendar", section: "/calendar" });
});

/** What the keys of the month call: the day that they go to takes the focus. */
const KEYS = new Set(["Calendar#move", "Calendar#turnWithin"]);

const stage = (input: MonthInput) => html`<div class="calendar">
<div class="calendar-bar">
<h2 id="month-name" aria-live="polite">${monthNameOf(input.chosen)}</h2>
<div class="calendar-turn" role="group" aria-label="Turn over">
${turnButton("previous", "Previous month", -1)}
<button id="today" class="button button-quiet" type="button" data-reflex="${reflex("click", Calendar, "today")}">Today</button>
${turnButton("following", "Next month", 1)}
</div>
</div>
${monthTable(input)}
${dayPanel(input.chosen, input.entries)}
</div>`;

const turnButton = (id: string, label: string, by: number) =>
  html`<button id="${id}" class="button button-quiet" type="button" aria-label="${label}"
  data-reflex="${reflex("click", Calendar, "turn", by)}">${by < 0 ? "‹" : "›"}</button>`;

const dayPanel = (
  day: Day,
  entries: readonly CalendarEntry[],
) => html`<section class="day-panel" aria-labelledby="day-name">
<h2 id="day-name" aria-live="polite">${longNameOf(day)}</h2>
<ul id="entries" class="day-entries">${keyed(
  entries.filter((entry) => entry.day === day),
  ({ id }) => id,
  ({ id, title }) => html`<li><span>${title}</span>
<button class="row-button" type="button" data-entry="${id}" aria-label="Remove ${title}" data-reflex="${reflex("click", Calendar, "remove")}">remove</button></li>`,
)}</ul>
${addForm(day)}
</section>`;

const addForm = (day: Day) => html`<form class="day-form" data-reflex="${reflex("submit", Calendar, "add")}">
<label>Plan <input class="text-input" name="title" maxlength="60" autocomplete="off" required></label>
<label>Day <input id="day" class="text-input" type="date" name="day" min="1900-01-01" max="2199-12-31" value="${day}" required></label>
<button class="button">Add</button>
</form>`;

const INTRO = html`<h1>Calendar</h1>
<p class="lead">Turn over the months, choose a day, plan something. In the month, arrows go from day to day, and page up and down turn over.</p>`;

const ABOUT = html`<p>Which day you look at belongs to the tab; what you plan is in your session, so another tab shows it at once. The month is a
keyed list of weeks: turning over keeps the week that both months have.</p>
<p>The arrows are declared on the table, with what the action gets: <code>keydown.left-&gt;Calendar#move(-1)</code>, written by
<code>reflex(…)</code>, so that the compiler knows class, action and argument. The day that they go to is rendered with
<code>autofocus</code>, and the focus goes along. One day of the month is a stop of Tab, as one expects of a calendar.</p>
<p>What is typed in a field is yours, and no update of the page takes it away. So the reflex that adds your plan says it:
<code>this.cable.setValue("[name=title]", …)</code>.</p>`;

const EXCERPTS = [
  excerpt("reflexes/calendar.ts", "Calendar.choose", "Calendar.move", "Calendar.add"),
  excerpt("calendar/month.ts", "arrows", "cell"),
  excerpt("calendar/days.ts", "weeksOf"),
];
