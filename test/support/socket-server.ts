import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { FrameReader } from "./frame-reader.ts";

/** A WebSocket server that answers each text with itself and what it was asked with, and notes what it heard. */
export class SocketServer {
  readonly port: number;
  /** Texts in the order in which they came. */
  readonly heard: string[] = [];
  /** What the upgrades offered as extensions. */
  readonly extensions: (string | undefined)[] = [];
  readonly sockets = new Set<Duplex>();
  readonly #stop: () => Promise<void>;

  private constructor(port: number, stop: () => Promise<void>) {
    this.port = port;
    this.#stop = stop;
  }

  static async start(): Promise<SocketServer> {
    const server = createServer((incoming, outgoing) => {
      outgoing.writeHead(incoming.url === "/there" ? 200 : 404, { "X-Host": incoming.headers.host });
      incoming.pipe(outgoing);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // A server on an IP address has an address of this form.
    const started = new SocketServer((server.address() as AddressInfo).port, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    server.on("upgrade", (incoming, socket) => {
      if (incoming.url === "/refused") return void socket.end("HTTP/1.1 403 Forbidden\r\n\r\nno");
      started.extensions.push(incoming.headers["sec-websocket-extensions"]);
      started.#serve(socket as Socket, incoming.headers["sec-websocket-key"] ?? "");
    });
    return started;
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await this.#stop();
  }

  #serve(socket: Socket, key: string): void {
    const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: v1\r\n\r\n`;
    // In one piece: a frame that comes with the head is to be passed on too.
    socket.write(Buffer.concat([Buffer.from(head), frame(1, "hello")]));
    this.sockets.add(socket);
    const reader = new FrameReader();
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("close", () => this.sockets.delete(socket));
    socket.on("data", (bytes) => {
      for (const { text, isClose } of reader.read(bytes)) {
        if (isClose) socket.end(frame(8, "\x0f\xa1bye"));
        if (text === undefined) continue;
        this.heard.push(text);
        socket.write(frame(1, text));
      }
    });
  }
}

/** A frame as servers send them, of fewer than 65,536 bytes. */
function frame(opcode: number, text: string): Buffer {
  const payload = Buffer.from(text, opcode === 8 ? "latin1" : "utf8");
  const { length } = payload;
  const size = length < 126 ? [length] : [126, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([0x80 | opcode, ...size]), payload]);
}
