import { spawn } from "node:child_process";

// Runs the showcase on the local runtime: its database's migrations first, then the development server.
// PORT chooses the port; further arguments go to `wrangler dev`.

const port = process.env.PORT ?? "8787";
if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) {
  console.error(
    `PORT is ${JSON.stringify(port)}; expected a number from 0 to 65535, such as PORT=3000 npm start`,
  );
  process.exit(1);
}

const persist = persistArguments(process.argv.slice(2));
await run(["d1", "migrations", "apply", "DB", "--local", ...persist], { CI: "true" });
console.log(`\nThe showcase: http://localhost:${port}\n`);
await run(["dev", "--port", port, "--show-interactive-dev-session=false", ...process.argv.slice(2)], {});

/** Both commands must use the same directory when one is named. */
function persistArguments(given) {
  const at = given.indexOf("--persist-to");
  return at === -1 ? [] : given.slice(at, at + 2);
}

/** Runs wrangler to its end, stops it when this process is stopped, and ends this process when it fails. */
async function run(args, environment) {
  const child = spawn("wrangler", args, {
    env: { WRANGLER_SEND_METRICS: "false", ...process.env, ...environment },
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  const stop = (signal) => child.kill(signal);
  process.on("SIGINT", stop).on("SIGTERM", stop);
  const code = await new Promise((resolve, reject) => child.on("error", reject).on("exit", resolve));
  process.off("SIGINT", stop).off("SIGTERM", stop);
  if (code !== 0) process.exit(code ?? 1);
}
