/** What sessions and the root of a topic say to each other of who is present. Everything in it can be cloned. */

/** What a session says of itself to a topic. */
export interface Attendance {
  /** Names its object. */
  readonly session: string;
  /** How it is called among those who are present: says nothing of the session's name. */
  readonly id: string;
  /** Its open tabs that show pages with which it is present; 0: none. */
  readonly tabs: number;
  /** What the application tells of it, as JSON; absent: as it was. */
  readonly meta?: string | undefined;
  /** When it was said, in milliseconds since 1970, or a little more: what is said later has a higher one, since calls may arrive in another order. */
  readonly number: number;
  /** True for a session that has ended: it leaves at once. */
  readonly isOver?: boolean;
}

/**
 * What becomes of it. `late`: something that was said later has come before, or it was too long on its way; with a number above this one
 * it may be said again. `unknown`: the topic does not know the session, and has to be told what the application tells of it. `full`: no
 * more are counted.
 */
export type AttendanceAnswer =
  | { readonly kind: "noted" | "unknown" | "full" }
  | { readonly kind: "late"; readonly number: number };

/** One who is present, as a topic tells it. */
export interface PresentSession {
  readonly id: string;
  /** What the application tells of it. */
  readonly meta: unknown;
  /** How many of its tabs are open. */
  readonly tabs: number;
  /** Since when it is present, in milliseconds since 1970. */
  readonly since: number;
}

/** Who is present, or that it is as it was when it was asked for last. */
export type RosterAnswer =
  | { readonly kind: "same" }
  | {
      readonly kind: "roster";
      /** Names this state of it. */
      readonly version: string;
      /** How many sessions are present: more than are listed, where those are too many. */
      readonly count: number;
      /** Those who are listed, those who came first first: JSON of {@link PresentSession}s. */
      readonly listed: string;
    };

/** The root of a topic, as sessions reach it. */
export interface PresenceNode {
  /** Resolves when it is stored. */
  attend(attendance: Attendance): Promise<AttendanceAnswer>;
  /** @param known the version that the caller has */
  roster(known?: string): Promise<RosterAnswer>;
}

/** A session, as the roots of topics reach it. */
export interface Attendant {
  /** What the session says of itself to a topic; `undefined` for one that has not been there. */
  attendance(topic: string): Promise<Attendance>;
}
