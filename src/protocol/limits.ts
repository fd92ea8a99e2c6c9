export { CLIENT_LIMITS } from "./client-limits.ts";

/**
 * Every bound that a peer can run into, with its unit. Peers are hostile: whatever a browser can make
 * longer, deeper or more frequent has its number here.
 */
export const LIMITS = {
  /** Longest `Class#action`, in characters, inclusive. */
  targetChars: 200,
  /** Longest address of a fragment that a browser may ask for, in characters, inclusive. A longer one: the page. */
  addressChars: 4_096,
  /** Longest list of selectors that limits a page morph, in characters, inclusive. */
  rootChars: 1_000,
  /** Most attributes of the element that triggered a call. */
  elementAttributes: 256,
  /** Most selected values of a `<select multiple>`. */
  elementValues: 1_000,
  /** Most attributes and values of other elements that a call collects. */
  datasetValues: 4_096,
  /** Most fields of a serialised form. */
  formFields: 2_000,
  /** Deepest nesting of a field's name, in levels: `a[b][c]` has two. */
  paramDepth: 32,
  /** Most arguments of one call. */
  args: 32,
  /** Longest signed value without its signature, in characters, inclusive. */
  signedChars: 4_096,
  /** Deepest nesting of an argument, in levels; a plain value has none. */
  argDepth: 32,
  /**
   * Largest payload of a reply, as JSON, in characters: below `apartReplyChars`, so that it is there again for a call that is
   * made again.
   */
  payloadChars: 8_000,
  /** Most characters of calls that may wait in one session: their frames share an isolate's 128 MB with other sessions. */
  waitingChars: 8_388_608,
  /** Most turns that may wait in one session; a further call is refused. */
  waitingTurns: 256,
  /** Tabs whose last render one session object keeps in memory; those of the others are rendered again when needed. */
  shownPages: 16,
  /**
   * Most characters of session values, as JSON would write them, that an object remembers from before they were changed: for
   * tabs that show the session as it was then.
   */
  pastChars: 65_536,
  /** Tabs without a socket that an object remembers while it is awake; others are found again by what is stored. */
  awayTabs: 32,
  /** Frames that an object keeps in memory for a tab that may have to be sent them again. */
  sentFrames: 64,
  /** Most characters of them. */
  sentChars: 32_768,
  /** Largest session value that is stored in one row with others, as JSON would write it, in characters. */
  sharedValueChars: 1_000,
  /** Largest assigns of a tab's last turn that are stored in it, as JSON would write them, in characters. */
  sharedAssignsChars: 2_000,
  /** Most characters of all values in that row, their keys included. */
  sharedChars: 8_000,
  /** Most keys of values with rows of their own that are listed in it; of more, each is looked for when it is asked for. */
  listedKeys: 256,
  /** Tabs whose last call is stored in that row; those of others have rows of their own. */
  sharedTabs: 8,
  /** Most characters of answers that are kept for a tab with a row of its own. */
  apartReplyChars: 8_192,
  /** Tabs whose last call is stored; that of the tab which called longest ago is forgotten first. */
  storedTabs: 1_024,
  /** How long the last call of a tab is stored at least, in milliseconds: a week. */
  storedTabMs: 604_800_000,
  /** Answers that are kept for one tab until it has acknowledged them: what a client may wait for, and then some. */
  keptReplies: 128,
  /** Most characters of them. A row holds 2 MB, so that of the tabs which share one has room for all. */
  keptReplyChars: 65_536,
  /** Numbers below a tab's last that are known not to have come: more than a client sends without an answer. */
  skippedCalls: 64,
  /** Concurrent reflexes of one session that run beside its queue; further ones wait their turn. */
  concurrentTurns: 16,
  /** Answered calls whose numbers a socket remembers through a sleep: copies of later ones alone can still be on their way. */
  keptAnswered: 8,
  /** Templates that a socket remembers through a sleep; a tab is told the others again when it needs them. */
  keptTemplates: 64,
  /** How long one turn may take, in milliseconds, before it is given up and its writes are dropped. */
  turnMs: 30_000,
  /** How long a page may take that is rendered without a call, in milliseconds: others wait for it. */
  refreshMs: 5_000,
  /** Loaded pages whose tabs one object expects. */
  rememberedVisits: 32,
  /** Most selectors that limit a page morph. */
  rootSelectors: 16,
  /** Most sockets that one session keeps open at a time. */
  sessionSockets: 128,
  /**
   * Room for the request headers that a socket keeps for its page renders, in bytes. The platform lets a socket
   * keep 16,384 bytes in all, of which its page's address takes up to `urlChars`.
   */
  socketHeaderBytes: 11_000,
  /** Longest cookie with all that is said of it, in characters: browsers refuse longer ones (RFC 6265bis, 5.6). */
  cookieChars: 4_096,
  /** Most cookies that one turn sets. */
  turnCookies: 20,
  /** How long a browser may take to fetch what a socket cannot carry, in milliseconds. */
  exchangeMs: 120_000,
  /** Most of that that a session keeps at a time. */
  exchanges: 16,
  /** Tabs whose state one session keeps; of further ones, those go whose tabs have been gone longest. */
  tabStates: 128,
  /** Longest ticket, in characters. */
  ticketChars: 64,
  /** Longest session key, in characters, inclusive. */
  sessionKeyChars: 256,
  /** Largest session value as JSON would write it, in characters. Text beyond Latin-1 takes two bytes each of the platform's 2 MB a row. */
  sessionValueChars: 990_000,
  /** Timers that wait in one session. A further one is refused. */
  timers: 1_000,
  /** Largest arguments of a timer, as JSON would write them, in characters. */
  timerArgsChars: 10_000,
  /** Longest name that an application gives a timer, in characters, inclusive. */
  timerIdChars: 128,
  /** How far in the future a timer may be due, in milliseconds: a year. */
  timerMs: 31_536_000_000,
  /** How many times a timer that fails is run again, unless its class says otherwise. */
  timerRetries: 12,
  /** The most that one may say. */
  timerRetriesMax: 24,
  /** How long one ring of a session's alarm goes on with what is due, in milliseconds. The platform ends one after 15 minutes. */
  ringMs: 120_000,
  /** How late an alarm may be, in milliseconds, before it is taken for lost and set again: the platform gives up after six failures. */
  lateAlarmMs: 900_000,
  /** Longest key of a cache entry, its namespaces included, in characters, inclusive. */
  cacheKeyChars: 512,
  /** Longest version of a cache entry, in characters, inclusive. */
  cacheVersionChars: 256,
  /**
   * Longest time after which a cache entry expires, and for which it is kept beyond that, in milliseconds: 50 years. Together
   * they stay below the year 2189, the last for which the platform sets an alarm.
   */
  cacheEntryMs: 1_576_800_000_000,
  /** Largest cached value, in bytes as stored: a row of the platform's holds 2 MB, and key and dates have to fit beside it. */
  cacheValueBytes: 1_996_000,
  /** Most bytes of keys and values that one cache object may be given: the platform stores 10 GB an object, tables included. */
  cacheShardBytes: 8_000_000_000,
  /** Most cache objects of one application. */
  cacheShards: 256,
  /** Most keys of one message to a cache object; more go in several. */
  cacheMessageKeys: 1_000,
  /** Most bytes of values in one message from or to a cache object: the platform takes 32 MiB. */
  cacheMessageBytes: 16_000_000,
  /** How long one computation for the cache may be waited for at most, in milliseconds. */
  cacheLeaseMs: 60_000,
  /** How long a cache object may take to answer, in milliseconds, beside what it is asked to wait for. */
  cacheAnswerMs: 5_000,
  /** Keys of one cache object that are being computed at a time; what others compute is not shared. */
  cacheFlights: 4_096,
  /** Callers that wait in one cache object for what others compute; further ones compute for themselves. */
  cacheWaiters: 1_024,
  /** Entries of one cache object of which it is kept in memory when they were read last. */
  cacheRecentReads: 4_096,
  /** Longest name of a structure, in characters, inclusive. */
  structureNameChars: 200,
  /** Longest key that structures are bound to, in characters, inclusive: its object's name may take 1,024 bytes. */
  structureKeyChars: 256,
  /** Most items of one structure: each change writes all of them. */
  structureItems: 10_000,
  /** Deepest nesting of what a structure holds, in levels; a plain value has none. */
  structureDepth: 32,
  /** Longest time after which a structure ends, in milliseconds: a year. */
  structureMs: 31_536_000_000,
  /** Most structures of one key. */
  keyedStructures: 1_000,
  /** Largest structure of a key, in bytes as stored: a row of the platform's holds 2 MB, its name and end beside it. */
  keyedStructureBytes: 1_996_000,
  /** Uploads that a session has begun and no reflex has taken; a further one is refused. */
  uploads: 32,
  /** Most bytes of them together, as their browsers said. */
  sessionUploadBytes: 20_000_000_000,
  /** Uploads that a session knows, those that are being removed included: what was begun and given up takes an hour to be forgotten. */
  uploadRecords: 256,
  /** Largest file that is uploaded, in bytes, inclusive, whatever a class allows. */
  uploadBytes: 10_000_000_000,
  /** Smallest part of a file that is uploaded in parts, in bytes: R2 takes none that is smaller, but for the last. */
  uploadPartBytes: 5_242_880,
  /** Most parts of one file: those of larger files are larger. */
  uploadParts: 1_000,
  /** How long an upload is kept after its latest part until a reflex takes it, in milliseconds: a day. */
  uploadMs: 86_400_000,
  /** When the removal of an upload is tried again that has failed, in milliseconds: an hour. */
  uploadRetryMs: 3_600_000,
  /** Longest name of a file and of its field, in characters, inclusive. */
  uploadNameChars: 255,
  /** Longest type of a file, in characters, inclusive (RFC 6838, 4.2: twice 127 and a slash). */
  uploadTypeChars: 255,
  /** Longest text by which a browser finds an upload again, in characters, inclusive. */
  uploadFingerprintChars: 64,
  /** Longest request that begins an upload, in characters. */
  uploadRequestChars: 8_192,
  /** Most operations that one reflex queues before it sends them. */
  operations: 1_000,
  /** Most characters of them, as JSON would write them. */
  operationsChars: 1_000_000,
  /** Longest delay of an operation, in milliseconds: timers of browsers count no further, and would ring at once. */
  operationDelayMs: 2_147_483_647,
  /** Longest name of a topic, in characters, inclusive. */
  topicNameChars: 200,
  /** Most topics that one page rests on. */
  pageTopics: 16,
  /** Most topics that the elements of one page follow. */
  tabStreams: 32,
  /** Longest key of a topic on the wire, and longest place in one, in characters, inclusive. */
  positionChars: 40,
  /** Most publications of one turn. */
  turnPublications: 64,
  /** Largest publication, as JSON, in characters. */
  publicationChars: 100_000,
  /** Most names of what has changed that one touch says. */
  changedNames: 64,
  /** Longest of them, in characters, inclusive. */
  changedNameChars: 100,
  /** Publications of one session that wait for their topics. */
  outbox: 256,
  /** Most characters of them, as JSON. */
  outboxChars: 500_000,
  /** When a session looks whether its topics have what it has published, in milliseconds: it may have ended before they had. */
  outboxMs: 10_000,
  /** Longest wait of a session before it asks a topic again that could not be reached, in milliseconds. */
  topicRetryMs: 60_000,
  /** Subscribers that one node of a topic tells by itself; further ones are sent to its relays. */
  nodeSubscribers: 256,
  /** Nodes of a topic that a subscriber is sent on to before it gives up. */
  nodeHops: 8,
  /** Relays below one node of a topic. */
  nodeRelays: 64,
  /** Publications that a node keeps for those who come late. */
  keptPublications: 128,
  /** Most characters of them, as JSON: more than `outboxChars`, so that what one session publishes at once is told to whoever is there. */
  keptPublicationChars: 524_288,
  /** Publications that a topic takes in a second, touches not counted, which are as good as one, and at once: fewer than are kept. */
  publicationsPerSecond: 100,
  /** Publications that one remote call delivers. */
  deliveredPublications: 128,
  /** How long one delivery may take before its subscriber counts as one that is away for a while, in milliseconds. */
  deliverMs: 10_000,
  /** How long a relay keeps the answer to a delivery back until its own subscribers have it, in milliseconds: then it stores who has not. */
  relayHoldMs: 250,
  /** Most nodes between a subscriber and the root of its topic: the last takes whoever comes. */
  relayDepth: 6,
  /** How long after a publication its topic makes sure that everybody was told, in milliseconds: below the ten seconds of a sleep. */
  redeliverMs: 5_000,
  /** The longest wait before a subscriber is tried again that could not be reached, in milliseconds. */
  deliverRetryMs: 60_000,
  /** How many times longer than `leaseMs` a subscription may last unasked while nothing is published. */
  quietLeases: 16,
  /** Publishers whose last number a topic stores when what it kept of theirs is gone: about as many, and for a day. */
  keptPublishers: 10_000,
  /** How long, in milliseconds. */
  keptPublisherMs: 86_400_000,
  /** How long a subscription lasts before its topic asks whether anybody is still there, in milliseconds. */
  leaseMs: 600_000,
  /** The same of a session that is present. */
  presenceLeaseMs: 120_000,
  /** How long somebody who has left is still shown as present, in milliseconds: a page that is loaded again is no departure. */
  leaveMs: 5_000,
  /** How soon a topic that begins a new life asks again, after it has asked all who are present, in milliseconds. */
  presenceAgainMs: 30_000,
  /** How soon changes of who is present are told after the ones before, in milliseconds; and one more for each session that is present. */
  rosterMs: 100,
  /** How long a socket may be silent before its page is not taken for present, in milliseconds: pages in the background ask once a minute. */
  silenceMs: 120_000,
  /** Sessions that are listed as present in a topic; of further ones only their count. */
  present: 1_000,
  /** Sessions that a topic counts as present; further ones are not. */
  presentCounted: 20_000,
  /** Sessions that a topic asks at a time whether they are still present. */
  presenceCalls: 50,
  /**
   * How old what a session says of itself may be when it comes, in milliseconds: older, it is to be said again by whoever still waits, since
   * the session may have said something else.
   */
  presenceStaleMs: 2_000,
  /** How many times in a row a session may not answer before it is not taken for present any more. */
  presenceFailures: 3,
  /** Largest of what is told of somebody who is present, as JSON, in characters. */
  presenceChars: 1_000,
  /** Frames with updates that a tab is sent without a word that it has read any: then it is sent nothing but answers until it has. */
  unreadFrames: 128,
  /** Most characters of them. */
  unreadChars: 1_048_576,
  /** Largest region, as HTML with its addresses, in characters. */
  regionChars: 1_000_000,
  /** A change of a region that takes more characters, as JSON, is told only where it is less than the region itself. */
  regionChangeChars: 16_384,
  /** How long a region is left as it is behind a change, in milliseconds: what changes meanwhile is told together. */
  regionPauseMs: 40,
  /** Sessions of which a region's root remembers the last touch: a copy of another's costs a render. */
  regionPublishers: 1_024,
  /** Regions of which one session knows in memory where they stand. */
  keptRegions: 64,
  /** Most characters of regions that one session keeps in memory for its next pages. */
  keptRegionChars: 2_000_000,
  /** Most digits of a decimal number, those behind its point included. */
  decimalDigits: 100,
} as const;
