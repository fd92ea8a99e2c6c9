import { LIMITS } from "../src/protocol/limits.ts";
import type { LogLine } from "../src/reflex/call-logger.ts";
import type { SessionStore } from "../src/state/draft.ts";
import { NO_WRITES, type TurnState, type TurnWrites } from "../src/state/turn-state.ts";
import type { Acted } from "../src/turn/act.ts";
import type { TurnInput } from "../src/turn/call-context.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import { actTurn, runTurn, showTurn } from "../src/turn/turn.ts";
import type { TurnEnd } from "../src/turn/turn-end.ts";
import type { CallLog } from "./call-log.ts";
import type { PageKeeper } from "./page-keeper.ts";
import { inputOf, type PlacedCall, refusalOf } from "./placed-call.ts";
import type { Tab } from "./tab.ts";
import { outcomeOf, type TurnOutcome } from "./turn-outcome.ts";
import type { TurnStates } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** What the turns of calls are made of. */
interface CallTurnParts<Env> {
  readonly store: SessionStore;
  readonly states: TurnStates<Env>;
  readonly pages: PageKeeper<Env>;
  readonly log: CallLog;
}

/** What came of an action that ran without its page. */
interface ActedBeside {
  /** Behind it its page is shown, or the turn is over. */
  readonly acted: Acted | TurnEnd;
  /** What it has published. */
  readonly outgoing: TurnWrites["outgoing"];
}

const newTicket = () => crypto.randomUUID();

/** Runs the turns of calls, each from its call to what it came to. When it may run, and what is written of it, is its caller's. */
export class CallTurns<Env> {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #parts: CallTurnParts<Env>;

  constructor(surroundings: TurnSurroundings<Env>, parts: CallTurnParts<Env>) {
    this.#surroundings = surroundings;
    this.#parts = parts;
  }

  /** Runs the action, and shows its page. Called as a turn of the queue. */
  async run(tab: Tab, call: PlacedCall): Promise<TurnOutcome> {
    const { store, states, pages } = this.#parts;
    const { mode, url } = call;
    await states.prepare();
    const isStored = mode === "stored";
    const state = states.forCall(tab, url, !isStored);
    const pageState = isStored ? state : states.forRender(tab, url, store, undefined);
    return await this.#withinTime([state, pageState], async () => {
      const page = { state: pageState, shown: await pages.shownAt(tab, url) };
      return await runTurn(this.#input(tab, call, state), page, pages.ports(tab));
    });
  }

  /** Runs the action alone, beside whatever turn is running. */
  async act(tab: Tab, call: PlacedCall): Promise<ActedBeside> {
    const { states, pages } = this.#parts;
    const state = states.forCall(tab, call.url, true);
    try {
      const act = actTurn(this.#input(tab, call, state), pages.ports(tab));
      const acted = await withDeadline(act, LIMITS.turnMs, this.#surroundings.runtime.timer);
      return { acted, outgoing: acted.kind === "acted" ? state.close().outgoing : [] };
    } catch (cause) {
      return { acted: refusalOf(cause), outgoing: [] };
    } finally {
      state.abandon();
    }
  }

  /** Shows the page of an action that ran alone. Called as a turn of the queue. */
  async show(tab: Tab, call: PlacedCall, { acted, outgoing }: ActedBeside): Promise<TurnOutcome> {
    const { store, states, pages } = this.#parts;
    const state = states.forRender(tab, call.url, store, undefined);
    const { end } = await this.#withinTime([state], async () => {
      const page = { state, shown: await pages.shownAt(tab, call.url) };
      return await showTurn(acted, page, pages.ports(tab));
    });
    return { end, writes: end.kind === "done" ? { ...NO_WRITES, outgoing } : NO_WRITES };
  }

  async #withinTime(
    states: readonly [TurnState, ...TurnState[]],
    turn: () => Promise<TurnEnd>,
  ): Promise<TurnOutcome> {
    return await outcomeOf(turn, states, { timer: this.#surroundings.runtime.timer, newTicket });
  }

  #input(tab: Tab, call: PlacedCall, state: TurnState): TurnInput {
    const log = (line: LogLine) => this.#parts.log.said(call, line);
    return inputOf(tab, call, { state, env: this.#surroundings.env, log });
  }
}
