import { describe, expect, it } from "vitest";
import type { ClassContext } from "../../src/app/object-classes.ts";
import { LIMITS } from "../../src/protocol/limits.ts";
import worker from "../support/worker.ts";
import { workerContext } from "../support/worker-context.ts";

describe("topics outside of sessions", () => {
  it("are touched, and given operations, by whoever has a context", async () => {
    const touched = worker.touch(workerContext(), "outside:1", { changed: ["name"] });
    await expect(touched).resolves.toBeUndefined();
    const chat = worker.cable(workerContext(), "outside:1");
    await expect(chat.append("#log", { html: "hi" }).broadcast()).resolves.toBeUndefined();
    await expect(chat.broadcast()).resolves.toBeUndefined();
  });

  it("refuse what is no topic, and what is too large", async () => {
    await expect(worker.touch(workerContext(), "a topic")).rejects.toMatchObject({ code: "topic-name" });
    expect(() => worker.cable(workerContext(), "a#b")).toThrow(
      expect.objectContaining({ code: "topic-name" }),
    );
    const large = worker.cable(workerContext(), "outside:1").append("#x", {
      html: "x".repeat(LIMITS.publicationChars),
    });
    await expect(large.broadcast()).rejects.toMatchObject({ code: "topic-size" });
  });

  it("say what to add where the Worker does not export their class", async () => {
    await expect(worker.touch({ exports: {} } as ClassContext, "outside:1")).rejects.toThrow(
      /export const { TopicObject } = reflex.*\[exports\.TopicObject\]/,
    );
  });
});
