import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";

// Everything about the source that needs no running: `npm run check`. Goes on after a failure, so that one run
// tells all there is to mend.

/** @typedef {readonly [command: string, args: readonly string[]]} Check */

/**
 * Checks that do not disturb each other stand together, and run side by side. Each group waits for the one before it: what packs the
 * package builds `dist` anew, under the feet of all that reads it.
 *
 * @type {readonly (readonly Check[])[]}
 */
const GROUPS = [
  [
    ["tsc", ["-p", "test"]],
    ["tsc", ["-p", "test/durable-objects"]],
    ["tsc", ["-p", "tsconfig.json"]],
    ["tsc", ["-p", "client"]],
    ["tsc", ["-p", "bench"]],
    ["tsc", ["-p", "bench/app"]],
    [
      "depcruise",
      [
        "--config",
        ".dependency-cruiser.mjs",
        "src",
        "durable-objects",
        "client",
        "examples",
        "test",
        "bench",
      ],
    ],
    ["knip", []],
    ["biome", ["check", "--error-on-warnings"]],
  ],
  [["node", ["scripts/build.mjs", "--types"]]],
  // Against the declarations that applications get.
  [
    ["tsc", ["-p", "test/types"]],
    ["tsc", ["-p", "test/types/loose"]],
    ["tsc", ["-p", "test/types/documented"]],
  ],
  [["publint", ["--strict"]]],
  [["attw", ["--pack", ".", "--profile", "esm-only"]]],
];

/** @type {Check[]} */
const failed = [];
for (const group of GROUPS) {
  const waiting = [...group];
  await Promise.all(Array.from({ length: availableParallelism() }, () => runAll(waiting)));
}

const count = GROUPS.flat().length;
if (failed.length > 0) {
  console.error(`\n${failed.length} of ${count} checks failed:`);
  for (const [command, args] of failed) console.error(`  ${command} ${args.join(" ")}`);
  process.exit(1);
}
console.log(`\nAll ${count} checks passed.`);

/**
 * Takes checks from those that wait, one after another, until none is left.
 *
 * @param {Check[]} waiting
 */
async function runAll(waiting) {
  for (let check = waiting.shift(); check !== undefined; check = waiting.shift())
    if (!(await run(check))) failed.push(check);
}

/**
 * Runs a check, and writes what it wrote when it has ended, so that no two mix. Never rejects.
 *
 * @param {Check} check
 * @returns {Promise<boolean>} whether it passed
 */
async function run([command, args]) {
  let output = "";
  const child = spawn(command, args, { shell: process.platform === "win32" });
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  const hasPassed = await new Promise((resolve) => {
    child.on("close", (code) => resolve(code === 0));
    child.on("error", ({ message }) => {
      output += `${command} did not start: ${message}; run npm ci\n`;
      resolve(false);
    });
  });
  console.log(`\n> ${command} ${args.join(" ")}\n${output.trimEnd()}`);
  return hasPassed;
}
