import type { Browser } from "playwright-core";
import { newCookie } from "../support/node-page.ts";
import { newVisitor, type Visitor } from "../support/site.ts";
import { PageTab } from "./crowd-page-tab.ts";
import { type CrowdPlace, type CrowdTab, crowdPath, SocketTab } from "./crowd-tab.ts";
import type { Random } from "./random.ts";

/** Where a crowd comes together. */
export interface Meeting {
  readonly browser: Browser;
  readonly origin: string;
  readonly random: Random;
}

const SESSIONS = 50;
/** Those of them that are browsers; the others are sockets. */
const BROWSERS = 4;
const TOPICS = ["t0", "t1", "t2", "t3", "t4"];
/** Every so many sessions have two tabs. */
const SECOND_TABS = 5;
/** Sessions whose tab goes from page to page. */
const WANDERERS = 4;

/** Many people's open pages on a few topics. */
export class Crowd {
  readonly sessions = SESSIONS;
  readonly topics: readonly string[] = TOPICS;
  readonly #meeting: Meeting;
  /** Their pages rest on the same topics from the first to the last. */
  readonly listeners: CrowdTab[] = [];
  /** Of sessions without a browser. */
  readonly cookies: string[] = [];
  readonly #visitors: Visitor[] = [];
  readonly #wanderers: {
    readonly cookie: string;
    readonly name: string;
    readonly who: string;
    tab: SocketTab;
  }[] = [];

  private constructor(meeting: Meeting) {
    this.#meeting = meeting;
  }

  /** Resolves when all of them have their pages open. */
  static async gather(meeting: Meeting): Promise<Crowd> {
    const crowd = new Crowd(meeting);
    for (let index = 0; index < SESSIONS; index += 1) await crowd.#join(index);
    return crowd;
  }

  get tabs(): readonly CrowdTab[] {
    return [...this.listeners, ...this.#wanderers.map(({ tab }) => tab)];
  }

  /** One of those who wander goes to another page. */
  async wander(random: Random): Promise<void> {
    const wanderer = this.#wanderers[random.between(0, this.#wanderers.length - 1)];
    if (wanderer === undefined) return;
    await wanderer.tab.leave();
    wanderer.tab = await this.#openSocket(wanderer, random);
  }

  async leave(): Promise<void> {
    await Promise.all(this.tabs.map((tab) => tab.leave()));
    await Promise.all(this.#visitors.map(({ context }) => context.close()));
  }

  async #join(index: number): Promise<void> {
    const { browser, origin, random } = this.#meeting;
    const who = `s${index}`;
    const tabs = index % SECOND_TABS === 0 ? ["a", "b"] : ["a"];
    if (index < BROWSERS) {
      const visitor = await newVisitor(browser, origin);
      this.#visitors.push(visitor);
      for (const tab of tabs)
        this.listeners.push(await PageTab.open(visitor, { name: who + tab, who, topics: chosen(random) }));
      return;
    }
    const cookie = await newCookie(origin + crowdPath({ who, topics: TOPICS.slice(0, 1) }));
    this.cookies.push(cookie);
    if (index >= SESSIONS - WANDERERS) {
      const wanderer = { cookie, who, name: who };
      this.#wanderers.push({ ...wanderer, tab: await this.#openSocket(wanderer, random) });
      return;
    }
    for (const letter of tabs) {
      const tab = await this.#openSocket({ name: who + letter, who, cookie }, random);
      await tab.settled();
      this.listeners.push(tab);
    }
  }

  #openSocket(visitor: Pick<CrowdPlace, "name" | "who" | "cookie">, random: Random): Promise<SocketTab> {
    const { name, who, cookie } = visitor;
    return SocketTab.open({ name, who, cookie, origin: this.#meeting.origin, topics: chosen(random) });
  }
}

/** One to three of the topics. */
function chosen(random: Random): readonly string[] {
  return random.shuffled(TOPICS).slice(0, random.between(1, 3)).toSorted();
}
