import { SUBPROTOCOL } from "../src/protocol/names.ts";

/** A network, for developers who want to see their application on it. */
export interface Conditions {
  /** How long a message takes, there and back together, in milliseconds. */
  readonly latencyMs?: number;
  /** How much longer it may take, at random, in milliseconds. */
  readonly jitterMs?: number;
  /** The share of messages that are lost, and the connection with them, from 0 to 1. */
  readonly loss?: number;
}

let conditions: Required<Conditions> | undefined;
let plainWebSocket: typeof WebSocket | undefined;

/**
 * Puts a bad network between this page and its session, from the next moment on: for the page's own socket, not for pages,
 * files and requests. Called again, replaces it; without an argument, takes it away. Not meant for visitors.
 *
 * Throws a `RangeError` for conditions that no network has.
 *
 * @example
 * const reflex = await import("/_reflex/simulate.js");
 * reflex.simulate({ latencyMs: 300, jitterMs: 200, loss: 0.02 });
 */
export function simulate(wanted?: Conditions): void {
  conditions = wanted && checked(wanted);
  plainWebSocket ??= globalThis.WebSocket;
  globalThis.WebSocket = conditions === undefined ? plainWebSocket : simulated(plainWebSocket);
  // What the browser says when it is on another network: the client leaves its socket for a new one.
  dispatchEvent(new Event("online"));
}

function checked(wanted: Conditions): Required<Conditions> {
  const { latencyMs = 0, jitterMs = 0, loss = 0, ...others } = wanted;
  const isTime = (milliseconds: number) => milliseconds >= 0 && milliseconds <= 60_000;
  const isKnown = Object.keys(others).length === 0;
  if (isKnown && isTime(latencyMs) && isTime(jitterMs) && loss >= 0 && loss <= 1)
    return { latencyMs, jitterMs, loss };
  throw new RangeError(
    `No network: ${JSON.stringify(wanted)}; expected latencyMs and jitterMs of 0 to 60000 ms, and a loss of 0 to 1`,
  );
}

/** Sockets of the client over that network; other sockets of the page are left alone. */
function simulated(Plain: typeof WebSocket): typeof WebSocket {
  return new Proxy(Plain, {
    construct: (target, [url, protocol]: [string, string]) =>
      protocol === SUBPROTOCOL ? new SlowSocket(new target(url, protocol)) : new target(url, protocol),
  });
}

/** What the client uses of a WebSocket, each message in its order and late. */
class SlowSocket extends EventTarget {
  readonly #socket: WebSocket;
  /** What is on its way up and down: each message waits for the one before it. */
  #up = Promise.resolve();
  #down = Promise.resolve();
  #isLost = false;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    socket.addEventListener("open", () => this.#receive(new Event("open")));
    socket.addEventListener("message", ({ data }) => this.#receive(new MessageEvent("message", { data })));
    socket.addEventListener("close", ({ code, reason, wasClean }) => this.#end({ code, reason, wasClean }));
  }

  send(text: string): void {
    // What is on its way arrives, also when the connection is lost behind it.
    if (!this.#isLostNow()) this.#up = late(this.#up, () => this.#send(text));
  }

  #send(text: string): void {
    // The server may have closed it meanwhile.
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  close(code?: number): void {
    this.#socket.close(code);
  }

  #receive(event: Event): void {
    if (this.#isLostNow()) return;
    this.#down = late(this.#down, () => {
      if (!this.#isLost) this.dispatchEvent(event);
    });
  }

  #isLostNow(): boolean {
    if (!this.#isLost && Math.random() < (conditions?.loss ?? 0)) {
      this.#isLost = true;
      void late(this.#up, () => this.#socket.close());
      // Not at once: no socket tells of its end while it is being written to.
      void late(Promise.resolve(), () => this.dispatchEvent(new CloseEvent("close", { code: 1006 })));
    }
    return this.#isLost;
  }

  #end(how: CloseEventInit): void {
    if (this.#isLost) return;
    this.#isLost = true;
    this.dispatchEvent(new CloseEvent("close", how));
  }
}

/** Runs something when a message would arrive that is sent now, and not before the one before it has. */
async function late(before: Promise<void>, run: () => void): Promise<void> {
  const { latencyMs, jitterMs } = conditions ?? { latencyMs: 0, jitterMs: 0 };
  const delayMs = (latencyMs + Math.random() * jitterMs) / 2;
  const due = new Promise((resolve) => setTimeout(resolve, delayMs));
  await before;
  await due;
  run();
}
