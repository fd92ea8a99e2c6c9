import type { SubscriberName } from "./topic-messages.ts";

/** A remote call to a subscriber that is under way. */
export interface UnderWay {
  readonly startedAt: number;
  /** Which subscription it is for: see {@link Follower.subscriptions}. */
  readonly subscription: number;
  /** When it is tried again if this fails, at the earliest. */
  readonly retryAt: number;
}

/** One subscriber of a node, as far as the node remembers it. Times in milliseconds since 1970. */
export class Follower {
  readonly name: SubscriberName;
  /** The last publication that it was told; -1: everything has to be afresh for it. */
  told: number;
  /** How many times it has subscribed: that it was gone before it came again is no reason to end its subscription. */
  subscriptions = 0;
  /** Of its last wish in this life of the node; 0: nobody knows. */
  number = 0;
  call: UnderWay | undefined;
  /** How many times in a row it could not be reached, since when, and when it is tried again. */
  failures = 0;
  awaySince: number | undefined;
  retryAt: number | undefined;
  /** That it is away, and what it was told, is stored. */
  isStoredAway = false;
  /** Its last delivery took longer than others are held up for. */
  isSlow = false;
  /** When it last said that somebody is there; 0: nobody knows. */
  heardAt = 0;

  constructor(name: SubscriberName, told: number) {
    this.name = name;
    this.told = told;
  }
}

/** A subscriber's name as one text. */
export function keyOf({ kind, name }: SubscriberName): string {
  return `${kind}:${name}`;
}
