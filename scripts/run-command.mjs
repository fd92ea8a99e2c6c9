import { spawn } from "node:child_process";

/**
 * What came of a command: its exit code, `undefined` when it did not start or was killed; everything it wrote; and
 * one line that says why it failed, empty when it did not.
 *
 * @typedef {{ readonly code: number | undefined, readonly output: string, readonly failure: string }} CommandResult
 */

/**
 * Runs a command to its end and keeps its output, so that a set-up that succeeds stays quiet. Never rejects.
 *
 * A command that writes nothing for `silenceMs` is killed. Silence, not duration, is bounded: a large download over
 * a slow line goes on reporting progress, one that hangs does not.
 *
 * @param {string} command a path, or a name to look up in PATH
 * @param {readonly string[]} args
 * @param {{ readonly env?: Readonly<Record<string, string>>, readonly silenceMs?: number }} options
 * @returns {Promise<CommandResult>}
 */
export function runCommand(command, args, { env = {}, silenceMs = 0 } = {}) {
  return new Promise((resolve) => {
    let output = "";
    let failure = "";
    const child = spawn(command, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const silence = watchSilence(silenceMs, () => {
      failure = `wrote nothing for ${silenceMs / 1000} s and was stopped`;
      child.kill();
      // A grandchild that holds the pipes open would otherwise keep this waiting for as long as it hangs.
      child.stdout.destroy();
      child.stderr.destroy();
    });
    const read = (/** @type {Buffer} */ chunk) => {
      silence.heard();
      output += chunk.toString();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.on("error", ({ message }) => {
      silence.stop();
      resolve({ code: undefined, output, failure: `did not start: ${message}` });
    });
    child.on("close", (code) => {
      silence.stop();
      if (code !== 0 && failure === "") failure = errorLine(output) ?? `ended with exit code ${code}`;
      resolve({ code: code ?? undefined, output, failure });
    });
  });
}

/**
 * Calls `onSilence` once, when nothing has been heard for so long; never when `silenceMs` is zero.
 *
 * @param {number} silenceMs
 * @param {() => void} onSilence
 */
function watchSilence(silenceMs, onSilence) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const stop = () => clearTimeout(timer);
  const heard = () => {
    stop();
    if (silenceMs > 0) timer = setTimeout(onSilence, silenceMs);
  };
  heard();
  return { heard, stop };
}

/**
 * The line that most likely names the cause: the first that is an error, else the last one.
 *
 * @param {string} output
 */
function errorLine(output) {
  const lines = output.split("\n").map((line) => line.trim());
  const line =
    lines.find((text) => /^(E|Err|Error)\b.*:/.test(text)) ?? lines.findLast((text) => text !== "");
  return line?.slice(0, 200);
}
