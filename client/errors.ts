import type { CallRefusalCode } from "../src/protocol/refusals.ts";

/** Why a call did not run, as the client itself sees it. */
export type ClientErrorCode =
  /** The socket went away after the call was sent: whether it ran is unknown. */
  | "disconnected"
  /** The call is larger than a frame may be; it was not sent. */
  | "call-too-large"
  /** An argument is nothing that JSON can write (a bigint, a value that contains itself); it was not sent. */
  | "call-not-json"
  /** The page's address is longer than the protocol takes, or no path of this site; it was not sent. */
  | "address-unsendable"
  /** Too many calls wait for the socket; this one was not kept. */
  | "too-many-waiting"
  /** The server refused the socket for good (an expired session, say); it was not sent. */
  | "connection-refused";

/** A reflex that did not succeed. Its caller's promise rejects with it. */
export class ReflexError extends Error {
  override readonly name = "ReflexError";
  readonly code: CallRefusalCode | ClientErrorCode;
  /** `Class#action`, as called. */
  readonly target: string;
  /** Names the call in the server's log; absent when the server never answered. */
  readonly callId: string | undefined;

  constructor(target: string, code: CallRefusalCode | ClientErrorCode, message: string, callId?: string) {
    super(`${target}: ${message}${callId === undefined ? "" : ` (${callId})`}`);
    this.code = code;
    this.target = target;
    this.callId = callId;
  }
}
