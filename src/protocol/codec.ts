import { LIMITS } from "./limits.ts";
import type { CallDetail, ClientFrame, ElementSnapshot, ServerFrame } from "./messages.ts";

/** A frame that was understood, or why it was not. */
export type Decoded<Frame> =
  | { readonly kind: "frame"; readonly frame: Frame }
  /** Not a frame of this protocol: the socket that sent it cannot be trusted further. */
  | { readonly kind: "malformed"; readonly reason: string }
  | { readonly kind: "too-large"; readonly chars: number }
  /** A call whose number is known, so that its caller can be told. */
  | { readonly kind: "bad-call"; readonly number: number; readonly reason: string };

/** A path and query as browsers write them; `//host` and `/\host` would leave the site. */
const SITE_URL = /^\/(?![/\\])[\x21-\x7e]*$/;

/** True for what a location frame can carry. */
export function isPageUrl(url: string): boolean {
  return url.length <= LIMITS.urlChars && SITE_URL.test(url);
}

/** Writes a frame of either side as the text that travels. */
export function encode(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

/**
 * Reads what a browser sent. Bounds everything by {@link LIMITS}; never throws.
 *
 * @param text the text frame as received, of any length and content
 */
export function decodeClientFrame(text: string): Decoded<ClientFrame> {
  if (text.length > LIMITS.clientFrameChars) return { kind: "too-large", chars: text.length };
  const value = parseJson(text);
  if (!Array.isArray(value)) return malformed("a frame is a JSON array");
  if (value[0] === "l") return decodeLocation(value);
  if (value[0] === "c") return decodeCall(value);
  if (value[0] === "s" && value.length === 1) return { kind: "frame", frame: ["s"] };
  return malformed("the first item of a frame is its kind");
}

/**
 * Reads what the server sent. The server is trusted for content, so only the envelope is checked: enough to
 * notice a proxy or a foreign server at the other end. Returns `undefined` for anything else; never throws.
 */
export function decodeServerFrame(text: string): ServerFrame | undefined {
  const value = parseJson(text);
  if (!Array.isArray(value)) return undefined;
  // The envelope is checked here, and what follows in it was written by this package's own encoder.
  if (value[0] === "p" && Array.isArray(value[1])) return value as unknown as ServerFrame;
  if (value[0] !== "r" || !isCallNumber(value[1])) return undefined;
  if (value[2] === "done" && Array.isArray(value[3])) return value as unknown as ServerFrame;
  if (value[2] === "refused" && typeof value[3] === "string") return value as unknown as ServerFrame;
  return undefined;
}

function decodeLocation(value: readonly unknown[]): Decoded<ClientFrame> {
  const url = value[1];
  if (typeof url !== "string" || value.length !== 2) return malformed('a location is ["l", url]');
  if (url.length > LIMITS.urlChars) return malformed(`a url has at most ${LIMITS.urlChars} characters`);
  if (!SITE_URL.test(url)) return malformed("a url is a path and a query of this site, percent-encoded");
  return { kind: "frame", frame: ["l", url] };
}

function decodeCall(value: readonly unknown[]): Decoded<ClientFrame> {
  const [, number, target, detail] = value;
  if (!isCallNumber(number) || value.length !== 4)
    return malformed('a call is ["c", number, target, detail]');
  if (typeof target !== "string" || target.length > LIMITS.targetChars) {
    return badCall(number, `the target is text of at most ${LIMITS.targetChars} characters`);
  }
  const reason = whyNotDetail(detail);
  if (reason !== undefined) return badCall(number, reason);
  // Every member was checked by whyNotDetail.
  return { kind: "frame", frame: ["c", number, target, detail as CallDetail] };
}

function whyNotDetail(detail: unknown): string | undefined {
  if (!isRecord(detail)) return "the detail of a call is an object";
  const { element, form, args } = detail;
  return (
    (element === undefined ? undefined : whyNotElement(element)) ??
    (form === undefined ? undefined : whyNotForm(form)) ??
    (args === undefined ? undefined : whyNotArgs(args))
  );
}

function whyNotElement(element: unknown): string | undefined {
  if (!isRecord(element) || typeof element.tag !== "string") return "the element has a tag";
  const { attributes, value, checked, values } = element satisfies Partial<
    Record<keyof ElementSnapshot, unknown>
  >;
  if (!isRecord(attributes)) return "the element has attributes";
  const written = Object.values(attributes);
  if (written.length > LIMITS.elementAttributes)
    return `an element has at most ${LIMITS.elementAttributes} attributes`;
  if (!written.every(isString)) return "the value of an attribute is text";
  if (value !== undefined && !isString(value)) return "the value of an element is text";
  if (checked !== undefined && typeof checked !== "boolean") return "checked is true or false";
  if (values === undefined) return undefined;
  if (!Array.isArray(values) || !values.every(isString)) return "the values of an element are a list of text";
  return values.length > LIMITS.elementValues
    ? `an element has at most ${LIMITS.elementValues} values`
    : undefined;
}

function whyNotForm(form: unknown): string | undefined {
  if (!Array.isArray(form)) return "a form is a list of fields";
  if (form.length > LIMITS.formFields) return `a form has at most ${LIMITS.formFields} fields`;
  return form.every(isField) ? undefined : "a field is [name, value]";
}

function whyNotArgs(args: unknown): string | undefined {
  if (!Array.isArray(args)) return "the arguments are a list";
  if (args.length > LIMITS.args) return `a call has at most ${LIMITS.args} arguments`;
  const tooDeep = args.some((arg) => isDeeperThan(arg, LIMITS.argDepth));
  return tooDeep ? `an argument nests at most ${LIMITS.argDepth} levels` : undefined;
}

/** Stops at the limit, so that a hostile value cannot exhaust the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function isField(field: unknown): boolean {
  return Array.isArray(field) && field.length === 2 && field.every(isString);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isCallNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the caller sees `undefined`, which no frame is.
    return undefined;
  }
}

function malformed(reason: string): Decoded<never> {
  return { kind: "malformed", reason };
}

function badCall(number: number, reason: string): Decoded<never> {
  return { kind: "bad-call", number, reason };
}
