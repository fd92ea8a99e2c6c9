import { isAsWritten } from "../diff/as-written.ts";
import { LIMITS } from "../protocol/limits.ts";
import { regionsIn } from "../render/find-regions.ts";
import { isFragment, renderFragment } from "../render/render.ts";
import { showValue } from "../render/template-error.ts";
import { View } from "../render/view.ts";
import { TopicError } from "./topic-error.ts";

/** What was rendered for a region, if that can stand in pages. Throws {@link TopicError}. */
export function checkedView(name: string, rendered: unknown): View {
  if (!(rendered instanceof View)) throw unfit(name, `was rendered as ${showValue(rendered)}`);
  if (!isFragment(rendered)) throw unfit(name, "has more than one element, or text beside it");
  // Elements of a page are counted, and those of the region in it.
  if (!isAsWritten(rendered)) throw unfit(name, "shows HTML with an end tag too many or too few");
  if (regionsIn(rendered).length > 0) throw unfit(name, "shows another region");
  return rendered;
}

/** A region as HTML, with its addresses. Throws {@link TopicError} for one that is too large. */
export function writtenRegion(name: string, view: View, address: string): string {
  const html = renderFragment(view, address);
  if (html.length <= LIMITS.regionChars) return html;
  throw new TopicError(
    "topic-region",
    `The region ${JSON.stringify(name)} takes ${html.length} characters; expected at most ${LIMITS.regionChars}: ` +
      "show less of it, or make several regions of it",
  );
}

function unfit(name: string, problem: string): TopicError {
  return new TopicError(
    "topic-region",
    `The region ${JSON.stringify(name)} ${problem}; expected html\`…\` of one element`,
  );
}
