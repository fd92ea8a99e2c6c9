import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { Publishers } from "../../src/topics/publishers.ts";
import { MemoryNodeStore } from "../support/memory-node-store.ts";

const operations = { kind: "operations" as const, operations: [] };

describe("the publishers of a topic", () => {
  it("are known by their last number, whatever nobody heard of them before", () => {
    const publishers = new Publishers(new MemoryNodeStore(), () => 0);
    publishers.miss({ publisher: "ada", number: 5 });
    const one = { id: { publisher: "ada", number: 6 }, published: operations };
    expect(publishers.withoutCopies([one])).toEqual([one]);
    publishers.keep({ seq: 1, settled: 0, ...one });
    for (let seq = 2; seq <= LIMITS.keptPublications + 1; seq += 1)
      publishers.keep({ seq, settled: 0, published: operations });
    expect(publishers.withoutCopies([one])).toEqual([]);
  });
});
