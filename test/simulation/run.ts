import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { simulate } from "./simulation.ts";

// `npm run simulate -- --subscribers 100000 --changes 20 --rate 10 --loss 0.01 --kills 3 --seed 7 --json FILE`: the code of a topic's
// nodes, run against modelled latencies and failures in simulated time. Fails when anything was lost or doubled. `--sample 8`: of eight
// relays one is carried out, and stands for the others, which makes ten million subscribers fit into memory.

const { values } = parseArgs({
  options: {
    subscribers: { type: "string", default: "1000" },
    changes: { type: "string", default: "100" },
    rate: { type: "string", default: "10" },
    loss: { type: "string", default: "0" },
    kills: { type: "string", default: "0" },
    seed: { type: "string", default: String(Math.floor(Math.random() * 1_000_000)) },
    sample: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const [subscribers, changes, kills, seed, sample] = [
  wholeNumber("subscribers"),
  wholeNumber("changes"),
  wholeNumber("kills"),
  wholeNumber("seed"),
  wholeNumber("sample"),
];
const [rate, loss] = [number("rate"), number("loss")];
console.error(`seed ${seed}`);
const started = performance.now();
const report = await simulate({ subscribers, changes, rate, loss, kills, seed, sample });
console.error(`${Math.round((performance.now() - started) / 1_000)} s`);
const text = JSON.stringify(report, null, 2);
console.log(text);
if (values.json !== undefined) writeFileSync(values.json, `${text}\n`);
if (report.lost > 0 || report.doubled > 0) process.exitCode = 1;

function wholeNumber(name: "subscribers" | "changes" | "kills" | "seed" | "sample"): number {
  const number = Number(values[name]);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`Expected a whole number for --${name}, got ${JSON.stringify(values[name])}`);
}

function number(name: "rate" | "loss"): number {
  const number = Number(values[name]);
  if (number >= 0) return number;
  throw new Error(`Expected a number of 0 or more for --${name}, got ${JSON.stringify(values[name])}`);
}
