// What the HTML standard says of elements, as far as templates need it.

/** Elements whose content the browser does not parse: a part there could not be escaped. */
export const RAW_ELEMENTS = new Set(["script", "style", "iframe", "xmp", "noembed", "noframes", "plaintext"]);

/** Elements whose content is text, with entities and without tags. */
export const TEXT_ELEMENTS = new Set(["title", "textarea"]);

/** Elements of which the parser drops a line break that begins their content. */
export const DROPS_FIRST_BREAK = new Set(["textarea", "pre", "listing"]);

/** A character of white space. Less than what `\s` matches: a no-break space is a letter to the parser. */
export const WHITE_SPACE = /[\t\n\f\r ]/;

/** A character that a tag's name does not go on with. */
export const ENDS_TAG_NAME = /[\t\n\f\r />]/;

/** Attributes whose value is a program or a document of its own, where no escaping makes a value safe. */
export const CODE_ATTRIBUTE = /^(?:on|srcdoc$)/i;

/** Elements that have no content and no end tag. */
export const VOID_ELEMENTS = new Set(
  "area base br col embed hr img input link meta param source track wbr".split(" "),
);

/** Parents that the parser puts between these elements and any other parent: then counting fails. */
export const PROPER_PARENTS: Readonly<Record<string, readonly string[]>> = {
  tr: ["tbody", "thead", "tfoot"],
  td: ["tr"],
  th: ["tr"],
  col: ["colgroup"],
};

/** Elements that the parser closes by itself when one of the same kind begins inside. */
export const NEVER_NESTED = new Set(
  "a button dd dt form h1 h2 h3 h4 h5 h6 li nobr optgroup option p tbody td tfoot th thead tr".split(" "),
);

/** What ends a `<p>` (WHATWG HTML, 13.1.2.4). */
export const ENDS_PARAGRAPH = new Set(
  "address article aside blockquote details dialog div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul".split(
    " ",
  ),
);
