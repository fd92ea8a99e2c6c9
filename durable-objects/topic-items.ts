import { operationUpdate } from "../src/cable/cable.ts";
import type { Update } from "../src/protocol/messages.ts";
import { CHANGED_EVENT, FORGOTTEN_EVENT, type TopicChange } from "../src/protocol/stream-names.ts";
import type { Item, Published } from "../src/topics/topic-messages.ts";
import type { TabTopic } from "./tab-topics.ts";

/** What a tab has to do for what was published: have its page rendered, its region changed, then carry these out, told its place behind. */
export interface TabStep {
  readonly isRefresh: boolean;
  /** What changes the region that the page shows of the topic, before its updates. */
  readonly changes: readonly Item[];
  readonly updates: readonly Update[];
  /** The last publication of the step. */
  readonly seq: number;
}

/** For whom it is. */
export interface StepTarget {
  readonly topic: TabTopic;
  /** Stands for the topic in pages. */
  readonly key: string;
  /** What names the tab among those that touch topics. */
  readonly author: string | undefined;
}

/**
 * What one tab makes of publications, in their order: operations that come before its page has to be rendered or its region changed,
 * if any are, and then those that wait for that. Two renders would show the same, so there is one.
 */
export function stepsOf(items: readonly Item[], target: StepTarget): readonly TabStep[] {
  const first = items.findIndex(
    ({ published }) => isForPage(published, target) || isForRegion(published, target),
  );
  const at = first < 0 ? items.length : first;
  return [items.slice(0, at), items.slice(at)]
    .map((part) => stepOf(part, target))
    .filter(({ isRefresh, changes, updates }) => isRefresh || changes.length > 0 || updates.length > 0);
}

function stepOf(items: readonly Item[], target: StepTarget): TabStep {
  return {
    isRefresh: items.some(({ published }) => isForPage(published, target)),
    changes: items.filter(({ published }) => isForRegion(published, target)),
    updates: items.flatMap(({ published }) => updatesOf(published, target)),
    seq: items.at(-1)?.seq ?? 0,
  };
}

/** True where the page has to be rendered: not for its own touch, which it shows already. */
function isForPage(published: Published, { topic, author }: StepTarget): boolean {
  if (topic.page === undefined) return false;
  if (published.kind === "roster") return topic.page.presence !== undefined;
  if (published.kind === "operations" || isForRegion(published, { topic })) return false;
  return published.author === undefined || published.author !== author;
}

function isForRegion(published: Published, { topic }: Pick<StepTarget, "topic">): boolean {
  return published.kind === "region" && topic.page?.region !== undefined;
}

function updatesOf(published: Published, { topic, key, author }: StepTarget): readonly Update[] {
  switch (published.kind) {
    case "operations":
      return topic.page !== undefined || topic.streams.has("stream")
        ? published.operations.map(operationUpdate)
        : [];
    case "touch":
    case "region":
      return topic.streams.has("updates") ? [changedUpdate(key, published, author)] : [];
    case "roster":
      return [];
  }
}

/**
 * Tells elements that look for themselves that a topic was touched.
 *
 * @param touch what is said of it; absent: nobody knows
 * @param author what names the tab among those that touch topics
 */
export function changedUpdate(
  key: string,
  touch: { readonly changed?: readonly string[] | undefined; readonly author?: string | undefined } = {},
  author?: string,
): Update {
  const isShown = touch.author !== undefined && touch.author === author;
  const detail: TopicChange = {
    topic: key,
    ...(touch.changed === undefined ? {} : { changed: touch.changed }),
    ...(isShown ? { isShown } : {}),
  };
  return ["op", "dispatchEvent", { name: CHANGED_EVENT, detail }];
}

/** Asks elements that follow topics to say so again. */
export function forgottenUpdate(): Update {
  return ["op", "dispatchEvent", { name: FORGOTTEN_EVENT }];
}
