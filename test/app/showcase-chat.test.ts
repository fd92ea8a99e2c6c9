import { applyD1Migrations } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { ChatStore } from "../../examples/showcase/chat/chat-store.ts";
import { KEPT, SHOWN, SHOWN_MAX } from "../../examples/showcase/chat/message.ts";

beforeAll(() => applyD1Migrations(env.DB, env.SHOWCASE_MIGRATIONS));
beforeEach(async () => {
  await env.DB.prepare("DELETE FROM messages").run();
});

/** Has so many messages be said in a room before the test. */
async function fill(room: string, count: number): Promise<void> {
  const sql = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
    INSERT INTO messages (room, visitor, name, text, said_at, call_key) SELECT ?1, 'ada', 'Ada', 'm' || i, i, ?1 || i FROM n`;
  if (count > 0) await env.DB.prepare(sql).bind(room, count).run();
}

const texts = async (store: ChatStore, from?: number) =>
  (await store.last("ada", from)).messages.map(({ text }) => text);

describe("a room of the chat", () => {
  it("has what was said in it, in its order, and marks for each visitor what is their own", async () => {
    const store = new ChatStore(env.DB, "lobby");
    await store.say({ visitor: "ada", name: "Ada", text: "Tea?", key: "1" });
    await new ChatStore(env.DB, "kitchen").say({ visitor: "ada", name: "Ada", text: "Cups?", key: "2" });
    await store.say({ visitor: "grace", name: "Grace", text: "Please.", key: "3" });
    const { messages, hasOlder } = await store.last("grace");
    expect(messages.map(({ name, text, isOwn }) => ({ name, text, isOwn }))).toEqual([
      { name: "Ada", text: "Tea?", isOwn: false },
      { name: "Grace", text: "Please.", isOwn: true },
    ]);
    expect(hasOlder).toBe(false);
    expect(JSON.stringify(messages)).not.toContain('"ada"');
  });

  it("has a message once, however often its call runs", async () => {
    const store = new ChatStore(env.DB, "lobby");
    for (const _ of [1, 2]) await store.say({ visitor: "ada", name: "Ada", text: "Once", key: "1" });
    expect(await texts(store)).toEqual(["Once"]);
  });

  it("is read back to its beginning, look by look, without a gap, as far as a page goes", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: SHOWN_MAX + 60 }), async (count) => {
        await env.DB.prepare("DELETE FROM messages").run();
        await fill("lobby", count);
        const store = new ChatStore(env.DB, "lobby");
        let from: number | undefined;
        let looks = 0;
        for (let shown = await store.last("ada"); ; shown = await store.last("ada", from)) {
          const length = Math.min(count, SHOWN * (looks + 1), SHOWN_MAX);
          const expected = Array.from({ length }, (_, index) => `m${count - length + index + 1}`);
          expect(shown.messages.map(({ text }) => text)).toEqual(expected);
          expect(shown.hasOlder).toBe(length < count && length < SHOWN_MAX);
          if (!shown.hasOlder) break;
          from = await store.olderThan(shown.messages[0]?.id ?? 0);
          looks += 1;
        }
      }),
      { numRuns: 10 },
    );
    expect(await new ChatStore(env.DB, "lobby").olderThan(-1)).toBeUndefined();
  });

  it("forgets the oldest of too many messages, of its own alone", async () => {
    await fill("lobby", KEPT);
    await fill("kitchen", KEPT);
    await new ChatStore(env.DB, "lobby").say({ visitor: "ada", name: "Ada", text: "One more", key: "more" });
    const { results } = await env.DB.prepare(
      "SELECT room, count(*) AS count, min(said_at) AS oldest FROM messages GROUP BY room ORDER BY room",
    ).all();
    expect(results).toEqual([
      { room: "kitchen", count: KEPT, oldest: 1 },
      { room: "lobby", count: KEPT, oldest: 2 },
    ]);
  });
});
