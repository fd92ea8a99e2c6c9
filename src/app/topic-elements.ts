import { html, type Part, type View } from "../render/view.ts";
import type { IdentifierOptions, TopicIdentifiers } from "../topics/topic-identifier.ts";

/** How an element has operations carried out. */
export interface StreamFromOptions extends IdentifierOptions {
  /** What becomes of an operation whose element is not there. Default: what the page says, which is a warning unless it says otherwise. */
  readonly missing?: "warn" | "ignore" | "event" | undefined;
}

/** How an element looks for its content. */
export interface UpdatesForOptions extends IdentifierOptions {
  /** The page that it has its content from. Default: the one that it is in. */
  readonly url?: string | undefined;
  /** How long it waits behind a change for further ones, in milliseconds. Default: 20. */
  readonly debounce?: number | undefined;
  /** Of what changes it takes notice, by the names that `touch` is given. Default: of all. */
  readonly only?: readonly string[] | undefined;
  /** True: it waits until calls and submissions are over that began in it. */
  readonly ignoreInnerUpdates?: boolean | undefined;
  /** True: it looks when it first appears, and from then on only while it can be seen. */
  readonly observeAppearance?: boolean | undefined;
}

/** What a page does with elements that follow topics. */
export interface TopicElements {
  /**
   * Signs the name of a topic, as an `identifier` of elements that follow it: whoever has it may follow the topic. Rejects with
   * `TopicError` for what is no topic's name.
   */
  signTopic: (topic: string, options?: IdentifierOptions) => Promise<string>;
  /**
   * An element that has the operations carried out in its page which are broadcast in a topic. Rejects as {@link signTopic}.
   *
   * @example
   * html`${await c.var.streamFrom("chat:7")}`
   */
  streamFrom: (topic: string, options?: StreamFromOptions) => Promise<View>;
  /**
   * An element that fetches its content anew when a topic is touched. Rejects as {@link signTopic}.
   *
   * @param content what is in it at first, and where the page is fetched for it
   * @example
   * html`${await c.var.updatesFor("todos:42", { debounce: 100 }, html`<p>${count} left</p>`)}`
   */
  updatesFor: (topic: string, options: UpdatesForOptions, content: Part) => Promise<View>;
}

/** The same for the pages of one session; `identifiers` throws where nothing is signed. */
export function topicElements(identifiers: () => TopicIdentifiers): TopicElements {
  const signTopic: TopicElements["signTopic"] = async (...given) => await identifiers().sign(...given);
  return {
    signTopic,
    streamFrom: async (topic, options = {}) => {
      const identifier = await signTopic(topic, options);
      return html`<cable-ready-stream-from identifier="${identifier}" missing="${options.missing ?? null}"></cable-ready-stream-from>`;
    },
    updatesFor: async (topic, options, content) => {
      const identifier = await signTopic(topic, options);
      const { url = null, debounce = null, only, ignoreInnerUpdates, observeAppearance } = options;
      return html`<cable-ready-updates-for identifier="${identifier}" url="${url}" debounce="${debounce}" only="${only?.join(" ") ?? null}" ignore-inner-updates="${ignoreInnerUpdates === true}" observe-appearance="${observeAppearance === true}">${content}</cable-ready-updates-for>`;
    },
  };
}
