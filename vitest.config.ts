import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Rooms without a runtime of their own: plain Node. */
const PURE_ROOMS = [
  "protocol",
  "render",
  "diff",
  "reflex",
  "session",
  "security",
  "turn",
  "client",
  "scripts",
  "support",
];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "pure",
          include: PURE_ROOMS.map((room) => `test/${room}/**/*.test.ts`),
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./test/support/wrangler.toml" } })],
        resolve: { conditions: ["edge-reflex-source"] },
        test: {
          name: "workerd",
          include: ["test/app/**/*.test.ts", "test/durable-objects/**/*.test.ts"],
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: ["test/support/build-sites.ts"],
          // Every file starts a server and a browser of its own; two at a time is what two cores carry.
          maxWorkers: 2,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
