// Runs in Chromium before a page's own scripts: lets frames of the server wait, so that many can be applied at once and
// timed together. Clocks of browsers are too coarse for one. What is measured so is all that our client does with a
// frame, and knows nothing of what is in it.

/** Frames as they came, with the socket on which they came. */
const held: { readonly socket: WebSocket; readonly text: string }[] = [];
let isHolding = false;

class HoldingSocket extends WebSocket {
  constructor(url: string | URL, protocols?: string | string[]) {
    super(url, protocols);
    // Before any listener of the client, which gets the socket only after this.
    this.addEventListener("message", (event) => {
      if (!isHolding) return;
      event.stopImmediatePropagation();
      held.push({ socket: this, text: String(event.data) });
    });
  }
}

/** What scenarios call in the page. */
export const heldFrames = {
  hold(): void {
    isHolding = true;
  },
  count(): number {
    return held.length;
  },
  /** How long all of them are, in characters. */
  characters(): number {
    return held.reduce((sum, { text }) => sum + text.length, 0);
  },
  /** Hands all frames to the client, one after the other. Returns the milliseconds that it took. */
  release(): number {
    isHolding = false;
    const events = held.splice(0).map(({ socket, text }) => ({
      socket,
      event: new MessageEvent("message", { data: text }),
    }));
    const start = performance.now();
    for (const { socket, event } of events) socket.dispatchEvent(event);
    return performance.now() - start;
  },
};

Object.assign(window, { WebSocket: HoldingSocket, heldFrames });
