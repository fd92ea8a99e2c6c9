import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Listener, openAudience } from "../../bench/audience.ts";
import { allKnow, assertAllHeard, begin, Publisher, Running, TOPIC_PATH } from "../../bench/publisher.ts";
import { LIMITS } from "../../src/protocol/limits.ts";

const SOCKETS = 1_000;
const CHANGES_PER_SECOND = 20;
/** How long changes come before memory is looked at, and from then on. The whole minute is the bench's: `topics.minute`. */
const WARM_UP_SECONDS = 4;
const SECONDS = 6;

let running: Running;

beforeEach(async () => {
  running = await Running.start("--expose-gc");
});
afterEach(() => running.stop());

function open(sessions: number): Promise<readonly Listener[]> {
  const { origin } = running.worker;
  return openAudience({ origin, sessions, tabs: 1, path: TOPIC_PATH, told: () => {} });
}

/** Resident memory once there is no garbage. */
async function settledBytes(): Promise<number> {
  await running.worker.collectGarbage();
  return running.residentBytes;
}

describe("a thousand sockets on one topic", () => {
  it("are told of twenty changes a second, each once and in one order, in memory that does not grow", async () => {
    const audience = await open(SOCKETS);
    const publisher = new Publisher(running.worker.origin, "broadcast");
    await begin(audience, publisher);
    const [early, late] = [WARM_UP_SECONDS * CHANGES_PER_SECOND, SECONDS * CHANGES_PER_SECOND];
    await publisher.publishMany(early, CHANGES_PER_SECOND);
    await allKnow(audience, publisher.last);
    const bytes = await settledBytes();
    await publisher.publishMany(late, CHANGES_PER_SECOND);
    await allKnow(audience, publisher.last);
    assertAllHeard(audience, early + late);
    expect((await settledBytes()) / bytes).toBeLessThan(1.15);
    // What comes while a session is told goes with its next frame.
    const frames = audience.reduce((sum, listener) => sum + listener.frames, 0);
    expect(frames).toBeLessThanOrEqual(SOCKETS * (early + late));
    for (const listener of audience) listener.close();
  }, 300_000);
});

describe("a socket that is not read", () => {
  it("delays nobody, and is told everything that it has missed when it is", async () => {
    const audience = await open(20);
    const publisher = new Publisher(running.worker.origin, "broadcast");
    await begin(audience, publisher);
    const [slow, ...others] = audience;
    slow?.pause();
    // More than it is sent unread, and no more than the topic keeps of those that it is not.
    const changes = LIMITS.unreadFrames + LIMITS.keptPublications / 2;
    for (let done = 0; done < changes; done += 1) await publisher.publish();
    await allKnow(others, publisher.last);
    expect(slow?.count).toBe(0);
    slow?.resume();
    await allKnow(audience, publisher.last);
    assertAllHeard(audience, changes);
    for (const listener of audience) listener.close();
  }, 60_000);
});
