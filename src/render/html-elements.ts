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

/**
 * Attributes whose value is a program or a document of its own, where no escaping makes a value safe. `only` is an attribute of
 * `<cable-ready-updates-for>`; no event is called `ly`.
 */
export const CODE_ATTRIBUTE = /^(?:on(?!ly$)|srcdoc$)/i;

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

/** What ends a `<p>`: 13.1.2.4 of WHATWG HTML, and what 13.2.6.4.7 adds. */
export const ENDS_PARAGRAPH = new Set(
  "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp".split(
    " ",
  ),
);

/** What a browser leaves where it is only directly in these. A `<tr>` in a `<table>` gets a `<tbody>` around it, and nothing else moves. */
export const ONLY_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ["caption", ["table"]],
  ["colgroup", ["table"]],
  ["thead", ["table"]],
  ["tbody", ["table"]],
  ["tfoot", ["table"]],
  ["tr", ["table", "thead", "tbody", "tfoot"]],
  ["td", ["tr"]],
  ["th", ["tr"]],
  ["col", ["colgroup"]],
  ["optgroup", ["select"]],
  ["option", ["select", "optgroup", "datalist"]],
  ["rb", ["ruby"]],
  ["rp", ["ruby"]],
  ["rt", ["ruby"]],
]);

/** Out of which a browser moves text that is not white space. */
export const TABLE_FRAMES = new Set(["table", "thead", "tbody", "tfoot", "tr", "colgroup"]);

/** Which have no elements inside but those that are {@link ONLY_IN} them; what else is written there is moved or dropped. */
export const FRAMES = new Set([...TABLE_FRAMES, "select", "optgroup", "option"]);

/** What a browser ends, or does not begin, when it is inside another of its kind at whatever depth. */
export const NEVER_WITHIN_ITSELF = new Set(["a", "button", "form", "nobr"]);

/** Of these, a heading that begins directly in another ends it. */
export const HEADINGS = new Set(["h1", "h2", "h3", "h4", "h5", "h6"]);

/** Items that end the item around them, unless something of {@link AROUND_ITEMS} is in between. */
export const ITEM_RIVALS: ReadonlyMap<string, readonly string[]> = new Map([
  ["li", ["li"]],
  ["dd", ["dd", "dt"]],
  ["dt", ["dd", "dt"]],
]);

/** What items may begin in anew. Not all of the "special" elements of 13.2.4.2: those that every browser takes for special. */
export const AROUND_ITEMS = new Set(
  "article aside blockquote dl fieldset menu nav ol section td th ul".split(" "),
);

/** Tags that browsers ignore, rename, move, or treat each in its own way. */
export const DISPLACED = new Set(
  "basefont bgsound body frame frameset head html image isindex keygen plaintext rtc selectedcontent".split(
    " ",
  ),
);

/** What ends a drawing or a formula by beginning in it (13.2.6.5). */
export const ENDS_FOREIGN = new Set(
  "b big blockquote body br center code dd div dl dt em embed font h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre ruby s small span strike strong sub sup table tt u ul var".split(
    " ",
  ),
);

/** In a drawing or a formula: where HTML would begin again, or what is not plain text elsewhere. */
export const FOREIGN_TEXT = new Set(
  "annotation-xml desc foreignobject iframe mi mn mo ms mtext noembed noframes noscript plaintext script style textarea title xmp".split(
    " ",
  ),
);

/** The elements of drawings whose content changes as HTML inside them would. */
export const DRAWING_GROUPS = new Set(
  "a clippath defs filter g lineargradient marker mask pattern radialgradient svg switch symbol text textpath tspan".split(
    " ",
  ),
);

/** What takes any content, and is ended by none: HTML that stands in it is parsed as it is by itself. */
export const FLOW_ELEMENTS = new Set(
  "article aside blockquote details div fieldset figcaption figure footer header main nav section".split(" "),
);
