import type { CallDetail } from "../../src/protocol/messages.ts";
import type { ReflexClass } from "../../src/reflex/reflex-class.ts";
import { ReflexRegistry } from "../../src/reflex/registry.ts";
import { html } from "../../src/render/view.ts";
import type { SessionStore } from "../../src/state/draft.ts";
import { TurnState, type TurnStateOptions } from "../../src/state/turn-state.ts";
import type { TurnInput } from "../../src/turn/call-context.ts";
import { runTurn } from "../../src/turn/turn.ts";
import type { PageRequest, PageResult, TurnEnd } from "../../src/turn/turn-end.ts";

/** How a turn is run that is no more than its reflex is about. */
export interface TurnOptions extends Omit<Partial<TurnInput>, "state" | "target"> {
  readonly detail?: CallDetail;
  /** What is committed. */
  readonly stored?: Readonly<Record<string, unknown>>;
  readonly state?: Partial<TurnStateOptions>;
  /** Answers each request for the page; without it, one that never fails. */
  readonly page?: (request: PageRequest) => PageResult;
  /** Gets the state before the turn begins. */
  readonly onState?: (state: TurnState) => void;
}

/** What a turn came to. */
export interface TurnRun {
  readonly end: TurnEnd;
  /** The page requests, in order. */
  readonly asked: readonly PageRequest[];
  /** What is committed when the end is `done`. */
  readonly written: Readonly<Record<string, unknown>>;
}

/** Runs one call of `reflexClass`, whose name is `It` there, on a session of its own. */
export async function turnOf(
  reflexClass: ReflexClass,
  action: string,
  options: TurnOptions = {},
): Promise<TurnRun> {
  const { stored = {}, state: stateOptions, page = () => plainPage, onState, ...given } = options;
  const asked: PageRequest[] = [];
  const store: SessionStore = {
    read: (key) => structuredClone(stored[key]),
    keys: () => Object.keys(stored),
  };
  const visitor = { cookies: { header: "", isSecure: true } };
  const state = new TurnState({ id: "session", store, visitor, ...stateOptions });
  onState?.(state);
  const input: TurnInput = {
    callId: "call",
    idempotencyKey: "key",
    target: `It#${action}`,
    detail: {},
    url: new URL("https://site.example/page"),
    env: undefined,
    ...given,
    state,
  };
  const end = await runTurn(
    input,
    { state, shown: undefined },
    {
      registry: new ReflexRegistry({ It: reflexClass }),
      renderPage: async (request) => {
        asked.push(request);
        return page(request);
      },
    },
  );
  return { end, asked, written: Object.fromEntries(state.close().changes) };
}

const plainPage: PageResult = { kind: "view", view: html`<body><p>page</p></body>` };
