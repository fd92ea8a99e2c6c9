/** Where the scanner stands, as the HTML tokenizer would (WHATWG HTML, 13.2.5), with what no part cares for left out. */
export type ScanState =
  | "content"
  | "tagName"
  | "betweenAttributes"
  | "attributeName"
  | "afterName"
  | "beforeValue"
  | "doubleQuoted"
  | "singleQuoted"
  | "unquoted"
  | "comment"
  | "declaration";
