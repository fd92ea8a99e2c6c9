import { html, keyed, type View } from "edge-reflex";
import { Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { type Report, ReportStore } from "../report/report-store.ts";

/** What takes too long for a reflex is ordered by one, and made by the Worker's queue. */
export const reportPage = new Hono<PageEnv>().get("/report", async (c) => {
  const reports = await new ReportStore(c.env.DB).of(c.var.session.id);
  const view = demo({
    intro: INTRO,
    stage: stage(reports),
    about: ABOUT,
    excerpts: EXCERPTS,
  });
  return c.render(view, { title: "Report", section: "/report" });
});

const INTRO = html`<h1>A report</h1>
<p class="lead">Over everybody’s <a href="/todos">todos</a>. A button orders it, and a queue makes it.</p>`;

const ABOUT = html`<p>A reflex should be short: those behind it wait. So <code>Reports#ask</code> writes a row and sends the row’s key to a
queue. The Worker’s <code>queue</code> handler gets it, in an invocation of its own that may take minutes, counts, and writes the result. Then it has
<code>Reports#_settled</code> run in your session, and the pages that you have open show the report.</p>
<p>Queues deliver at least once, and a reflex may run again after a crash. Neither makes a second report: its key is the
call’s <code>idempotencyKey</code>, and only a report that is still asked for is made. Press as often as you like: the database
lets you wait for one at a time. A message that fails is tried three times more; then the report is given up.</p>`;

const stage = (reports: readonly Report[]) => html`<div class="report">
<p><button id="ask" class="button" type="button" aria-disabled="${reports.some(({ state }) => state === "asked")}"
  data-reflex="click->Reports#ask">Make a report</button></p>
<ol class="report-list" aria-label="Your last reports" aria-live="polite">${keyed(
  reports,
  ({ key }) => key,
  (report) =>
    html`<li class="report-${report.state}">${when(report.askedAt)} ${RESULTS[report.state](report)}</li>`,
)}</ol>
</div>`;

const when = (time: Date) =>
  html`<time datetime="${time.toISOString()}">${time.toISOString().slice(11, 19)} UTC</time>`;

const RESULTS: Record<Report["state"], (report: Report) => View> = {
  asked: () => html`<span>is being made …</span>`,
  failed: () => html`<span>could not be made</span>`,
  made: ({ lists, todos, completed }) =>
    html`<span><b>${todos}</b> todos on <b>${lists}</b> lists, <b>${completed}</b> of them completed</span>`,
};

const EXCERPTS = [
  excerpt("reflexes/reports.ts", "Reports.ask"),
  excerpt("report/report-queue.ts", "makeReports"),
  excerpt("report/report-store.ts", "ReportStore.make"),
  excerpt("worker.ts", "default"),
];
