import { ATTRIBUTES } from "../protocol/names.ts";

/** What a start tag says of where its element can be cut. */
export interface CuttingAttributes {
  /** As `getElementById` knows it; empty when there is none. */
  readonly id: string;
  readonly isPermanent: boolean;
}

const NONE: CuttingAttributes = { id: "", isPermanent: false };

/** Of hardly any other tag the attributes have to be looked at one by one. */
const MAY_MATTER = /[\t\n\f\r ]id|permanent/i;

const PERMANENT = new RegExp(ATTRIBUTES.permanent, "i");

/** An id as it is mostly written: in front of the other attributes, and with nothing to decode. */
const LEADING_ID = /^[\t\n\f\r ]id="([^"&\r]*)"/;

const ATTRIBUTE =
  /([^\t\n\f\r "'<>/=]+)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r "'<=>`]+)))?/g;

/** A character reference, or what may be one. */
const REFERENCE = /&(?:#(\d+)|#x([\da-f]+)|([a-z\d]+));?/gi;

/** The names that escaping writes. */
const NAMED: ReadonlyMap<string, string> = new Map([
  ["&amp;", "&"],
  ["&lt;", "<"],
  ["&gt;", ">"],
  ["&quot;", '"'],
  ["&apos;", "'"],
]);

/**
 * Reads the attributes of a start tag.
 *
 * @param text what is between the tag's name and its end, well-formed
 * @returns `undefined` when the id is one that only a browser can tell
 */
export function readAttributes(text: string): CuttingAttributes | undefined {
  if (!MAY_MATTER.test(text)) return NONE;
  const leading = LEADING_ID.exec(text)?.[1];
  if (leading !== undefined && !PERMANENT.test(text)) return { id: leading, isPermanent: false };
  let id: string | undefined;
  let isPermanent = false;
  for (const [, name = "", double, single, bare] of text.matchAll(ATTRIBUTE)) {
    const lower = name.toLowerCase();
    // Of an attribute that is written twice, the first counts.
    if (lower === "id") id ??= double ?? single ?? bare ?? "";
    if (lower === ATTRIBUTES.permanent) isPermanent = true;
  }
  const decoded = decode(id ?? "");
  return decoded === undefined ? undefined : { id: decoded, isPermanent };
}

/** `undefined` for references that escaping does not write, and for line breaks that a browser unifies. */
function decode(value: string): string | undefined {
  if (value.includes("\r")) return undefined;
  if (!value.includes("&")) return value;
  let isKnown = true;
  const decoded = value.replace(REFERENCE, (reference, decimal, hex) => {
    const character = NAMED.get(reference) ?? characterOf(decimal ?? `0x${hex}`);
    if (character === undefined || !reference.endsWith(";")) isKnown = false;
    return character ?? "";
  });
  return isKnown ? decoded : undefined;
}

/** Of printable ASCII, where no browser replaces one code by another. */
function characterOf(code: string): string | undefined {
  const number = Number(code);
  return number >= 0x20 && number < 0x7f ? String.fromCharCode(number) : undefined;
}
