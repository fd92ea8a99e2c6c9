import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";

/** The showcase as `npm start` runs it, in a process that a test can kill and start again. */
export class Server {
  readonly url: string;
  readonly #port: number;
  readonly #directory: string;
  #process: ChildProcess | undefined;

  /** @param directory where its state is kept between two starts */
  constructor(port: number, directory: string) {
    this.#port = port;
    this.#directory = directory;
    this.url = `http://localhost:${port}`;
  }

  /** Resolves when the server answers; rejects when it ends before. */
  async start(): Promise<void> {
    const child = spawn("node", ["scripts/start.mjs", "--persist-to", this.#directory], {
      env: { ...process.env, PORT: String(this.#port) },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#process = child;
    let output = "";
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes("Ready on")) resolve();
      };
      child.stdout?.on("data", read);
      child.stderr?.on("data", read);
      child.on("exit", (code) => reject(new Error(`npm start ended with ${code}:\n${output}`)));
    });
  }

  /** Kills the whole process group at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child?.pid === undefined) return;
    const ended = new Promise((resolve) => child.on("exit", resolve));
    process.kill(-child.pid, "SIGKILL");
    await ended;
  }
}

/** A port that nothing listens on. */
export async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("No port")),
      );
    });
  });
}
