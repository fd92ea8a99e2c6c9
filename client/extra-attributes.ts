import { ATTRIBUTES } from "../src/protocol/names.ts";

/** The attributes that few elements have, by the keys under which a page may call them otherwise. */
const NAMES = {
  /** Whose `data-` attributes a call takes along beside those of its element: the first value of each. */
  dataset: "data-reflex-dataset",
  /** The same: every value of each. */
  datasetAll: "data-reflex-dataset-all",
  /** `false`: the element's calls leave its form alone. */
  serializeForm: "data-reflex-serialize-form",
  /** Selects the form of the element's calls. */
  formSelector: "data-reflex-form-selector",
  /** Present: the element's calls tell its inner HTML. */
  innerHtml: "data-reflex-include-inner-html",
  /** Present: the element's calls tell its text. */
  textContent: "data-reflex-include-text-content",
  /** Present: neither side logs the element's calls. */
  suppressLogging: "data-reflex-suppress-logging",
  /** What the visitor is asked before the element calls. */
  confirm: "data-reflex-confirm",
};

/** The same as this page calls them, and all others. Read when the file is loaded, which is after the page has said so. */
export const EXTRA_ATTRIBUTES: Readonly<typeof NAMES> = {
  ...NAMES,
  ...(ATTRIBUTES as Partial<typeof NAMES>),
};
