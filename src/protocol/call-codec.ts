import { isRecord } from "./is-record.ts";
import { CLIENT_LIMITS, LIMITS } from "./limits.ts";
import type { Call, CallDetail, CallMore, ElementSnapshot, FormField } from "./messages.ts";

/**
 * Calls on the wire: `[number, target, element, form, args, root, tab, url, more]`. What is absent is 0, and left out at the end.
 * The element is `[tag, attributes, value, checked or values]`; `more` is a record.
 */

/** A call that was understood, or why it was not. */
export type DecodedCall = { readonly call: Call } | { readonly number: number; readonly reason: string };

/**
 * Writes what a call says, as the items of its frame behind the number.
 * Throws what JSON throws for arguments that it cannot write.
 */
export function encodeCall(target: string, { element, form, args, root, more }: CallDetail): string {
  // Behind what says where it was made, which objects of the version before read last: to them it says nothing.
  const items = [target, element, form, args, root, undefined, undefined, more];
  while (items.at(-1) === undefined) items.pop();
  return items.map((item) => JSON.stringify(item ?? 0)).join();
}

/** The same call as made by an earlier page load, or somewhere else, from what {@link encodeCall} wrote. */
export function callFromElsewhere(text: string, tab: string | 0, url: string): string {
  const items: unknown[] = JSON.parse(`[${text}]`);
  while (items.length < 5) items.push(0);
  return JSON.stringify([...items.slice(0, 5), tab, url, ...items.slice(7)]).slice(1, -1);
}

/** A path and query as browsers write them; `//host` and `/\\host` would leave the site. */
const SITE_URL = /^\/(?![/\\])[\x21-\x7e]*$/;

/** True for what a frame can carry as the address of a page. */
export function isPageUrl(url: string): boolean {
  return url.length <= CLIENT_LIMITS.urlChars && SITE_URL.test(url);
}

/** True for what names a page load. */
export function isTabId(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-z]{8,16}$/.test(value);
}

/** Reads the items of a call's frame. Never throws. `undefined`: there is not even a number to answer to. */
export function decodeCall(frame: readonly unknown[]): DecodedCall | undefined {
  const [number, target, ...items] = frame;
  if (!isCallNumber(number) || frame.length < 2) return undefined;
  const bad = (reason: string) => ({ number, reason });
  if (typeof target !== "string" || target.length > LIMITS.targetChars)
    return bad(`the target is text of at most ${LIMITS.targetChars} characters`);
  const [element = 0, form = 0, args = 0, root = 0, tab = 0, url = 0, more = 0] = items;
  const reason =
    whyNot(element, whyNotElement) ??
    whyNot(form, whyNotForm) ??
    whyNot(args, whyNotArgs) ??
    whyNot(root, whyNotRoot) ??
    whyNot(tab, whyNotTab) ??
    whyNot(url, whyNotUrl) ??
    whyNot(more, whyNotMore);
  if (reason !== undefined) return bad(reason);
  // Each was checked above; absent ones are 0.
  const detail: CallDetail = {
    element: element === 0 ? undefined : (element as ElementSnapshot),
    form: form === 0 ? undefined : (form as readonly FormField[]),
    args: args === 0 ? undefined : (args as readonly unknown[]),
    root: root === 0 ? undefined : (root as string),
    more: more === 0 ? undefined : (more as CallMore),
  };
  const call: Call = {
    number,
    target,
    detail,
    ...(tab === 0 ? {} : { tab: tab as string }),
    ...(url === 0 ? {} : { url: url as string }),
  };
  return { call };
}

/** True for what numbers a call: whole, above 0, and with room for many more behind it. */
export function isCallNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0 && Number(value) < 2 ** 52;
}

function whyNot(value: unknown, check: (value: unknown) => string | undefined): string | undefined {
  return value === 0 ? undefined : check(value);
}

function whyNotElement(element: unknown): string | undefined {
  const shape = "an element is [tag, attributes, value, checked or values]";
  if (!Array.isArray(element) || element.length > 4) return shape;
  const [tag, attributes, value, state]: readonly unknown[] = element;
  if (!isString(tag) || !isRecord(attributes)) return shape;
  const written = Object.values(attributes);
  if (written.length > LIMITS.elementAttributes)
    return `an element has at most ${LIMITS.elementAttributes} attributes`;
  if (!written.every(isString)) return "the value of an attribute is text";
  if (value !== undefined && !isString(value)) return "the value of an element is text";
  if (state === undefined || typeof state === "boolean") return undefined;
  if (!Array.isArray(state) || !state.every(isString)) return "the values of an element are a list of text";
  return state.length > LIMITS.elementValues
    ? `an element has at most ${LIMITS.elementValues} values`
    : undefined;
}

function whyNotForm(form: unknown): string | undefined {
  if (!Array.isArray(form)) return "a form is a list of fields";
  if (form.length > LIMITS.formFields) return `a form has at most ${LIMITS.formFields} fields`;
  return form.every(isField) ? undefined : "a field is [name, value, upload]";
}

function whyNotTab(tab: unknown): string | undefined {
  return isTabId(tab) ? undefined : "a tab is named by 8 to 16 letters and digits";
}

function whyNotUrl(url: unknown): string | undefined {
  return typeof url === "string" && isPageUrl(url)
    ? undefined
    : "an address is a path and a query of this site";
}

function whyNotArgs(args: unknown): string | undefined {
  if (!Array.isArray(args)) return "the arguments are a list";
  if (args.length > LIMITS.args) return `a call has at most ${LIMITS.args} arguments`;
  const tooDeep = args.some((arg) => isDeeperThan(arg, LIMITS.argDepth));
  return tooDeep ? `an argument nests at most ${LIMITS.argDepth} levels` : undefined;
}

/**
 * Takes what finds an element by looking at each once. Selectors come from the browser, and those that look at an
 * element's surroundings can be made to take hours.
 */
function whyNotRoot(root: unknown): string | undefined {
  const simple = /^[\w-]*(?:[#.][\w-]+|\[[\w-]+(?:="[^"\\]*")?\])*$/;
  if (!isString(root) || root.length > LIMITS.rootChars)
    return `the root is text of at most ${LIMITS.rootChars} characters`;
  const selectors = root.split(",").map((selector) => selector.trim());
  const isSimple = selectors.every((selector) => selector !== "" && simple.test(selector));
  if (isSimple && selectors.length <= LIMITS.rootSelectors) return undefined;
  return `the root is at most ${LIMITS.rootSelectors} selectors of a tag, ids, classes and attributes each`;
}

/** Items that are not known are a later version's. */
function whyNotMore(more: unknown): string | undefined {
  if (!isRecord(more)) return "what few calls carry is a record";
  const { dataset = {}, datasetAll = {}, values: checked = [], html = "", text = "" } = more;
  const { params = [], controller } = more;
  const isText = isRecord(dataset) && Object.values(dataset).every(isString);
  const areLists = isRecord(datasetAll) && Object.values(datasetAll).every(isListOfText);
  if (!isText || !areLists) return "a dataset has text, or lists of text, by name";
  const values = [...Object.keys(dataset), ...Object.values(datasetAll).flat(), ...Object.keys(datasetAll)];
  if (values.length > LIMITS.datasetValues) return `a dataset has at most ${LIMITS.datasetValues} values`;
  if (!isListOfText(checked) || checked.length > LIMITS.elementValues)
    return `the values of an element are a list of at most ${LIMITS.elementValues} texts`;
  if (!isString(html) || !isString(text)) return "the content of an element is text";
  return whyNotForm(params) ?? (controller === undefined ? undefined : whyNotElement(controller));
}

/** Stops at the limit, so that a hostile value cannot exhaust the stack. */
function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

function isField(field: unknown): boolean {
  return Array.isArray(field) && field.length >= 2 && field.length <= 3 && field.every(isString);
}

function isListOfText(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isString);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}
