import type { ConsumerPorts } from "../../client/consumer-ports.ts";
import { HEARTBEAT } from "../../src/protocol/names.ts";

/** A WebSocket as the client uses it, opened, answered and closed by the test. */
export class FakeSocket extends EventTarget {
  readonly sent: string[] = [];
  /** With which code the client closed it; absent while it has not. */
  closedWith: number | undefined;

  send(text: string): void {
    this.sent.push(text);
  }

  open(): void {
    this.dispatchEvent(new Event("open"));
  }

  receive(frame: unknown): void {
    const data = typeof frame === "string" ? frame : JSON.stringify(frame);
    this.dispatchEvent(Object.assign(new Event("message"), { data }));
  }

  close(code = 1000): void {
    this.closedWith ??= code;
  }

  drop(code = 1006): void {
    this.dispatchEvent(Object.assign(new Event("close"), { code }));
  }

  /** The frames sent, decoded. What asks whether the socket lives is no frame. */
  get frames(): unknown[] {
    return this.sent.filter((text) => text !== HEARTBEAT).map((text) => JSON.parse(text));
  }
}

/** A page's surroundings in the hands of a test. */
export class FakePorts implements ConsumerPorts {
  readonly sockets: FakeSocket[] = [];
  readonly urls: string[] = [];
  /** Retries that wait, by how long. */
  readonly waiting = new Map<() => void, number>();
  url = "https://site.example/page?a=1#top";
  /** What is in storage. */
  kept: string | null = null;
  time = 1_000_000;

  readonly open = (url: string) => {
    this.urls.push(url);
    const socket = new FakeSocket();
    this.sockets.push(socket);
    // The client uses no more of a WebSocket than this.
    return socket as unknown as WebSocket;
  };
  readonly later = (milliseconds: number, run: () => void) => {
    this.waiting.set(run, milliseconds);
    return () => this.waiting.delete(run);
  };
  /** What chance gives. */
  chance = 0.5;
  readonly random = () => this.chance;
  readonly pageUrl = () => this.url;
  readonly now = () => this.time;
  readonly storage = {
    read: () => this.kept,
    write: (text: string | null) => {
      this.kept = text;
    },
  };

  get last(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error("No socket was opened");
    return socket;
  }

  /** Runs what waits. */
  tick(): void {
    const [run] = this.waiting.keys();
    if (run === undefined) throw new Error("Nothing waits");
    this.waiting.delete(run);
    run();
  }
}
