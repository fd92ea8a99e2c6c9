const UNSAFE_CHARACTERS = /[&<>"']/g;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** What stands in for an address that would run code. An address that no browser can load, and that says why. */
const REFUSED_URL = "about:invalid#refused";

/** Schemes whose `data:` addresses hold pictures, sound or fonts, none of which can run code. */
const INERT_DATA = /^data:(?:image\/(?!svg)|audio\/|video\/|font\/)/i;

/**
 * Escapes text so that it stays text wherever HTML allows text: between tags, in `<title>` and `<textarea>`,
 * and in a quoted attribute value. Never throws.
 */
export function escapeHtml(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, (character) => ENTITIES[character] ?? character);
}

/**
 * Passes an address through, or puts `about:invalid#refused` in its place when following it would run code
 * (`javascript:`, `vbscript:`, `data:` documents). Refusing quietly keeps a page working that shows a hostile
 * visitor's link; throwing would let that visitor break the page for everyone.
 *
 * Control characters and spaces are left out before the scheme is read, as browsers do (WHATWG URL, 4.4).
 */
export function refuseScriptUrl(url: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly the characters that browsers skip
  const address = url.replace(/[\u0000-\u0020]/g, "");
  if (/^(?:javascript|vbscript):/i.test(address)) return REFUSED_URL;
  if (/^data:/i.test(address) && !INERT_DATA.test(address)) return REFUSED_URL;
  return url;
}
