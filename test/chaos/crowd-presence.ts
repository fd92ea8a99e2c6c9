import { HEAL_MS } from "./crowd-calls.ts";
import type { CrowdTab } from "./crowd-tab.ts";
import { reach } from "./progress.ts";

/** In this topic, pages of the crowd that rest on it show who is present: the application's name for it. */
const PRESENT_TOPIC = "t0";

/** What is looked at, and who is told of what is not as it should be. */
export interface PresenceOptions {
  /** Of the site. */
  readonly origin: string;
  readonly tabs: readonly CrowdTab[];
  readonly complain: (what: string) => void;
}

/**
 * Waits until everybody who looks sees exactly the sessions with open pages, each with the number of its tabs, or until nothing moves
 * any more: every open page that shows who is present, and code outside of sessions.
 *
 * @returns how many do not see that
 */
export async function countInexact({ origin, tabs, complain }: PresenceOptions): Promise<number> {
  const lookers = tabs.filter(({ topics }) => topics.includes(PRESENT_TOPIC));
  const due = presentBy(lookers);
  let wrong: string[] = [];
  // What the topic itself says is waited for first: until then no page can be right.
  await reach(async () => {
    wrong = differences([["The topic", await askedOutside(origin)]], due);
    return { progress: wrong.join(), isReached: wrong.length === 0 };
  }, HEAL_MS);
  await reach(async () => {
    const seen = lookers.map(async (tab) => [tab.name, await tab.present()] as const);
    wrong = differences([["The topic", await askedOutside(origin)], ...(await Promise.all(seen))], due);
    return { progress: wrong.join(), isReached: wrong.length === 0 };
  }, HEAL_MS);
  for (const difference of wrong) complain(difference);
  return wrong.length;
}

/** Who is present by their open tabs, each with how many those are. */
export function presentBy(tabs: readonly Pick<CrowdTab, "who">[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { who } of tabs) counts.set(who, (counts.get(who) ?? 0) + 1);
  return [...counts].map(([who, count]) => `${who} ${count}`);
}

/** Who looks, and whom they see, each with the number of tabs; `undefined` where that is not known. */
type Seen = readonly [name: string, present: readonly string[] | undefined];

/** Tells of each who sees something else than is due, in words; in which order they see it does not matter. */
export function differences(seen: readonly Seen[], present: readonly string[]): string[] {
  const due = textOf(present);
  return seen
    .map(([name, present]) => [name, present === undefined ? "what is not known" : textOf(present)] as const)
    .filter(([, text]) => text !== due)
    .map(([name, text]) => `${name} sees as present\n${text}\nand not\n${due}`);
}

function textOf(present: readonly string[]): string {
  return present.toSorted().join("; ");
}

async function askedOutside(origin: string): Promise<readonly string[]> {
  const answer = await fetch(`${origin}/present?topic=${PRESENT_TOPIC}`);
  if (answer.ok) return await answer.json();
  return [`an answer ${answer.status}: ${(await answer.text()).slice(0, 200)}`];
}
