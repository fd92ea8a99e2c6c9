/** The bounds that the client keeps, apart, so that the others are not shipped to it. */
export const CLIENT_LIMITS = {
  /** Longest text frame that a browser may send, in UTF-16 characters, inclusive. */
  clientFrameChars: 1_048_576,
  /** Longest page address (path and query, ASCII), in characters, inclusive. */
  urlChars: 4_096,
  /** Fragments that a client asks for one by one after one frame; when more did not fit, it asks for the page. */
  restoredFragments: 8,
  /** Calls that a page keeps unanswered, online or not; a further one is refused at once. */
  clientWaitingCalls: 256,
  /** Most characters of calls that a page keeps unanswered: browsers give a site about five million to keep. */
  clientWaitingChars: 2_097_152,
  /** Calls that a page remembers when they have ended. */
  endedCalls: 20,
  /** Calls that a page has sent and not yet had answered; further ones wait in the page. */
  clientSentCalls: 32,
  /** How long an unanswered call is sent again, in milliseconds: for a day, long before the server forgets its number. */
  callAgeMs: 86_400_000,
  /** Places in topics that a page remembers: those of the pages before it in the same tab among them. */
  keptPositions: 64,
  /**
   * Frames of which the server does not know that they came, each 1,000 characters counted as one more: after so many, the client says
   * so.
   */
  unacknowledged: 16,
  /** After how many milliseconds a part of itself that a client could not load is asked for again. */
  loadAgainMs: 1_000,
  /**
   * After how many vain tries in a row, over one socket, the page is loaded again, which leaves its calls to the next. Far more
   * than a socket takes to be found dead: a page that is loaded again without a network is gone.
   */
  loadTries: 30,
  /** Controls whose unsent content a browser tab keeps for the next load of a page, those of all its pages together. */
  draftControls: 100,
  /** Most characters of them. */
  draftChars: 100_000,
} as const;
