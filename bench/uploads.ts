import { BenchWorker } from "./bench-worker.ts";
import { residentBytes, workerdProcesses } from "./memory.ts";
import type { Scenario } from "./scenario.ts";

const FILE_BYTES = 100_000_000;
/** Uploaded before the measured ones: what workerd, and the bucket that miniflare has in it, take once is not counted. */
const WARM_UP = 2;
const FILES = 3;
/** How often the process is looked at, in milliseconds. */
const LOOK_MS = 10;

/** What the process of the Worker grows by while files go through it to the bucket, which is in it too. */
export const uploadScenarios: readonly Scenario[] = [
  {
    names: ["upload.memory"],
    measure: async () => {
      const bytes = await growthBytes();
      const against = `the files, ${FILES} of ${FILE_BYTES / 1_000_000} MB`;
      const ratio = bytes / (FILES * FILE_BYTES);
      return [{ name: "upload.memory", value: bytes / 1_000_000, unit: "MB", against, ratio }];
    },
  },
];

/** By how much the process's peak during the measured files is above what it had before them. */
async function growthBytes(): Promise<number> {
  const others = new Set(workerdProcesses());
  const worker = await BenchWorker.start();
  try {
    const pid = workerdProcesses().find((pid) => !others.has(pid));
    if (pid === undefined) throw new Error("workerd started no process");
    const headers = await visitorOf(worker.origin);
    for (let file = 0; file < WARM_UP; file += 1) await upload(worker.origin, headers, file);
    const before = residentBytes(pid);
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, residentBytes(pid));
    }, LOOK_MS);
    for (let file = 0; file < FILES; file += 1) await upload(worker.origin, headers, WARM_UP + file);
    clearInterval(timer);
    return peak - before;
  } finally {
    await worker.stop();
  }
}

async function visitorOf(origin: string): Promise<Record<string, string>> {
  const response = await fetch(`${origin}/table?rows=1`);
  await response.text();
  const [cookie = ""] = (response.headers.get("Set-Cookie") ?? "").split(";");
  return { Cookie: cookie, Origin: origin };
}

/** As a browser does it. Rejects when the server does not take a part. */
async function upload(origin: string, headers: Record<string, string>, file: number): Promise<void> {
  const said = { target: "Vault#keep", field: "file", name: "file.bin", type: "", count: 1, except: [] };
  const body = JSON.stringify({ ...said, size: FILE_BYTES, fingerprint: `${file}` });
  const path = `${origin}/_reflex/upload`;
  let progress = await ask(path, { method: "POST", headers, body });
  const content = new Uint8Array(progress.partBytes);
  for (let part = 1; !progress.isDone; part += 1) {
    const bytes = Math.min(content.length, FILE_BYTES - (part - 1) * content.length);
    const body = content.subarray(0, bytes);
    progress = await ask(`${path}/${progress.ticket}/${part}`, { method: "PUT", headers, body });
  }
}

interface Progress {
  readonly ticket: string;
  readonly partBytes: number;
  readonly isDone: boolean;
}

async function ask(url: string, request: RequestInit): Promise<Progress> {
  const response = await fetch(url, request);
  const text = await response.text();
  if (!response.ok) throw new Error(`An upload was refused: ${text.slice(0, 200)}`);
  return JSON.parse(text);
}
