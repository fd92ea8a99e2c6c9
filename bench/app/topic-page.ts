import { html, type ReflexWorker, type View } from "../../src/index.ts";
import { liveOn } from "./life-region.ts";

/**
 * What the page of a topic shows. In the memory of the isolate, which all objects of a local runtime share: what an application asks
 * for what has changed is its own, and not measured.
 */
let shown = 0;

/** The page of a topic. */
export function topicView(): View {
  return html`<h1>Topic</h1><p>What is shown: <output id="shown">${`change ${shown}.`}</output></p>`;
}

/** Answers `/bench/publish?way=broadcast&name=crowd&n=12`: says change number 12 in a topic. Ways: `broadcast`, `touch`, and `region`. */
export async function publish(
  reflex: Pick<ReflexWorker<never>, "touch" | "cable">,
  ctx: ExecutionContext,
  search: URLSearchParams,
): Promise<Response> {
  const [topic, n] = [search.get("name") ?? "", Number(search.get("n"))];
  const way = search.get("way");
  if (way === "region") liveOn(n);
  // What is broadcast stands in no page: a render would tell of it a second time.
  if (way === "touch") shown = n;
  if (way !== "broadcast") await reflex.touch(ctx, topic);
  else
    await reflex
      .cable(ctx, topic)
      .textContent("#shown", { text: `change ${n}.` })
      .broadcast();
  return new Response("published");
}
