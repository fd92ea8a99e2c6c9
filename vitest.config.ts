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

/**
 * For the tests of every project. Two files at a time are what two cores carry; projects that say the same number run in one row,
 * and one that says another, or none, runs behind them. The time until a test is given up is for one that hangs: what has to be
 * fast measures that itself.
 */
const EVERY = { maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 };

/**
 * For files that leave nothing behind in their process: the next one runs in the same, and does not load again what this one has.
 * Those in workerd do leave something: their objects live on, with their alarms.
 */
const SHARED = { ...EVERY, isolate: false };

/** Tests that run Workers, and a browser in front of them: a server and a browser for each file. */
const SITES = { ...SHARED, globalSetup: ["test/support/build-sites.ts"] };

/** What runs a second time with eviction before every frame. Left out are files that say more of the client than of the server. */
const EVICTED_TOO = [
  "showcase",
  "clicks",
  "elements",
  "connection",
  "stimulate",
  "healing",
  "patch",
  "timer",
  "board",
];

/**
 * What runs with eviction alone: applications whose laws are of what they do and of what a page keeps, by calls of a kind that
 * others make of an object that is awake.
 */
const EVICTED_ONLY = ["todos", "rows"];

const inBrowser = (names: readonly string[]) => names.map((name) => `test/browser/${name}.test.ts`);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
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
          ...EVERY,
          name: "workerd",
          include: ["test/app/**/*.test.ts", "test/durable-objects/**/*.test.ts"],
        },
      },
      {
        test: {
          ...SITES,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          exclude: inBrowser(EVICTED_ONLY),
        },
      },
      {
        test: {
          ...SITES,
          // The same laws, while every frame of a browser finds its session object asleep.
          name: "evicted",
          env: { EVICTED: "yes" },
          include: inBrowser([...EVICTED_TOO, ...EVICTED_ONLY]),
        },
      },
      {
        test: {
          ...EVERY,
          // By itself, behind all others: what it does to a runtime is to be all that is slow there.
          maxWorkers: 1,
          name: "chaos",
          include: ["test/chaos/**/*.test.ts"],
          testTimeout: 180_000,
        },
      },
    ],
  },
});
