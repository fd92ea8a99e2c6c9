import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import type { RegionAnswer, RegionNode } from "../../src/topics/region-messages.ts";
import type { TopicNode } from "../../src/topics/topic-messages.ts";
import { boards } from "../support/region-site.ts";
import { logged } from "../support/worker.ts";

/** The root of a region's topic: the types of remote calls are another's, their shapes the same. */
const rootAt = (name: string) => exports.TopicObject.getByName(name) as unknown as RegionNode & TopicNode;

/** Of an answer that a region has. */
const placeOf = (answer: RegionAnswer): string => (answer.kind === "region" ? answer.place : "");

const touch = { published: { kind: "touch" as const } };

describe("the root of a topic that is a region", () => {
  it("renders it once for all who ask, and answers without HTML whoever has it", async () => {
    boards.begin("board:ask", ["a"]);
    const root = rootAt("board:ask");
    const answers = await Promise.all([root.region(), root.region()]);
    expect(answers[0]).toEqual({
      kind: "region",
      place: expect.stringMatching(/^[0-9a-z]{8}\.0$/),
      html: expect.stringMatching(/^<ol data-r="@[0-9a-z]{6}" class="board"><li/),
    });
    expect(answers[1]).toEqual(answers[0]);
    const place = placeOf(answers[0]);
    expect(await root.region(place)).toEqual({ kind: "region", place });
    expect(boards.renders).toEqual(["board:ask"]);
  });

  it("renders nothing for nobody, and answers with another place behind a change", async () => {
    boards.begin("board:nobody", ["a"]);
    const root = rootAt("board:nobody");
    const before = await root.region();
    boards.cells.set("board:nobody", ["b"]);
    await root.publish([touch]);
    expect(boards.renders).toHaveLength(1);
    const after = await root.region(placeOf(before));
    expect(after).toMatchObject({ html: expect.stringContaining("<b>b</b>") });
    expect(after).not.toMatchObject({ place: placeOf(before) });
  });

  it("takes a touch once that is told for the second time", async () => {
    boards.begin("board:twice", ["a"]);
    const root = rootAt("board:twice");
    const said = (number: number) => [{ ...touch, id: { publisher: "session", number } }];
    await Promise.all([root.publish(said(2)), root.publish(said(2))]);
    const place = placeOf(await root.region());
    await Promise.all([root.publish(said(2)), root.publish(said(1))]);
    expect(placeOf(await root.region())).toBe(place);
    await root.publish(said(3));
    expect(placeOf(await root.region())).not.toBe(place);
  });

  it("answers with another place in another life", async () => {
    boards.begin("board:life", ["a"]);
    const root = rootAt("board:life");
    const before = await root.region();
    await evictDurableObject(exports.TopicObject.getByName("board:life"));
    const again = await root.region(placeOf(before));
    expect(again).toMatchObject({ html: expect.any(String) });
    await abortAllDurableObjects();
    const after = rootAt("board:life");
    expect(await after.region()).not.toEqual(again);
  });

  it("says why a region cannot be had, and logs what threw", async () => {
    boards.begin("board:throws", ["throw"]);
    logged.length = 0;
    expect(await rootAt("board:throws").region()).toEqual({
      kind: "failed",
      message: "a secret of the region",
    });
    expect(logged).toMatchObject([
      { event: "region-failed", target: "board:throws", cause: expect.any(Error) },
    ]);
    expect(await rootAt("nothing:1").region()).toEqual({
      kind: "failed",
      message: '"nothing:1" is no region of the application: expected one of "board", before a colon',
    });
  });
});
