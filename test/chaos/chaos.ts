import type { Browser } from "playwright-core";
import { FrameProxy } from "../support/proxy.ts";
import { newVisitor, type Visitor } from "../support/site.ts";
import { ChaosTab, type TabState } from "./chaos-tab.ts";
import type { FaultKind } from "./fault-plan.ts";
import { reach } from "./progress.ts";
import { Random } from "./random.ts";
import { Runtime } from "./runtime.ts";
import { Saboteur } from "./saboteur.ts";
import { type Counts, countRejected, type LedgerState, tally } from "./tally.ts";

/** One run of chaos: what was done, and what was counted. The last five are 0 when the promise was kept. */
export interface ChaosReport extends Counts {
  readonly seed: number;
  /** Calls that write; calls that only read were made beside them. */
  readonly calls: number;
  /** Faults made, by kind. */
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** Calls whose promise did not end as it should have, by how. */
  readonly rejected: Readonly<Record<string, number>>;
  /** Patches that did not fit the page they were made for, so that a part of it was sent again. */
  readonly healed: number;
  /** Pages that differ from what the server answers to a fresh request. */
  readonly diverged: number;
}

/** What to do. */
export interface ChaosOptions {
  readonly seed: number;
  readonly calls: number;
  /** Told of every page that differs, and of what was waited for in vain. */
  readonly complain: (what: string) => void;
}

/** What the client warns of in the console when a patch does not fit. */
const HEALING = "edge-reflex: the page differs";

const TABS = ["a", "b", "c", "d"];

/** Together they stay below the calls that one session lets wait, and each below what a page may leave unanswered. */
const MOST_WAITING = 40;

/** How long nothing may move before what is missing counts as lost, in milliseconds: longer than any pause of the client. */
const PATIENCE_MS = 45_000;
const PAGE_PATIENCE_MS = 15_000;

/** Runs calls from several tabs of one session while a saboteur makes faults, waits until all is quiet, and counts. */
export async function runChaos(browser: Browser, options: ChaosOptions): Promise<ChaosReport> {
  const runtime = await Runtime.start();
  try {
    const proxy = await FrameProxy.start(() => runtime.port);
    const visitor = await newVisitor(browser, proxy.url);
    try {
      return await play({ runtime, proxy, visitor }, options);
    } finally {
      await visitor.context.close();
      await proxy.stop();
    }
  } finally {
    await runtime.stop();
  }
}

interface Stage {
  readonly runtime: Runtime;
  readonly proxy: FrameProxy;
  readonly visitor: Visitor;
}

async function play({ runtime, proxy, visitor }: Stage, options: ChaosOptions): Promise<ChaosReport> {
  const { seed, calls, complain } = options;
  const random = new Random(seed);
  const tabs: ChaosTab[] = [];
  for (const tab of TABS) {
    tabs.push(
      await ChaosTab.open(visitor, { tab, seed: random.between(1, 2 ** 31), mostWaiting: MOST_WAITING }),
    );
  }
  const saboteur = new Saboteur(random, {
    evict: (webSockets) => runtime.evict({ webSockets, classes: ["SessionObject"], share: 1, seed }),
    abort: () => abort(visitor),
    crash: () => runtime.crash(),
    deploy: () => runtime.deploy(),
    reload: async () => await tabs[random.between(0, tabs.length - 1)]?.reload(),
  });
  proxy.hooks = saboteur;
  await makeCalls(tabs, options);
  await saboteur.stop();
  await settle(tabs, complain);
  const diverged = await countDiverged(tabs, complain);
  const states = new Map(await Promise.all(tabs.map(async (tab) => [tab.name, await tab.state()] as const)));
  const counts = tally(states, await readLedger(visitor));
  const rejected = countRejected(states.values());
  const healed = visitor.complaints.filter((complaint) => complaint.includes(HEALING)).length;
  return { seed, calls, faults: saboteur.faults, rejected, healed, ...counts, diverged };
}

/** Every tab makes its share; one that gets stuck does not hold up the end for ever. */
async function makeCalls(tabs: readonly ChaosTab[], { calls, complain }: ChaosOptions): Promise<void> {
  let running = tabs.length;
  const share = (index: number) => Math.floor(calls / tabs.length) + (index < calls % tabs.length ? 1 : 0);
  const failed: unknown[] = [];
  tabs.forEach((tab, index) => {
    tab
      .run(share(index))
      .catch((problem) => failed.push(problem))
      .finally(() => {
        running -= 1;
      });
  });
  const look = async () => {
    const states = await Promise.all(tabs.map((tab) => tab.state()));
    return {
      progress: JSON.stringify(states.map(({ settled }) => settled.length)),
      isReached: running === 0,
    };
  };
  if (!(await reach(look, PATIENCE_MS))) complain("Not all calls could be made");
  if (failed.length > 0) throw failed[0];
}

async function settle(tabs: readonly ChaosTab[], complain: ChaosOptions["complain"]): Promise<void> {
  const look = async () => {
    const states: readonly TabState[] = await Promise.all(tabs.map((tab) => tab.state()));
    const waiting = states.map(({ waiting }) => waiting);
    return { progress: JSON.stringify(waiting), isReached: waiting.every((count) => count === 0) };
  };
  if (!(await reach(look, PATIENCE_MS))) complain("Not all promises settled");
}

async function countDiverged(tabs: readonly ChaosTab[], complain: ChaosOptions["complain"]): Promise<number> {
  const find = async () => (await Promise.all(tabs.map((tab) => tab.difference()))).filter(isPresent);
  let differences = await find();
  const look = async () => {
    differences = await find();
    return { progress: JSON.stringify(differences), isReached: differences.length === 0 };
  };
  if (differences.length > 0) await reach(look, PAGE_PATIENCE_MS);
  for (const [shown, fresh] of differences) complain(`A page shows\n${shown}\nand not\n${fresh}`);
  return differences.length;
}

async function abort(visitor: Visitor): Promise<void> {
  // An object that ends itself answers with an error, or not at all when the runtime was killed meanwhile.
  await visitor.context.request.get("/abort").catch(() => {});
}

async function readLedger(visitor: Visitor): Promise<LedgerState> {
  return await (await visitor.context.request.get("/ledger")).json();
}

function isPresent<Value>(value: Value | undefined): value is Value {
  return value !== undefined;
}
