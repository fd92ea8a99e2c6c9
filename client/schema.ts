import { ATTRIBUTES } from "../src/protocol/names.ts";

/**
 * Takes over what a page calls attributes: `<meta name="reflex-schema" content='{"reflex":"data-sr"}'>`, by the keys of
 * {@link ATTRIBUTES} and of `client/extra-attributes.ts`. Throws a `SyntaxError` for what is no JSON: a client that knows half
 * of the names would do half of what the page says.
 *
 * @returns true when there is such an element
 */
export function takeSchema(document: Document): boolean {
  const schema = document.querySelector<HTMLMetaElement>("meta[name=reflex-schema]");
  Object.assign(ATTRIBUTES, JSON.parse(schema?.content ?? "{}"));
  return schema !== null;
}
