import type { Page } from "playwright-core";

/** Runs in the page before its own code: sockets as the browser has them, in the hands of {@link Line}. */
const SOCKETS = `
  const { WebSocket } = window;
  const open = new Set();
  const held = [];
  const line = { isCut: false, isHeld: false, held, sent: [] };
  line.cut = () => {
    line.isCut = true;
    for (const socket of open) socket.close();
  };
  line.release = () => {
    line.isHeld = false;
    for (const run of held.splice(0)) run();
  };
  window.WebSocket = class extends WebSocket {
    constructor(url, protocol) {
      // Nobody listens on port 1.
      super(line.isCut ? "ws://localhost:1/" : url, protocol);
      open.add(this);
      super.addEventListener("close", () => open.delete(this));
    }
    addEventListener(type, run) {
      // The welcome comes when it comes, and is no answer.
      const isHeld = ({ data }) => line.isHeld && !data.startsWith('["w"');
      const later = (event) => (isHeld(event) ? held.push(() => run(event)) : run(event));
      super.addEventListener(type, type === "message" ? later : run);
    }
    send(text) {
      line.sent.push(text);
      super.send(text);
    }
  };
  window.line = line;
`;

/** The line between one page and its server, which a test cuts, mends, and lets answers wait on. */
export class Line {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  /** Takes hold of the line of a page that is not loaded yet. */
  static async of(page: Page): Promise<Line> {
    await page.addInitScript({ content: SOCKETS });
    return new Line(page);
  }

  /** Drops the socket; none opens until {@link mend}. Resolves when the page knows. */
  async cut(): Promise<void> {
    await this.#run("cut()");
    await this.#page.locator('html[data-reflex-connection="offline"]').waitFor({ state: "attached" });
  }

  /** Lets sockets open again, and the page try at once. */
  async mend(): Promise<void> {
    await this.#run('isCut = false; dispatchEvent(new Event("online"))');
    await this.#page.locator('html[data-reflex-connection="online"]').waitFor({ state: "attached" });
  }

  /** What the server sends waits until {@link release}. */
  async hold(): Promise<void> {
    await this.#run("isHeld = true");
  }

  /** Waits for a frame of the server, and lets the page have that one. */
  async releaseOne(): Promise<void> {
    await this.#page.waitForFunction("line.held.length > 0");
    await this.#run("held.shift()()");
  }

  /** Lets the page have what waits, and all that follows. */
  async release(): Promise<void> {
    await this.#run("release()");
  }

  /** The targets of the calls that this load of the page has sent, in order. */
  async calls(): Promise<readonly string[]> {
    const frames: string[] = await this.#page.evaluate("line.sent.filter((text) => text[0] === '[')");
    return frames.map((text) => JSON.parse(text)).flatMap((frame) => calledBy(frame));
  }

  async #run(code: string): Promise<void> {
    await this.#page.evaluate(`void (() => { line.${code} })()`);
  }
}

/** Calls begin with a number, all other frames with a letter. */
function calledBy([number, target]: readonly unknown[]): readonly string[] {
  return typeof number === "number" && typeof target === "string" ? [target] : [];
}
