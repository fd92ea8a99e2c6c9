/**
 * Why the server did not do what a browser asked: a code for programs, the one sentence that a browser may
 * see, and where it applies the close code or HTTP status that carries it.
 */

/** Codes of calls that ran into an end other than success. The socket stays open. */
export const CALL_REFUSALS = {
  "malformed-target": "A target is written Class#action, for example Counter#increment.",
  "unknown-reflex": "The application has no reflex class of that name.",
  "unknown-action": "The reflex class declares no action of that name.",
  "inherited-action": "The method belongs to the runtime, not to the application's reflex class.",
  "private-action": "The method is not an action: it is private to its reflex class.",
  "reserved-action": "The name belongs to the language, not to the reflex class.",
  "malformed-call": "The call does not have the shape that the protocol asks for.",
  "too-many-waiting": "Too many calls of this session are waiting already.",
  "session-ended": "The session has ended: its visitor has logged out, or begun another.",
  "turn-timeout": "The reflex took too long and was given up. Nothing of it was kept.",
  "reflex-failed": "The reflex failed and changed nothing in the session.",
  "page-failed": "The page could not be rendered, so the reflex changed nothing in the session.",
} as const;

/** One of {@link CALL_REFUSALS}. */
export type CallRefusalCode = keyof typeof CALL_REFUSALS;

/** Uploads that are refused before a byte of the file is sent, or given up, with their HTTP status. */
export const UPLOAD_REFUSALS = {
  "upload-malformed": {
    status: 400,
    message: "The upload does not have the shape that the protocol asks for.",
  },
  "upload-origin": { status: 403, message: "The page that uploads is not of this site." },
  "upload-session": { status: 401, message: "There is no session to upload to; load the page again." },
  "upload-unexpected": { status: 404, message: "The reflex takes no files in a field of that name." },
  "upload-gone": { status: 410, message: "There is no such upload any more." },
  "upload-too-large": { status: 413, message: "The file is larger than the field takes." },
  "upload-type": { status: 415, message: "The file is of a type that the field does not take." },
  "upload-too-many": { status: 409, message: "The field takes fewer files." },
  "upload-no-room": { status: 429, message: "The session has too many uploads that no reflex has taken." },
  "upload-torn": { status: 400, message: "A part of the file did not have the length that was said." },
  "upload-unconfigured": { status: 501, message: "The application has no place for uploads." },
  "upload-moving": { status: 503, message: "The session is moving; ask again." },
  "upload-failed": { status: 503, message: "The upload could not be kept; ask again." },
} as const;

/** One of {@link UPLOAD_REFUSALS}. */
export type UploadRefusalCode = keyof typeof UPLOAD_REFUSALS;

/** The close codes that the client acts upon, apart, so that the others are not shipped to it. */
export const SESSION_INVALID = 4401;

/** See {@link SESSION_INVALID}. */
export const PROTOCOL_UNKNOWN = 4426;

/** The code with which a page that leaves with every call answered closes its socket: nothing of it will be asked again. */
export const PAGE_LEFT = 4000;

/**
 * Codes with which the server closes a socket (RFC 6455, 7.4.2: 4000–4999 are the application's). The
 * reason of the close frame is the key, so that a log on either side reads without a table.
 */
export const SOCKET_REFUSALS = {
  "malformed-frame": 4400,
  "session-invalid": SESSION_INVALID,
  "tab-silent": 4408,
  "tab-moved": 4409,
  "session-expired": 4410,
  "session-moved": 4411,
  "frame-too-large": 4413,
  "protocol-unknown": PROTOCOL_UNKNOWN,
  "location-missing": 4428,
  "too-many-sockets": 4429,
} as const;

/** One of {@link SOCKET_REFUSALS}. */
export type SocketRefusalCode = keyof typeof SOCKET_REFUSALS;

/** Upgrades that are refused before a socket exists, with their HTTP status. */
export const UPGRADE_REFUSALS = {
  "socket-elsewhere": { status: 404, message: "Sockets are opened at /_reflex/socket and nowhere else." },
  "upgrade-required": { status: 426, message: "This address takes WebSocket upgrades only." },
  "origin-forbidden": { status: 403, message: "The page that opens the socket is not of this site." },
  "subprotocol-unknown": { status: 400, message: "The socket must ask for the subprotocol reflex.v1." },
  "headers-too-large": { status: 431, message: "The request's cookies are too large for a socket to keep." },
} as const;

/** One of {@link UPGRADE_REFUSALS}. */
export type UpgradeRefusalCode = keyof typeof UPGRADE_REFUSALS;
