import { shown } from "../state/shown.ts";
import { CacheError } from "./cache-error.ts";
import {
  ERRORS,
  FORMATS,
  VIEWS,
  type WrittenMember,
  type WrittenObject,
  type WrittenValue,
} from "./value-graph.ts";

/**
 * Writes a value as bytes, of which {@link decodeValue} makes an equal one: what `structuredClone` can copy and is data
 * (so no streams and the like). The platform's own serializer would not tell how many bytes it takes.
 *
 * Throws {@link CacheError} `cache-value` for a value that cannot be copied.
 */
export function encodeValue(key: string, value: unknown): Uint8Array {
  try {
    // A copy first: what refuses to be copied says so, and what is read of an object is read once.
    const copy: unknown = structuredClone(value);
    return isJson(copy, new Set()) ? encodeJson(copy) : new GraphWriter().write(copy);
  } catch (cause) {
    const expected = "expected a value that structuredClone can copy, made of data";
    throw new CacheError(
      "cache-value",
      key,
      `The value for cache key ${shown(key)} cannot be stored; ${expected}`,
      {
        cause,
      },
    );
  }
}

/** Whether JSON gives back exactly this. An object that occurs twice is not for JSON, which would make two of it. */
function isJson(value: unknown, seen: Set<object>): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !Object.is(value, -0);
  if (typeof value !== "object") return typeof value === "string" || typeof value === "boolean";
  if (value === null) return true;
  if (seen.has(value)) return false;
  seen.add(value);
  if (Array.isArray(value)) return isDense(value) && value.every((item) => isJson(item, seen));
  return isPlain(value) && Object.values(value).every((item) => isJson(item, seen));
}

/** Whether an array has every index and no other member: indices come first, so the last key tells. */
function isDense(array: readonly unknown[]): boolean {
  const keys = Object.keys(array);
  return keys.length === array.length && (array.length === 0 || keys.at(-1) === String(array.length - 1));
}

/** Copies have no classes: an object that is nothing else is plain. */
function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}

function encodeJson(value: unknown): Uint8Array {
  // The space becomes the first byte, so that the text is not copied once more.
  const bytes = new TextEncoder().encode(` ${JSON.stringify(value)}`);
  bytes[0] = FORMATS.json;
  return bytes;
}

/** Writes one value that JSON is not enough for. */
class GraphWriter {
  /** Filled in the order in which objects are met; the value itself is the last entry of what is written. */
  readonly #objects: WrittenObject[] = [];
  readonly #places = new Map<object, number>();
  readonly #buffers: ArrayBuffer[] = [];

  write(value: unknown): Uint8Array {
    const root = this.#value(value);
    const list = new TextEncoder().encode(JSON.stringify([root, ...this.#objects]));
    const total = this.#buffers.reduce((sum, { byteLength }) => sum + byteLength, 5 + list.length);
    const bytes = new Uint8Array(total);
    bytes[0] = FORMATS.graph;
    new DataView(bytes.buffer).setUint32(1, list.length);
    bytes.set(list, 5);
    let at = 5 + list.length;
    for (const buffer of this.#buffers) {
      bytes.set(new Uint8Array(buffer), at);
      at += buffer.byteLength;
    }
    return bytes;
  }

  #value(value: unknown): WrittenValue {
    switch (typeof value) {
      case "string":
      case "boolean":
        return value;
      case "number":
        if (Object.is(value, -0)) return ["number", "-0"];
        return Number.isFinite(value) ? value : ["number", String(value)];
      case "bigint":
        return ["bigint", String(value)];
      case "undefined":
        return ["undefined"];
      case "object":
        return value === null ? null : ["object", this.#place(value)];
      default:
        throw new TypeError(`Cannot store a ${typeof value}`);
    }
  }

  #place(value: object): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    const place = this.#places.size;
    this.#places.set(value, place);
    // Its place is taken before its members are met, which may lead back to it.
    this.#objects[place] = ["plain", []];
    this.#objects[place] = this.#object(value);
    return place;
  }

  #object(value: object): WrittenObject {
    if (Array.isArray(value)) return ["array", value.length, this.#members(value)];
    if (value instanceof Date) return ["date", Number.isNaN(value.getTime()) ? null : value.getTime()];
    if (value instanceof RegExp) return ["pattern", value.source, value.flags];
    if (value instanceof Map) {
      return ["map", [...value].map(([name, item]) => [this.#value(name), this.#value(item)])];
    }
    if (value instanceof Set) return ["set", [...value].map((item) => this.#value(item))];
    if (value instanceof ArrayBuffer) {
      this.#buffers.push(value);
      return ["bytes", value.byteLength];
    }
    if (ArrayBuffer.isView(value)) return this.#view(value);
    if (value instanceof Error) return this.#error(value);
    if (isBoxed(value)) return ["boxed", this.#value(value.valueOf())];
    if (isPlain(value)) return ["plain", this.#members(value)];
    throw new TypeError(`Cannot store a ${Object.prototype.toString.call(value)}`);
  }

  #view(view: ArrayBufferView): WrittenObject {
    const kind = Object.prototype.toString.call(view).slice("[object ".length, -1);
    if (!(kind in VIEWS)) throw new TypeError(`Cannot store a ${kind}`);
    const length = "length" in view ? Number(view.length) : view.byteLength;
    return ["view", kind, this.#value(view.buffer), view.byteOffset, length];
  }

  /** What an error has is not enumerable. */
  #error(error: Error): WrittenObject {
    const name = error.name in ERRORS ? error.name : "Error";
    const own = ["message", "stack", "cause"].filter((member) => Object.hasOwn(error, member));
    return [
      "error",
      [
        ["name", name],
        ...own.map((member): WrittenMember => [member, this.#value(Reflect.get(error, member))]),
      ],
    ];
  }

  #members(value: object): WrittenMember[] {
    return Object.entries(value).map(([name, item]) => [name, this.#value(item)]);
  }
}

function isBoxed(value: object): boolean {
  return (
    value instanceof Number ||
    value instanceof String ||
    value instanceof Boolean ||
    Object.prototype.toString.call(value) === "[object BigInt]"
  );
}
