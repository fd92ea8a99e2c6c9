/** Who is told of the frames that the page's sockets carry, in bytes before the socket compresses them. */
export interface FrameListener {
  sent(bytes: number): void;
  received(bytes: number): void;
}

/**
 * Tells of every frame until the returned function is called. The client is not asked and not changed: a socket is
 * met when it sends its first frame. How both ends greet each other, and whether the socket still lives, is not counted.
 */
export function watchFrames(listener: FrameListener): () => void {
  const { prototype } = WebSocket;
  const { send } = prototype;
  const known = new WeakSet<WebSocket>();
  const watching = new AbortController();
  prototype.send = function (this: WebSocket, frame): void {
    if (known.has(this) && isOfUpdate(frame)) listener.sent(bytesOf(frame));
    if (!known.has(this))
      this.addEventListener(
        "message",
        ({ data }) => isOfUpdate(data) && listener.received(bytesOf(data)),
        watching,
      );
    known.add(this);
    send.call(this, frame);
  };
  return () => {
    prototype.send = send;
    watching.abort();
  };
}

function isOfUpdate(frame: unknown): boolean {
  return !/^(?:\["w"|~)/.test(String(frame));
}

/** The runtime's frames are text. */
function bytesOf(frame: unknown): number {
  return new TextEncoder().encode(String(frame)).length;
}
