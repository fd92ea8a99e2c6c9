import { beforeEach, describe, expect, it } from "vitest";
import {
  forgetOtherTests,
  forgetRests,
  newsOf,
  newTopic,
  placesOf,
  quiet,
  settled,
  shows,
  titlesOf,
} from "../support/topic-tabs.ts";
import { rests } from "../support/topics-site.ts";
import { logged } from "../support/worker.ts";

beforeEach(forgetOtherTests);

describe("a page that rests on a topic", () => {
  it("is rendered again for its own visitor when another session touches the topic", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const bob = await settled("bob", [topic]);
    forgetRests();
    await bob.call("Talker#touchTopic", { args: [topic, "hello"] });
    await ada.until(() => shows(ada, "hello"));
    expect([rests.toSorted(), logged]).toEqual([["ada", "bob"], []]);
    expect(newsOf(ada)).toEqual([["", ["1", "hello"]]]);
  });

  it("is not rendered twice for the tab whose reflex touched it, and its session's other tabs are rendered once", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const other = await settled("ada", [topic], ada.cookie);
    forgetRests();
    const { updates } = await ada.call("Talker#touchTopic", { args: [topic, "mine"] });
    await other.until(() => shows(other, "mine"));
    await quiet(ada);
    expect([updates, rests]).toEqual([[["", ["1", "mine"]]], ["ada", "ada"]]);
    expect(newsOf(ada)).toEqual([]);
  });

  it("is rendered for the tab whose reflex touched it, when that rendered no page", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    forgetRests();
    expect((await ada.call("Talker#touchQuietly", { args: [topic, "later"] })).updates).toEqual([]);
    await ada.until(() => shows(ada, "later"));
    expect(rests).toEqual(["ada"]);
  });

  it("carries out what is broadcast in the topic, in its order, behind the place of the last", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const bob = await settled("bob", [topic]);
    forgetRests();
    const frames = ada.frames.length;
    await bob.call("Talker#say", { args: [topic, "one", "two", "three"] });
    for (const tab of [ada, bob]) await tab.until(() => titlesOf(tab).length === 3);
    expect([titlesOf(ada), titlesOf(bob), rests]).toEqual([
      ["one", "two", "three"],
      ["one", "two", "three"],
      [],
    ]);
    // One frame for all three, with the place behind the last of them first.
    expect(ada.frames.length).toBe(frames + 1);
    const [before, after] = placesOf(ada, topic).slice(-2);
    expect([before?.split(".")[0], Number(before?.split(".")[1]) + 3]).toEqual([
      after?.split(".")[0],
      Number(after?.split(".")[1]),
    ]);
  });

  it("hears nothing of a turn that fails", async () => {
    const topic = newTopic();
    const ada = await settled("ada", [topic]);
    const bob = await settled("bob", [topic]);
    forgetRests();
    expect((await bob.call("Talker#touchThenFail", { args: [topic] })).outcome).toBe("reflex-failed");
    await bob.call("Talker#say", { args: [topic, "after"] });
    await ada.until(() => titlesOf(ada).length === 1);
    expect([titlesOf(ada), rests]).toEqual([["after"], []]);
  });
});
