import { evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import type { Update } from "../../src/protocol/messages.ts";
import { topicKey } from "../../src/topics/topic-key.ts";
import type { TopicNode } from "../../src/topics/topic-messages.ts";
import { newCookie, newTabId, Tab, type TabHello, visit } from "./tab.ts";
import { rests } from "./topics-site.ts";

/** The address of a page that rests on topics. */
export const restingOn = (...topics: readonly string[]) => `/rest?on=${topics.join()}`;

/** A name that no other test uses: topics outlive tests. */
export const newTopic = (kind = "t") => `${kind}:${newTabId()}`;

/** The root of a topic. */
export function rootOf(topic: string): TopicNode {
  return exports.TopicObject.getByName(topic) as unknown as TopicNode;
}

/** The object of a tab's session. */
export async function objectOf(tab: Pick<Tab, "cookie">): Promise<DurableObjectStub> {
  const name = await (await visit("/id", { headers: { Cookie: tab.cookie } })).text();
  return exports.SessionObject.getByName(name);
}

/** A sleep through which the tab's socket stays, or a crash, as far as the session can tell. */
export async function rest(
  tab: Pick<Tab, "cookie">,
  webSockets: "hibernate" | "close" = "hibernate",
): Promise<void> {
  await evictDurableObject(await objectOf(tab), { webSockets });
}

/** What a page says of itself as it was loaded. */
export function stateIn(page: string): string {
  return /data-reflex-page="(.*?)"/.exec(page)?.[1] ?? "";
}

/** Loads a page, and opens the tab that shows it, as a browser does. */
export async function load(url: string, cookie?: string, hello: Partial<TabHello> = {}): Promise<Tab> {
  const own = cookie ?? (await newCookie());
  const page = await (await visit(url, { headers: { Cookie: own } })).text();
  return await Tab.open(url, own, { state: stateIn(page), ...hello });
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
