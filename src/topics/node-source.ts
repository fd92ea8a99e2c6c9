import type { Delivery, Position, Publication, PublishAnswer } from "./topic-messages.ts";

/** Where a node has its publications from: a root from those who publish, a relay from the node above it. */
export interface NodeSource {
  /**
   * Takes what is stored, once, before anything else.
   *
   * @param isRinging the alarm rings, whatever it was set for
   */
  load(isRinging: boolean): void;
  /** Resolves when the node knows its place in its topic, and is in its life. Rejects when it cannot be found out. */
  ready(): Promise<void>;
  publish(publications: readonly Publication[]): Promise<PublishAnswer>;
  since(position: Position): Promise<Delivery>;
  /** Takes what the node above tells. */
  take(delivery: Delivery): Promise<void>;
  /**
   * Called when the alarm rings, before anything is delivered. Rejects when that has to wait.
   *
   * @param isRound the subscribers are asked whether they are there
   * @returns whether nothing was published since the last round
   */
  ring(isRound: boolean): Promise<boolean>;
  /** Everything was forgotten: nobody subscribes. */
  forget(): void;
  /** Whether it may be that somebody was not told yet who is not known to be away. */
  readonly isBusy: boolean;
  /** What the head of the node says of those who were told. */
  readonly settled: number | undefined;
}
