import { describe, expect, it } from "vitest";
import type { RosterAnswer } from "../../src/topics/presence-messages.ts";
import { Rosters } from "../../src/topics/rosters.ts";

const TOPIC = "chat:7";

/** A topic whose answers a test lets come. */
class AskedTopic {
  readonly known: (string | undefined)[] = [];
  isFollowed = true;
  came = 0;
  readonly #answers: ((answer: RosterAnswer | Error) => void)[] = [];
  readonly rosters = new Rosters({
    ask: (_, known) => {
      this.known.push(known);
      return new Promise((resolve, reject) => {
        this.#answers.push((answer) => (answer instanceof Error ? reject(answer) : resolve(answer)));
      });
    },
    idIn: async () => "me",
    isFollowed: () => this.isFollowed,
    came: () => {
      this.came += 1;
    },
  });

  /** Answers the question that was asked first of those without an answer. */
  async answer(answer: RosterAnswer | Error): Promise<void> {
    await Promise.resolve();
    this.#answers.shift()?.(answer);
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }
}

function roster(version: string, ...ids: readonly string[]): RosterAnswer {
  const listed = JSON.stringify(ids.map((id) => ({ id, meta: null, tabs: 1, since: 1 })));
  return { kind: "roster", version, count: ids.length, listed };
}

describe("who is present, as a session knows it", () => {
  it("is asked for once for each change, however many pages want to know", async () => {
    const topic = new AskedTopic();
    const pages = Promise.all([topic.rosters.of(TOPIC), topic.rosters.of(TOPIC)]);
    await topic.answer(roster("1", "me"));
    expect((await pages).map((list) => list.map(({ isSelf }) => isSelf))).toEqual([[true], [true]]);
    await topic.rosters.of(TOPIC);
    expect(topic.known).toEqual([undefined]);
    topic.rosters.changed(TOPIC);
    const next = topic.rosters.of(TOPIC);
    await topic.answer({ kind: "same" });
    expect((await next).length).toBe(1);
    expect(topic.known).toEqual([undefined, "1"]);
    expect(topic.came).toBe(2);
  });

  it("is asked for again when it changes while the answer is on its way", async () => {
    const topic = new AskedTopic();
    const before = topic.rosters.of(TOPIC);
    topic.rosters.changed(TOPIC);
    const behind = topic.rosters.of(TOPIC);
    await topic.answer(roster("1", "me"));
    await topic.answer(roster("2", "me", "you"));
    expect([(await before).length, (await behind).length]).toEqual([1, 2]);
    expect((await topic.rosters.of(TOPIC)).length).toBe(2);
    expect(topic.known.length).toBe(2);
  });

  it("is asked for each time where the session is told no changes", async () => {
    const topic = new AskedTopic();
    topic.isFollowed = false;
    const first = topic.rosters.of(TOPIC);
    await topic.answer(roster("1", "me"));
    await first;
    const second = topic.rosters.of(TOPIC);
    await topic.answer(roster("1", "me"));
    await second;
    topic.isFollowed = true;
    const third = topic.rosters.of(TOPIC);
    await topic.answer(roster("1", "me"));
    await third;
    expect(topic.known).toEqual([undefined, undefined, undefined]);
  });

  it("is asked for three times of a topic that fails, and then given up", async () => {
    const topic = new AskedTopic();
    const list = topic.rosters.of(TOPIC);
    await topic.answer(new Error("gone"));
    await topic.answer(new Error("gone"));
    await topic.answer(roster("1", "you"));
    expect((await list).length).toBe(1);
    topic.rosters.changed(TOPIC);
    const failing = expect(topic.rosters.of(TOPIC)).rejects.toThrow("gone for good");
    for (const cause of ["gone", "gone", "gone for good"]) await topic.answer(new Error(cause));
    await failing;
    const again = topic.rosters.of(TOPIC);
    await topic.answer({ kind: "same" });
    expect((await again).length).toBe(1);
  });
});
