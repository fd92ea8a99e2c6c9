/** Why something could not be done with a topic. */
export type TopicErrorCode =
  /** What was given cannot be a topic's name. */
  | "topic-name"
  /** What is to be published is too large. */
  | "topic-size"
  /** A page or a turn asks for more topics, or publishes more, than it may. */
  | "topic-many"
  /** More is published in the topic than it takes in a second. */
  | "topic-rate"
  /** What is told of somebody who is present is no JSON, or too large. */
  | "topic-presence"
  /** What a region shows cannot be rendered, or is no region of the application. */
  | "topic-region";

/** What could not be done with a topic: `code` says which limit or rule, the message what was expected. */
export class TopicError extends Error {
  override readonly name = "TopicError";
  readonly code: TopicErrorCode;

  constructor(code: TopicErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
