/** What elements of pages that follow topics, and the server, both spell out. */

/** The element that has the operations of a topic carried out in its page. */
export const STREAM_FROM = "cable-ready-stream-from";

/** The element that looks for its content anew when a topic is touched. */
export const UPDATES_FOR = "cable-ready-updates-for";

/** How the HTML of a page begins every element that follows a topic. */
export const FOLLOWING_TAG = "<cable-ready-";

/** What an element follows a topic for: to have its operations carried out, or to be told that it was touched. */
export type StreamMode = "stream" | "updates";

/** Called with an identifier and a mode: the page follows the topic from then on. Pays with the topic's key. */
export const STREAM_TARGET = "Reflex#stream";

/** The same, for the end of it. */
export const UNSTREAM_TARGET = "Reflex#unstream";

/** The event by which a document is told that a topic was touched. */
export const CHANGED_EVENT = "cable-ready:changed";

/** The event by which a document is told that the server has forgotten what its elements follow. */
export const FORGOTTEN_EVENT = "cable-ready:forgotten";

/** What {@link CHANGED_EVENT} says. */
export interface TopicChange {
  /** The topic's key. */
  readonly topic: string;
  /** What has changed, by names of the application's; absent: nobody says. */
  readonly changed?: readonly string[];
  /** True where the page was rendered with the change. */
  readonly isShown?: boolean;
}

/** What requests say by which elements look for their content, and for which page load they do. */
export const UPDATE_HEADER = "X-Cable-Ready";
export const TAB_HEADER = "Reflex-Tab";
