import { cloudflareTest, readD1Migrations } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Rooms without a runtime of their own: plain Node. */
const PURE_ROOMS = [
  "protocol",
  "render",
  "diff",
  "reflex",
  "session",
  "state",
  "cable",
  "cache",
  "security",
  "time",
  "topics",
  "turn",
  "uploads",
  "client",
  "scripts",
  "simulation",
  "support",
  "showcase",
];

/** Tests that run Workers, and a browser in front of them. */
const SITES = {
  globalSetup: ["test/support/build-sites.ts"],
  // Every file starts a server and a browser of its own; two at a time is what two cores carry.
  maxWorkers: 2,
  testTimeout: 30_000,
  hookTimeout: 60_000,
};

/**
 * What runs a second time with eviction before every frame. All of the tests hold; left out are files that say more of the
 * client than of the server, or have no session object.
 */
const EVICTED_FILES = [
  "showcase",
  "clicks",
  "elements",
  "todos",
  "rows",
  "connection",
  "stimulate",
  "healing",
  "patch",
  "timer",
  "board",
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
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./test/support/wrangler.toml" },
            miniflare: {
              bindings: { SHOWCASE_MIGRATIONS: await readD1Migrations("examples/showcase/migrations") },
            },
          }),
        ],
        resolve: { conditions: ["edge-reflex-source"] },
        test: {
          name: "workerd",
          include: ["test/app/**/*.test.ts", "test/durable-objects/**/*.test.ts"],
        },
      },
      { test: { ...SITES, name: "browser", include: ["test/browser/**/*.test.ts"] } },
      {
        test: {
          ...SITES,
          // The same laws, while every frame of a browser finds its session object asleep.
          name: "evicted",
          env: { EVICTED: "yes" },
          include: EVICTED_FILES.map((name) => `test/browser/${name}.test.ts`),
        },
      },
      {
        test: {
          name: "chaos",
          include: ["test/chaos/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
