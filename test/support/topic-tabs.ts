import { evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import type { Update } from "../../src/protocol/messages.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import type { TopicNode } from "../../src/topics/topic-messages.ts";
import { load, newCookie, newTabId, objectOf, Tab, visit } from "./tab.ts";
import { rendering, rests } from "./topics-site.ts";
import { logged } from "./worker.ts";

/** The address of a page that rests on topics. */
export const restingOn = (...topics: readonly string[]) => `/rest?on=${topics.join()}`;

/** A name that no other test uses: topics outlive tests. */
export const newTopic = (kind = "t") => `${kind}:${newTabId()}`;

/** The root of a topic. */
export function rootOf(topic: string): TopicNode {
  return exports.TopicObject.getByName(topic) as unknown as TopicNode;
}

/** A sleep through which the tab's socket stays, or a crash, as far as the session can tell. */
export async function rest(
  tab: Pick<Tab, "cookie">,
  webSockets: "hibernate" | "close" = "hibernate",
): Promise<void> {
  await evictDurableObject(await objectOf(tab), { webSockets });
}

/** Loads a page that rests on topics, of a visitor with a name, and waits until it was told its places in all of them. */
export async function settled(name: string, topics: readonly string[], cookie?: string): Promise<Tab> {
  const own = cookie ?? (await newCookie());
  if (cookie === undefined) await (await Tab.open("/", own)).call("Talker#call", { args: [name] });
  const tab = await load(restingOn(...topics), own);
  await tab.until(() => topics.every((topic) => placesOf(tab, topic).length > 0));
  await quiet(tab);
  return tab;
}

/** Waits until the session of a tab has done what it was to do: a call behind the renders that wait. */
export async function quiet(tab: Tab): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1)
    await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
}

/** The updates that a tab was sent of its own accord, without places. */
export function newsOf(tab: Tab): readonly Update[] {
  return tab.pushes.flat().filter(([kind]) => kind !== "at");
}

/** The titles that operations have set, in order. */
export function titlesOf(tab: Tab): readonly unknown[] {
  return newsOf(tab).flatMap((update) =>
    update[0] === "op" ? [(update[2] as { title: unknown }).title] : [],
  );
}

/** The places in a topic that a tab was told, in order. */
export function placesOf(tab: Tab, topic: string): readonly string[] {
  const key = topicKey(topic);
  return tab.pushes
    .flat()
    .flatMap((update) => (update[0] === "at" && update[1] === key ? [String(update[2])] : []));
}

/** True once the page of a tab shows a text, by a patch or whole. */
export function shows(tab: Tab, text: string): boolean {
  return JSON.stringify(
    tab.pushes.concat(tab.frames.map((frame) => frame as unknown as readonly Update[])),
  ).includes(text);
}

/** Forgets which pages were rendered. */
export function forgetRests(): void {
  rests.length = 0;
}

/** Forgets what tests before this one have logged and rendered, and what they have broken and held up. */
export function forgetOtherTests(): void {
  logged.length = 0;
  forgetRests();
  rendering.broken.clear();
  rendering.wait = undefined;
}
