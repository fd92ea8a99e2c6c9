import { LIMITS } from "../src/protocol/limits.ts";
import { TICKET_HEADER } from "../src/protocol/names.ts";
import { CALL_REFUSALS, type CallRefusalCode } from "../src/protocol/refusals.ts";
import { UPDATE_HEADER } from "../src/protocol/stream-names.ts";
import { IDENTITY_HEADER } from "../src/security/identity-headers.ts";
import { EXCHANGES_KEY, type Exchange, type Exchanges } from "../src/session/exchange.ts";
import type { TurnState } from "../src/state/turn-state.ts";
import { DeadlineError, withDeadline } from "../src/turn/deadline.ts";
import type { TurnQueue } from "../src/turn/turn-queue.ts";
import type { PageKeeper } from "./page-keeper.ts";
import type { SessionStanding } from "./session-standing.ts";
import type { StoredCall, StoredSession } from "./session-store.ts";
import type { SessionTopics } from "./session-topics.ts";
import type { SessionWriter } from "./session-writer.ts";
import type { Tab } from "./tab.ts";
import { type TurnStates, tabBefore } from "./turn-states.ts";
import type { TurnSurroundings } from "./turn-surroundings.ts";

/** What visits share with the session's other turns. */
export interface VisitPorts<Env> {
  readonly queue: TurnQueue;
  readonly store: StoredSession;
  readonly states: TurnStates<Env>;
  readonly pages: PageKeeper<Env>;
  readonly writer: SessionWriter<Env>;
  readonly standing: SessionStanding;
  readonly topics: SessionTopics<Tab>;
}

/** Answers what comes over HTTP: pages that browsers load, and what they fetch because a socket cannot carry it. */
export class SessionVisits<Env> {
  readonly #surroundings: TurnSurroundings<Env>;
  readonly #ports: VisitPorts<Env>;

  constructor(surroundings: TurnSurroundings<Env>, ports: VisitPorts<Env>) {
    this.#surroundings = surroundings;
    this.#ports = ports;
  }

  /** Answers a page request. Never rejects. */
  async visit(request: Request): Promise<Response> {
    const { queue, states, pages, topics } = this.#ports;
    if (!queue.hasRoom()) return unavailable("too-many-waiting");
    return await queue.run(async () => {
      const elsewhere = this.#whyNot(request);
      if (elsewhere !== undefined) return elsewhere;
      await states.prepare();
      if (request.method === "GET" && request.headers.has(UPDATE_HEADER)) return await this.#update(request);
      const visit = Math.floor(Math.random() * 2 ** 30).toString(36);
      const from = tabBefore(request);
      const state = states.forVisit(request, visit, from);
      const at = topics.now;
      try {
        const response = await this.#serve(request, state, visit);
        const { pathname, search } = new URL(request.url);
        const { subscribed } = state.topics;
        pages.visited(visit, { from, shown: state.flash.shown, path: pathname + search, subscribed, at });
        return response;
      } catch (cause) {
        const id = crypto.randomUUID();
        this.#log(request, id, cause);
        return unavailable(cause instanceof DeadlineError ? "turn-timeout" : "page-failed", id);
      } finally {
        state.abandon();
      }
    });
  }

  /**
   * Hands a browser what it has a ticket for. Again when it asks again: its answer may have been lost. Without a ticket, says
   * what its cookie is worth.
   */
  async exchange(request: Request): Promise<Response> {
    const ticket = request.headers.get(TICKET_HEADER) ?? "";
    if (ticket === "") return this.#whyNot(request) ?? new Response(null, { status: 204, headers: NO_STORE });
    const exchanges = this.#ports.store.read(EXCHANGES_KEY) as Exchanges | undefined;
    const exchange = exchanges?.get(ticket);
    const { now } = this.#surroundings.runtime;
    if (exchange === undefined || exchange.at < now() - LIMITS.exchangeMs)
      return new Response("There is nothing for this ticket any more", { status: 410, headers: NO_STORE });
    await this.#adopt(exchange.next, new URL(request.url).origin);
    const answer = new Response(null, { status: 204, headers: NO_STORE });
    // Of two changes the browser may ask for the earlier one last, and would put its useless cookie over the good one.
    const isLate = this.#ports.standing.isBefore(exchange.generation);
    return withIdentity(answer, isLate ? { cookies: exchange.cookies } : exchange);
  }

  /** The answer to a request whose cookie is of no use; `undefined` when it is. */
  #whyNot(request: Request): Response | undefined {
    const standing = this.#ports.standing.of(request);
    if (standing === "current") return undefined;
    // Its browser is just being given the next one: it asks again with that.
    const headers = { ...NO_STORE, [IDENTITY_HEADER]: standing, "Retry-After": "1", Refresh: "1" };
    return new Response("Your session is moving; this page loads again in a second.", {
      status: 503,
      headers,
    });
  }

  /** Renders a page for elements of one that a tab shows already: as any page that is rendered again, it commits nothing. */
  async #update(request: Request): Promise<Response> {
    const { runtime, env, ctx } = this.#surroundings;
    const state = this.#ports.states.forUpdate(request);
    try {
      const page = runtime.servePage({ request, state, visit: "", env, ctx });
      const { response, failure } = await withDeadline(page, LIMITS.turnMs, runtime.timer);
      if (failure !== undefined) this.#log(request, crypto.randomUUID(), failure);
      return withoutIdentity(response);
    } catch (cause) {
      const id = crypto.randomUUID();
      this.#log(request, id, cause);
      return unavailable(cause instanceof DeadlineError ? "turn-timeout" : "page-failed", id);
    } finally {
      state.abandon();
    }
  }

  async #serve(request: Request, state: TurnState, visit: string): Promise<Response> {
    const { runtime, env, ctx } = this.#surroundings;
    const page = runtime.servePage({ request, state, visit, env, ctx });
    const { response: said, failure } = await withDeadline(page, LIMITS.turnMs, runtime.timer);
    const response = withoutIdentity(said);
    if (failure !== undefined) {
      this.#log(request, crypto.randomUUID(), failure);
      return response;
    }
    const writes = state.close();
    const { origin } = new URL(request.url);
    this.#ports.writer.write(writes, { origin });
    // The session has ended whatever becomes of this: its visitor must get the next one.
    await this.#adopt(writes.next, origin).catch((cause) => this.#log(request, crypto.randomUUID(), cause));
    return withIdentity(response, writes);
  }

  /** What was written for a session that takes the place of this one is written there before its visitor comes. */
  async #adopt(next: Exchange["next"], origin: string): Promise<void> {
    if (next === undefined || (next.seed.size === 0 && next.heir === undefined)) return;
    const { runtime, ctx } = this.#surroundings;
    // Only SessionWriter writes an heir.
    const heir = next.heir as StoredCall | undefined;
    await runtime.sessionAt(ctx, next.session.name).adopt(next.seed, origin, heir);
  }

  #log(request: Request, id: string, cause: unknown): void {
    const { pathname, search } = new URL(request.url);
    this.#surroundings.runtime.log({ event: "page-failed", id, url: pathname + search, cause });
  }
}

const NO_STORE = { "Cache-Control": "no-store" };

/** With the cookies that were set, and for the Worker, which has the keys, what to make the session's own of. */
function withIdentity(
  response: Response,
  { cookies, generation, next }: Pick<Exchange, "cookies" | "generation" | "next">,
): Response {
  const identity = next === undefined ? generation : `${next.session.visitor}.0`;
  if (cookies.length === 0 && identity === undefined) return response;
  const answer = new Response(response.body, response);
  for (const line of cookies) answer.headers.append("Set-Cookie", line);
  if (cookies.length > 0) answer.headers.set("Cache-Control", "private, no-store");
  if (identity !== undefined) answer.headers.set(IDENTITY_HEADER, String(identity));
  return answer;
}

/** The Worker believes what this header says, and an application may pass on what another server has answered. */
function withoutIdentity(response: Response): Response {
  if (!response.headers.has(IDENTITY_HEADER)) return response;
  const answer = new Response(response.body, response);
  answer.headers.delete(IDENTITY_HEADER);
  return answer;
}

function unavailable(code: CallRefusalCode, id?: string): Response {
  const text = id === undefined ? CALL_REFUSALS[code] : `${code}: see the server's log for ${id}`;
  return new Response(text, { status: 503, headers: NO_STORE });
}
