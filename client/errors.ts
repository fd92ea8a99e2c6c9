import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { CallRefusalCode, UploadRefusalCode } from "../src/protocol/refusals.ts";

/** Why a call did not run, as the client itself sees it. */
export type ClientErrorCode =
  /** The call is larger than a frame may be; it was not sent. */
  | "call-too-large"
  /** An argument is nothing that JSON can write (a bigint, a value that contains itself); it was not sent. */
  | "call-not-json"
  /** The page's address is longer than the protocol takes, or no path of this site; it was not sent. */
  | "address-unsendable"
  /** Too many calls of this page are unanswered; this one was not kept. */
  | "too-many-waiting"
  /** Its element may not call while the page is offline; it was not kept. */
  | "offline"
  /** No answer came for a day, and the server does not remember longer; it may have run. */
  | "call-expired"
  /** The server refused the socket for good (an expired session, say); it may have run. */
  | "connection-refused"
  /** The visitor has another session than the one that the call was made in; it may have run in that. */
  | "session-changed"
  /** The page's client is older than any that the server understands; it may have run. */
  | "protocol-mismatch"
  /** The page was left; the call is made by the next page of the same browser tab, if there is one. */
  | "page-closed";

/** Why a file of a call's form is not up; the call was not made. What the server says of it, or: somebody has cancelled it. */
export type UploadErrorCode = UploadRefusalCode | "upload-cancelled";

/** Why a call failed. */
export type ReflexErrorCode = CallRefusalCode | ClientErrorCode | UploadErrorCode;

/** What the client itself says of it: what happened, and what to do. */
const REASONS: Readonly<Partial<Record<ReflexErrorCode, string>>> = {
  "call-too-large": `more than ${CLIENT_LIMITS.clientFrameChars} characters`,
  "call-not-json": "an argument is no JSON",
  "address-unsendable": "the page's address is too long",
  "too-many-waiting": `${CLIENT_LIMITS.clientWaitingCalls} calls are waiting`,
  offline: "the page is offline",
  "call-expired": "no answer for a day; it may have run",
  "connection-refused": "the session is over; load the page again",
  "session-changed": "made in another session; it may have run",
  "protocol-mismatch": "the page is too old; load it again",
  "page-closed": "the page was left; the next one makes the call",
};

/** A reflex that did not succeed. Its caller's promise rejects with it. */
export class ReflexError extends Error {
  override readonly name = "ReflexError";
  readonly code: ReflexErrorCode;
  /** `Class#action`, as called. */
  readonly target: string;
  /** Names the call in the server's log; absent when the server never answered. */
  readonly callId: string | undefined;
  /** What the action handed to its caller before it failed. */
  readonly payload: unknown;
  /** Names the call in the page, as in `reflexes`; absent for calls of an earlier page load. */
  id?: string;

  constructor(
    ...[target, code, message = REASONS[code], callId, payload]: [
      target: string,
      code: ReflexErrorCode,
      message?: string | undefined,
      callId?: string | undefined,
      payload?: unknown,
    ]
  ) {
    super(`${target}: ${message}${callId === undefined ? "" : ` (${callId})`}`);
    this.code = code;
    this.target = target;
    this.callId = callId;
    this.payload = payload;
  }
}
