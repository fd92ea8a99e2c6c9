import type { Browser } from "playwright-core";
import { FrameProxy } from "../support/proxy.ts";
import { Crowd } from "./crowd.ts";
import { CrowdCalls, HEAL_MS, isAnswered } from "./crowd-calls.ts";
import { countInexact } from "./crowd-presence.ts";
import type { CrowdTab, Said } from "./crowd-tab.ts";
import { type HeardCounts, type Listener, tallyHeard } from "./crowd-tally.ts";
import type { FaultKind } from "./fault-plan.ts";
import { reach } from "./progress.ts";
import { Random } from "./random.ts";
import { Runtime } from "./runtime.ts";
import { Saboteur } from "./saboteur.ts";

/**
 * One run of chaos with many people: what was done, and what was counted. `lost`, `doubled`, `disordered`, and
 * what stands from `unsettled` on, are 0 when the promises were kept.
 */
export interface ManyReport extends HeardCounts {
  readonly seed: number;
  readonly sessions: number;
  readonly topics: number;
  readonly tabs: number;
  /** Tabs that rested on their topics throughout: what they were told is compared. */
  readonly listeners: number;
  /** Calls that publish. */
  readonly calls: number;
  /** Operations that were broadcast for sure. */
  readonly said: number;
  /** Faults made, by kind. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Calls that did not end as they should have, by how. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Calls that never ended, and tabs that were not told in time what they waited for. */
  readonly unsettled: number;
  /** Tabs that show something else than a fresh request is answered. */
  readonly diverged: number;
  /** Lists of who is present that are not exactly the sessions with open tabs, and how many those are: of open tabs, and from outside. */
  readonly inexact: number;
}

/** What to do. */
export interface ManyOptions {
  readonly seed: number;
  readonly calls: number;
  /** Told of every page that differs, and of what was waited for in vain. */
  readonly complain: (what: string) => void;
}

/** Runs what many people do on a few topics while a saboteur makes faults, waits until all is quiet, and counts. */
export async function runMany(browser: Browser, options: ManyOptions): Promise<ManyReport> {
  const runtime = await Runtime.start();
  try {
    const proxy = await FrameProxy.start(() => runtime.port);
    try {
      return await new ManyRun({ browser, runtime, proxy }, options).play();
    } finally {
      await proxy.stop();
    }
  } finally {
    await runtime.stop();
  }
}

interface Stage {
  readonly browser: Browser;
  readonly runtime: Runtime;
  readonly proxy: FrameProxy;
}

class ManyRun {
  readonly #stage: Stage;
  readonly #options: ManyOptions;
  readonly #random: Random;
  readonly #calls: CrowdCalls;

  constructor(stage: Stage, options: ManyOptions) {
    this.#stage = stage;
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#calls = new CrowdCalls(options);
  }

  async play(): Promise<ManyReport> {
    const { browser, proxy } = this.#stage;
    const crowd = await Crowd.gather({ browser, origin: proxy.url, random: this.#random });
    try {
      const saboteur = this.#saboteur(crowd);
      proxy.hooks = saboteur;
      await this.#calls.make(crowd);
      await saboteur.stop();
      await this.#untilHeard(crowd.listeners);
      await this.#calls.makeLast(crowd);
      const { complain } = this.#options;
      const inexact = await countInexact({ origin: proxy.url, tabs: crowd.tabs, complain });
      const diverged = await this.#countDiverged(crowd.tabs);
      return { ...(await this.#report(crowd, saboteur)), diverged, inexact };
    } finally {
      await crowd.leave();
    }
  }

  async #report(crowd: Crowd, saboteur: Saboteur): Promise<Omit<ManyReport, "diverged" | "inexact">> {
    const { seed, calls } = this.#options;
    for (const doubled of doubledOf(crowd.listeners, await listensOf(crowd.listeners)))
      this.#options.complain(doubled);
    const heard = tallyHeard(await listensOf(crowd.listeners), this.#calls.said);
    const walls = await this.#countWalls();
    return {
      seed,
      sessions: crowd.sessions,
      topics: crowd.topics.length,
      tabs: crowd.tabs.length,
      listeners: crowd.listeners.length,
      calls,
      said: this.#calls.said.length,
      faults: saboteur.faults,
      rejected: Object.fromEntries([...this.#calls.outcomes].filter(([outcome]) => !isAnswered(outcome))),
      ...heard,
      lost: heard.lost + walls.lost,
      doubled: heard.doubled + walls.doubled,
      unsettled: this.#calls.open,
    };
  }

  #saboteur(crowd: Crowd): Saboteur {
    const { runtime, proxy } = this.#stage;
    const random = new Random(this.#options.seed + 1);
    const classes = ["SessionObject", "TopicObject"];
    const evict = (webSockets: "hibernate" | "close") =>
      runtime.evict({ webSockets, classes, share: 0.4, seed: random.between(1, 2 ** 31) });
    const abort = async () => {
      const cookie = crowd.cookies[random.between(0, crowd.cookies.length - 1)] ?? "";
      const topic = crowd.topics[random.between(0, crowd.topics.length - 1)] ?? "";
      // An object that ends itself answers with an error, or not at all when the runtime was killed meanwhile.
      const get = (path: string) =>
        fetch(proxy.url + path, { headers: { Cookie: cookie } }).then(
          (answer) => answer.body?.cancel(),
          () => {},
        );
      await Promise.all([get("/abort"), get(`/abort-topic?topic=${topic}`)]);
    };
    return new Saboteur(random, {
      evict,
      abort,
      crash: () => runtime.crash(),
      deploy: () => runtime.deploy(),
      reload: () => crowd.wander(random),
    });
  }

  /** Waits until every tab was told all that it should have been, or nothing comes any more. */
  async #untilHeard(listeners: readonly CrowdTab[]): Promise<void> {
    const look = async () => {
      const { lost } = tallyHeard(await listensOf(listeners), this.#calls.said);
      return { progress: lost, isReached: lost === 0 };
    };
    if (await reach(look, HEAL_MS)) return;
    for (const missing of missingOf(listeners, await listensOf(listeners), this.#calls.said))
      this.#options.complain(missing);
  }

  async #countDiverged(tabs: readonly CrowdTab[]): Promise<number> {
    let differences: (readonly [shown: string, fresh: string])[] = [];
    const look = async () => {
      const found = await Promise.all(tabs.map((tab) => tab.difference()));
      differences = found.filter((difference) => difference !== undefined);
      return { progress: JSON.stringify(differences), isReached: differences.length === 0 };
    };
    await reach(look, HEAL_MS);
    for (const [shown, fresh] of differences)
      this.#options.complain(`A page shows\n${shown}\nand not\n${fresh}`);
    return differences.length;
  }

  /** Compares what was written with what the walls hold: the application's own, whose calls must have run. */
  async #countWalls(): Promise<{ readonly lost: number; readonly doubled: number }> {
    const counts: Readonly<Record<string, number>> = await (
      await fetch(`${this.#stage.proxy.url}/walls`)
    ).json();
    const off = [...this.#calls.written].map(([topic, count]) => count - (counts[topic] ?? 0));
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    return {
      lost: sum(off.map((number) => Math.max(0, number))),
      doubled: sum(off.map((number) => Math.max(0, -number))),
    };
  }
}

/** What tabs were told again, in words: with what they were told around it. */
function doubledOf(tabs: readonly CrowdTab[], listens: readonly Listener[]): string[] {
  return tabs.flatMap(({ name }, index) => {
    const heard = listens[index]?.heard.map(String) ?? [];
    const again = heard.filter((one, place) => heard.indexOf(one) < place);
    return again.length === 0 ? [] : [`${name} was told ${again.join("; ")} again, of ${heard.join("; ")}`];
  });
}

/** What tabs were not told, in words. */
function missingOf(tabs: readonly CrowdTab[], listens: readonly Listener[], said: readonly Said[]): string[] {
  return tabs.flatMap(({ name, topics }, index) => {
    const heard = new Set(listens[index]?.heard.map(String));
    const missing = said.filter((one) => topics.includes(one[0]) && !heard.has(String(one)));
    return missing.length === 0 ? [] : [`${name} was not told ${missing.join("; ")}`];
  });
}

async function listensOf(tabs: readonly CrowdTab[]): Promise<readonly Listener[]> {
  return await Promise.all(tabs.map(async (tab) => ({ topics: tab.topics, heard: await tab.heard() })));
}
