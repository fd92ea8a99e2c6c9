import type { Update } from "../protocol/messages.ts";
import type { Operation } from "../protocol/operations.ts";
import type { TemplateNews } from "../render/wire.ts";

/**
 * What sessions, topics and their relays say to each other by remote calls. Everything in it can be cloned. A topic is a tree
 * of nodes: its root, which counts what is published, and below it relays, as many as its subscribers need. A node and a
 * session are told what is published in the same way.
 */

/** A place in a topic's order. */
export interface Position {
  /** Names a life of the topic: where everything of it was forgotten, it counts from 1 again. */
  readonly epoch: string;
  /** How many publications there were in that life. */
  readonly seq: number;
}

/** What is said of a change. */
export interface Touched {
  /** What has changed, by names of the application's. Absent: nobody says. */
  readonly changed?: readonly string[] | undefined;
  /** The page load whose page shows it already. */
  readonly author?: string | undefined;
}

/** What brings a region, which is the same for everyone, from one publication of the topic to this one. */
export interface RegionChange {
  /** Names changes that rest on each other: a root that has forgotten what it rendered last begins anew. */
  readonly life: string;
  /** The number of the publication that it rests on; absent: whatever the page shows. */
  readonly base?: number | undefined;
  /** Absent: too much to be told, or not rendered; whoever shows the region asks for it. */
  readonly updates?: readonly Update[] | undefined;
  /** Those that the updates name. */
  readonly templates?: readonly TemplateNews[] | undefined;
}

/** What is published in a topic. */
export type Published =
  /** Something that pages rest on has changed: each is rendered again, for its own visitor. */
  | ({ readonly kind: "touch" } & Touched)
  /** The same operations for everyone. */
  | { readonly kind: "operations"; readonly operations: readonly Operation[] }
  /** The same of a region, which its root has rendered for everyone: only pages that rest on the topic without it are rendered. */
  | ({ readonly kind: "region" } & RegionChange & Touched)
  /** Somebody has come or gone. */
  | { readonly kind: "roster" };

/** Something to be published, with what tells it from others: a second copy of it is not published again. */
export interface Publication {
  /** The session that publishes it, and its own count; absent: whoever publishes it does not try again. */
  readonly id?: { readonly publisher: string; readonly number: number } | undefined;
  readonly published: Published;
}

/** A publication with its number. */
export interface Item {
  readonly seq: number;
  readonly published: Published;
}

/** What was published behind one place and up to another. */
export interface Delivery {
  /** The topic's name. */
  readonly topic: string;
  /** Who tells it: a subscriber that is told by a node which it does not subscribe at answers `gone`, and is told by one only. */
  readonly node: string;
  readonly epoch: string;
  /** The last publication before those that are delivered. */
  readonly from: number;
  /** The last of those. */
  readonly to: number;
  /** In their order; touches that a later one makes needless are left out. Absent: not at hand any more, so render afresh. */
  readonly items?: readonly Item[] | undefined;
}

/** What becomes of a delivery: `gone` where nobody subscribes any more. */
export type Receipt = "here" | "gone";

/** Whoever is told what is published: a session, or a relay. Both sides may be asked twice for the same. */
export interface Subscriber {
  /** Resolves when its pages show it, or will: then it need not be told again. */
  deliver(delivery: Delivery): Promise<Receipt>;
  /** How many of its tabs, or of its own subscribers, subscribe to a topic. */
  attest(topic: string): Promise<number>;
}

/** Names a subscriber for the node that tells it. */
export interface SubscriberName {
  readonly kind: "session" | "relay";
  /** Of its object. */
  readonly name: string;
}

/** A wish to be told. */
export interface SubscribeWish {
  readonly subscriber: SubscriberName;
  /** Where the subscriber is: a location hint of the platform; absent: nobody knows. */
  readonly region?: string | undefined;
  /** What the subscriber wishes later has a higher one; absent: it ends no subscription. */
  readonly number?: number | undefined;
}

/**
 * What becomes of it: told from that place on, or another node is to be asked. One that subscribes already (`isKnown`) is told from where
 * it was: nothing was left out in between.
 */
export type SubscribeAnswer =
  | { readonly kind: "subscribed"; readonly position: Position; readonly isKnown: boolean }
  | { readonly kind: "elsewhere"; readonly node: string };

/** What becomes of publications: the place behind the last of them, or how long to wait with the whole of it, in milliseconds. */
export type PublishAnswer =
  | { readonly kind: "published"; readonly position: Position }
  | { readonly kind: "refused"; readonly waitMs: number; readonly message: string };

/** A node of a topic, as others reach it: the object of that name. */
export interface TopicNode extends Subscriber {
  subscribe(wish: SubscribeWish): Promise<SubscribeAnswer>;
  /**
   * Has no effect for one that does not subscribe here.
   *
   * @param number of the wish that it takes back: a later one stands, whatever comes first; absent: whichever stands
   */
  unsubscribe(subscriber: SubscriberName, number?: number): Promise<void>;
  /** What was published behind a place. One of another life: everything has to be rendered afresh. */
  since(position: Position): Promise<Delivery>;
  /** Asked of the root. Resolves when it is stored: from then on it reaches every subscriber. */
  publish(publications: readonly Publication[]): Promise<PublishAnswer>;
}

/** A place as text: what pages remember. */
export function positionText({ epoch, seq }: Position): string {
  return `${epoch}.${seq}`;
}

/** The place that a text says; `undefined` for what says none. */
export function positionOf(text: string): Position | undefined {
  const [, epoch, seq] = /^([0-9a-z]{1,16})\.(\d{1,15})$/.exec(text) ?? [];
  return epoch === undefined ? undefined : { epoch, seq: Number(seq) };
}
