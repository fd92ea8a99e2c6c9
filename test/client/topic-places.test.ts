import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rememberPlaces } from "../../client/topic-places.ts";
import { CLIENT_LIMITS } from "../../src/protocol/limits.ts";
import type { Update } from "../../src/protocol/messages.ts";

describe("rememberPlaces", () => {
  it("keeps the last place of each topic, of as many topics as are kept", () => {
    const topic = fc.integer({ min: 0, max: 2 * CLIENT_LIMITS.keptPositions }).map((number) => `t${number}`);
    const place = fc.tuple(fc.constant("at" as const), topic, fc.string());
    const other = fc.constantFrom<Update>(["title", "a"], ["op", "reload", {}], ["0.1", ["", "text"]]);
    const frames = fc.array(fc.array(fc.oneof<fc.Arbitrary<Update>[]>(place, other)), { maxLength: 200 });
    fc.assert(
      fc.property(frames, (frames) => {
        const positions: Record<string, string> = {};
        const model = new Map<string, string>();
        for (const updates of frames) {
          rememberPlaces(updates, positions);
          for (const update of updates) {
            if (update[0] !== "at") continue;
            const [, topic, position] = update as ["at", string, string];
            model.delete(topic);
            model.set(topic, position);
          }
          while (model.size > CLIENT_LIMITS.keptPositions) model.delete([...model.keys()][0] ?? "");
        }
        expect(Object.entries(positions)).toEqual([...model]);
      }),
    );
  });
});
