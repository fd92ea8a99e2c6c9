import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ReconnectingSocket } from "../../client/socket.ts";
import { FakeSocket } from "../support/fake-socket.ts";
import { VirtualTime } from "../support/virtual-time.ts";

const CLIENTS = 1000;

/** Clients of one server, each with chance of its own, on one clock. */
class Crowd {
  readonly time = new VirtualTime();
  /** When sockets were asked for, in milliseconds since the server went. */
  readonly tries: number[] = [];
  readonly online = new Set<ReconnectingSocket>();
  readonly #open = new Set<FakeSocket>();
  #isUp = true;

  /** Everybody is online when this returns. */
  constructor(seed: number) {
    const random = chance(seed);
    for (let index = 0; index < CLIENTS; index += 1) this.#newClient(random).connect();
    this.time.passUntil(0);
    this.tries.length = 0;
  }

  /** The server goes, and every socket with it. */
  stop(): void {
    this.#isUp = false;
    for (const socket of this.#open) socket.drop();
    this.#open.clear();
  }

  start(): void {
    this.#isUp = true;
  }

  #newClient(random: () => number): ReconnectingSocket {
    const client: ReconnectingSocket = new ReconnectingSocket(
      {
        isWaiting: false,
        opened: () => {},
        received: () => this.online.add(client),
        dropped: () => this.online.delete(client),
        stateChanged: () => {},
      },
      { open: () => this.#connect(), later: this.time.later, random, pageUrl: () => "https://site.example/" },
    );
    return client;
  }

  #connect(): WebSocket {
    const socket = new FakeSocket();
    this.tries.push(this.time.now);
    this.time.later(0, () => {
      if (!this.#isUp) return socket.drop();
      this.#open.add(socket);
      socket.open();
      socket.receive("welcome");
    });
    // The client uses no more of a WebSocket than this.
    return socket as unknown as WebSocket;
  }
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How many of the times fall into each of ten equal parts of a span. */
function tenths(times: readonly number[], start: number, end: number): readonly number[] {
  const counts: number[] = new Array(10).fill(0);
  for (const time of times) {
    const part = Math.floor((10 * (time - start)) / (end - start));
    if (part in counts) counts[part] = (counts[part] ?? 0) + 1;
  }
  return counts;
}

const seeds = fc.integer({ min: 0, max: 2 ** 31 });

describe("a thousand clients whose server restarts", () => {
  it("come back spread evenly over the first pause, each once", () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const crowd = new Crowd(seed);
        crowd.stop();
        crowd.start();
        crowd.time.passUntil(400);
        expect(crowd.online.size).toBe(CLIENTS);
        expect(crowd.tries).toHaveLength(CLIENTS);
        // A hundred each, and five standard deviations.
        for (const count of tenths(crowd.tries, 0, 400)) expect(Math.abs(count - 100)).toBeLessThan(50);
      }),
      { numRuns: 25 },
    );
  });

  it("ask less and less often while it is away, and are all back within five seconds of its return, never all at once", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 10_000, max: 30_000 }), (seed, awayMs) => {
        const crowd = new Crowd(seed);
        crowd.stop();
        crowd.time.passUntil(awayMs);
        expect(crowd.online.size).toBe(0);
        // Every pause has grown to its bound of five seconds by then: two and a half on average.
        const last = crowd.tries.filter((at) => at >= awayMs - 2500);
        expect(last.length).toBeLessThan(1.2 * CLIENTS);
        crowd.tries.length = 0;
        crowd.start();
        crowd.time.passUntil(awayMs + 5000);
        expect(crowd.online.size).toBe(CLIENTS);
        expect(crowd.tries).toHaveLength(CLIENTS);
        // Of pauses of any length up to a bound, most that run end in their first part: a fifth in the first tenth.
        for (const count of tenths(crowd.tries, awayMs, awayMs + 5000)) expect(count).toBeLessThan(280);
      }),
      { numRuns: 10 },
    );
  });
});
