import { LIMITS } from "../protocol/limits.ts";
import { isPlain } from "../state/structures/json.ts";

/** What an action hands to its caller cannot be sent. The message says where, and why. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
  readonly code: "payload-value" | "payload-size";

  constructor(code: PayloadError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

/** Collects what an action hands to its caller, however the call ends. */
export class Payload {
  /** Written to, or replaced, by the action. */
  values: Record<string, unknown> = {};

  /**
   * What is sent, as it is now: JSON, a copy. `undefined` for a payload with nothing in it.
   *
   * Throws {@link PayloadError} for what JSON would lose without a word, and for more than `payloadChars`.
   */
  toJson(): unknown {
    const { values } = this;
    if (!isPlain(values)) throw notJson("payload", values, "an object such as { total: 3 }");
    if (Object.keys(values).length === 0) return undefined;
    assertJson(values, "payload", LIMITS.argDepth);
    const text = JSON.stringify(values);
    if (text.length <= LIMITS.payloadChars) return JSON.parse(text);
    const limit = `at most ${LIMITS.payloadChars}; render what is large into the page, or serve it at an address`;
    throw new PayloadError(
      "payload-size",
      `The payload has ${text.length} characters as JSON; expected ${limit}`,
    );
  }
}

/** The depth is bounded, so that a value which contains itself comes to an end. */
function assertJson(value: unknown, path: string, levels: number): void {
  if (value === null || value === undefined || typeof value === "string" || typeof value === "boolean")
    return;
  if (typeof value === "number" && Number.isFinite(value)) return;
  const expected = "text, finite numbers, booleans, null, lists and plain objects";
  if (typeof value !== "object") throw notJson(path, value, expected);
  if (levels === 0)
    throw notJson(path, value, `at most ${LIMITS.argDepth} levels, and nothing inside itself`);
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) assertJson(item, `${path}[${index}]`, levels - 1);
    return;
  }
  // A date, say: what says itself how it is written as JSON.
  if ("toJSON" in value && typeof value.toJSON === "function") return;
  if (!isPlain(value)) throw notJson(path, value, expected);
  for (const [name, inner] of Object.entries(value)) assertJson(inner, `${path}.${name}`, levels - 1);
}

/** Not the value itself, which JSON may not be able to show, but what it is. */
function notJson(path: string, value: unknown, expected: string): PayloadError {
  const kind = typeof value === "object" && value !== null ? value.constructor?.name : typeof value;
  const what = typeof value === "number" ? String(value) : (kind ?? "object");
  return new PayloadError(
    "payload-value",
    `${path.slice(0, 100)} is ${what}, which is no JSON; expected ${expected}`,
  );
}
