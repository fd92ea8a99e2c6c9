const TEXT = 1;
const CLOSE = 8;

/** One message of a WebSocket as it travels, control frames included. */
export interface RawMessage {
  /** What a text message says; absent for all others. */
  readonly text: string | undefined;
  readonly isClose: boolean;
  /** The bytes as they came, so that they can be passed on: once, twice or not at all. */
  readonly bytes: Buffer;
}

interface Frame {
  readonly isFinal: boolean;
  readonly opcode: number;
  readonly payload: Buffer;
  readonly bytes: Buffer;
}

/** Takes one direction of a WebSocket apart into its messages (RFC 6455, section 5), without extensions. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);
  /** The frames of a message that is not whole yet. */
  #parts: Frame[] = [];

  /** The messages that these bytes complete, in order. */
  read(bytes: Buffer): readonly RawMessage[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: RawMessage[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) {
      const message = this.#add(frame);
      if (message !== undefined) messages.push(message);
    }
    return messages;
  }

  #next(): Frame | undefined {
    const frame = frameAt(this.#rest);
    if (frame !== undefined) this.#rest = this.#rest.subarray(frame.bytes.length);
    return frame;
  }

  #add(frame: Frame): RawMessage | undefined {
    // Control frames may stand between the frames of a message, and are always whole.
    if (frame.opcode >= CLOSE) return toMessage([frame]);
    this.#parts.push(frame);
    if (!frame.isFinal) return undefined;
    const parts = this.#parts;
    this.#parts = [];
    return toMessage(parts);
  }
}

function toMessage(frames: readonly Frame[]): RawMessage {
  const opcode = frames[0]?.opcode;
  const text =
    opcode === TEXT ? Buffer.concat(frames.map(({ payload }) => payload)).toString("utf8") : undefined;
  return { text, isClose: opcode === CLOSE, bytes: Buffer.concat(frames.map(({ bytes }) => bytes)) };
}

function frameAt(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const [first = 0, second = 0] = bytes;
  const short = second & 0x7f;
  const lengthBytes = { 126: 2, 127: 8 }[short] ?? 0;
  const maskBytes = (second & 0x80) === 0 ? 0 : 4;
  const start = 2 + lengthBytes + maskBytes;
  if (bytes.length < start) return undefined;
  // A frame that no memory holds (more than 2^48 bytes) comes from neither a browser nor the runtime.
  const length =
    lengthBytes === 0 ? short : bytes.readUIntBE(lengthBytes === 8 ? 4 : 2, lengthBytes === 8 ? 6 : 2);
  const end = start + length;
  if (bytes.length < end) return undefined;
  const payload = unmasked(bytes.subarray(start, end), bytes.subarray(start - maskBytes, start));
  return { isFinal: (first & 0x80) !== 0, opcode: first & 0x0f, payload, bytes: bytes.subarray(0, end) };
}

function unmasked(payload: Buffer, mask: Buffer): Buffer {
  if (mask.length === 0) return payload;
  const plain = Buffer.from(payload);
  for (let index = 0; index < plain.length; index += 1)
    plain[index] = (plain[index] ?? 0) ^ (mask[index % 4] ?? 0);
  return plain;
}
