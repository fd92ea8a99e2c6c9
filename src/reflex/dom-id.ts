/**
 * The `id` of an element for a thing: `domId("post", 45)` is `post_45`, `domId("post", post, "edit")` is `edit_post_45`, and
 * `domId("post")`, or a thing without an id, `new_post`. Characters that would have to be escaped in a selector are written by their
 * numbers, so that `#` before it is one.
 *
 * Throws a `TypeError` for a name that begins with no letter.
 *
 * @param thing an id, or what has one
 * @param prefix tells apart several elements for one thing
 */
export function domId(
  name: string,
  thing?: string | number | { readonly id?: string | number | null | undefined } | null,
  prefix?: string,
): string {
  const id = typeof thing === "object" ? thing?.id : thing;
  const parts = id === undefined || id === null ? ["new", name] : [name, id];
  const text = [...(prefix === undefined ? [] : [prefix]), ...parts].map(toName).join("_");
  if (/^[a-z]/i.test(text)) return text;
  throw new TypeError(`domId() got the name ${JSON.stringify(name)}; expected one that begins with a letter`);
}

function toName(part: string | number): string {
  return String(part).replace(/[^\w-]/gu, (character) => `-x${character.codePointAt(0)?.toString(16)}-`);
}
