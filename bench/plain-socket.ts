import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { FrameReader } from "../test/support/frame-reader.ts";

/** What a socket is opened with. */
export interface PlainSocketOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Told of every text message, which comes uncompressed. */
  readonly heard: (text: string) => unknown;
}

/**
 * A WebSocket with nothing but what is needed to listen: thousands of them take their process less than a tenth of what Node's own do,
 * which would hide what is measured.
 */
export class PlainSocket {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Resolves when it is open; rejects with the answer when that is another. */
  static async open({ url, headers, heard }: PlainSocketOptions): Promise<PlainSocket> {
    const { hostname, port, host, pathname, search } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.setNoDelay();
    const lines = {
      Host: host,
      Upgrade: "websocket",
      Connection: "Upgrade",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": randomBytes(16).toString("base64"),
      ...headers,
    };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${pathname}${search} HTTP/1.1\r\n${head.join("")}\r\n`);
    const rest = await readHead(socket);
    const reader = new FrameReader();
    const read = (bytes: Buffer) => {
      for (const { text } of reader.read(bytes)) if (text !== undefined) heard(text);
    };
    read(rest);
    socket.on("data", read);
    // What is closed may still be written to.
    socket.on("error", () => {});
    return new PlainSocket(socket);
  }

  /** Sends a text of at most 65,535 bytes. */
  send(text: string): void {
    const payload = Buffer.from(text);
    const mask = randomBytes(4);
    const isShort = payload.length < 126;
    const head = Buffer.alloc(isShort ? 2 : 4);
    head[0] = 0x81;
    head[1] = 0x80 | (isShort ? payload.length : 126);
    if (!isShort) head.writeUInt16BE(payload.length, 2);
    for (let index = 0; index < payload.length; index += 1)
      payload[index] = (payload[index] ?? 0) ^ (mask[index % 4] ?? 0);
    this.#socket.write(Buffer.concat([head, mask, payload]));
  }

  /** Reads nothing until {@link resume}: what comes waits in the system's buffers, and then with the sender. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Waits for the head of the answer; returns what came behind it. */
async function readHead(socket: Socket): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  for (;;) {
    const [chunk] = (await once(socket, "data")) as [Buffer];
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf("\r\n\r\n");
    if (end < 0) continue;
    const head = bytes.subarray(0, end).toString();
    if (!/^HTTP\/1.1 101 /.test(head)) throw new Error(`No socket was opened: ${head.slice(0, 300)}`);
    return bytes.subarray(end + 4);
  }
}
