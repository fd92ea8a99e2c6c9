import {
  ERRORS,
  FORMATS,
  VIEWS,
  type WrittenMember,
  type WrittenObject,
  type WrittenValue,
} from "./value-graph.ts";

/**
 * The value that `encodeValue` wrote. `undefined` for bytes of a format that there is not, as a newer version of this
 * package would leave them: no entry is `undefined`, so that is a miss.
 */
export function decodeValue(bytes: Uint8Array): unknown {
  const [format] = bytes;
  if (format === FORMATS.json) return JSON.parse(new TextDecoder().decode(bytes.subarray(1)));
  if (format !== FORMATS.graph) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(1);
  const list = JSON.parse(new TextDecoder().decode(bytes.subarray(5, 5 + length)));
  return new GraphReader(list, bytes.subarray(5 + length)).read();
}

/** Makes the objects of one value, each once, the moment that something mentions it. */
class GraphReader {
  readonly #root: WrittenValue;
  readonly #written: readonly WrittenObject[];
  readonly #made: object[] = [];
  readonly #bytes: Uint8Array;
  #bytesRead = 0;

  constructor([root, ...written]: [WrittenValue, ...WrittenObject[]], bytes: Uint8Array) {
    this.#root = root;
    this.#written = written;
    this.#bytes = bytes;
  }

  read(): unknown {
    return this.#value(this.#root);
  }

  #value(written: WrittenValue): unknown {
    if (typeof written !== "object" || written === null) return written;
    switch (written[0]) {
      case "undefined":
        return undefined;
      case "number":
        return Number(written[1]);
      case "bigint":
        return BigInt(written[1]);
      case "object":
        return this.#object(written[1]);
    }
  }

  /** Members are met in the order in which they were written, so bytes are read in theirs. */
  #object(place: number): object {
    const known = this.#made[place];
    if (known !== undefined) return known;
    const written = this.#written[place];
    if (written === undefined)
      throw new RangeError(`A cached value mentions object ${place}, which it has not`);
    return this.#make(written, (made) => {
      this.#made[place] = made;
      return made;
    });
  }

  /** `known` is told of an object before its members are, which may lead back to it. */
  #make(written: WrittenObject, known: <Made extends object>(made: Made) => Made): object {
    switch (written[0]) {
      case "plain":
        return this.#fill(known({}), written[1]);
      case "array":
        return this.#fill(known(new Array<unknown>(written[1])), written[2]);
      case "date":
        return known(new Date(written[1] ?? Number.NaN));
      case "pattern":
        return known(new RegExp(written[1], written[2]));
      case "map": {
        const map = known(new Map<unknown, unknown>());
        for (const [name, item] of written[1]) map.set(this.#value(name), this.#value(item));
        return map;
      }
      case "set": {
        const set = known(new Set<unknown>());
        for (const item of written[1]) set.add(this.#value(item));
        return set;
      }
      case "bytes":
        return known(this.#buffer(written[1]));
      case "view":
        return known(this.#view(written));
      case "error":
        return this.#error(written[1], known);
      case "boxed":
        return known(Object(this.#value(written[1])));
    }
  }

  #buffer(length: number): ArrayBuffer {
    const buffer = new ArrayBuffer(length);
    new Uint8Array(buffer).set(this.#bytes.subarray(this.#bytesRead, this.#bytesRead + length));
    this.#bytesRead += length;
    return buffer;
  }

  #view([, kind, bytes, offset, length]: Extract<WrittenObject, readonly ["view", ...unknown[]]>): object {
    const View = VIEWS[kind];
    if (View === undefined) throw new TypeError(`A cached value holds a ${kind}, which there is not`);
    // What a view was written over is a buffer.
    return new View(this.#value(bytes) as ArrayBuffer, offset, length);
  }

  #error(members: readonly WrittenMember[], known: <Made extends object>(made: Made) => Made): object {
    const [name, ...own] = members;
    const Kind = ERRORS[String(name?.[1])] ?? Error;
    const error = known(new Kind());
    // A new error has a stack of its own, which is not the one that was stored.
    Reflect.deleteProperty(error, "stack");
    for (const [member, item] of own) define(error, member, this.#value(item), false);
    return error;
  }

  #fill(object: object, members: readonly WrittenMember[]): object {
    for (const [name, item] of members) define(object, name, this.#value(item), true);
    return object;
  }
}

/** Assigning would call setters: a member named `__proto__` is a member. */
function define(object: object, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
}
