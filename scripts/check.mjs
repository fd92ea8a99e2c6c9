import { spawnSync } from "node:child_process";

// Everything about the source that needs no running: `npm run check`. Goes on after a failure, so that one run
// tells all there is to mend.

const CHECKS = [
  ["biome", ["check", "--error-on-warnings"]],
  ["tsc", ["-p", "tsconfig.json"]],
  ["tsc", ["-p", "client"]],
  ["tsc", ["-p", "test"]],
  ["tsc", ["-p", "test/durable-objects"]],
  ["tsc", ["-p", "bench"]],
  ["tsc", ["-p", "bench/app"]],
  [
    "depcruise",
    ["--config", ".dependency-cruiser.mjs", "src", "durable-objects", "client", "examples", "test", "bench"],
  ],
  ["knip", []],
  ["node", ["scripts/build.mjs", "--types"]],
  // Against the declarations that applications get.
  ["tsc", ["-p", "test/types"]],
  ["tsc", ["-p", "test/types/loose"]],
  ["tsc", ["-p", "test/types/documented"]],
  ["publint", ["--strict"]],
  ["attw", ["--pack", ".", "--profile", "esm-only"]],
];

const failed = CHECKS.filter(([command, args]) => {
  console.log(`\n> ${command} ${args.join(" ")}`);
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined) console.error(`${command} did not start: ${error.message}; run npm ci`);
  return status !== 0;
});

if (failed.length > 0) {
  console.error(`\n${failed.length} of ${CHECKS.length} checks failed:`);
  for (const [command, args] of failed) console.error(`  ${command} ${args.join(" ")}`);
  process.exit(1);
}
console.log(`\nAll ${CHECKS.length} checks passed.`);
