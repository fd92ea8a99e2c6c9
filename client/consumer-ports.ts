import type { Positions, Update } from "../src/protocol/messages.ts";
import type { ConnectionState } from "../src/protocol/names.ts";
import type { CallPlace } from "./given-focus.ts";
import type { PageStorage } from "./pending-calls.ts";
import type { SocketPorts } from "./socket.ts";

/** What the consumer tells the page. */
export interface ConsumerListener {
  /** Loads what updates need; `undefined` when it is all there. */
  prepare(updates: readonly Update[]): Promise<unknown> | undefined;
  /**
   * Updates of one frame, in order; of a reply, the call's promise settles after they are applied.
   *
   * @param place where the call was made that they answer, if they do
   */
  update(updates: readonly Update[], place?: CallPlace): void;
  /** What the page said of itself, while it is still as it came; empty once it is not. */
  state(): string | undefined;
  /** The last place in each topic that the page was told of. */
  positions(): Positions;
  stateChanged(state: ConnectionState): void;
  /** How many calls are unanswered. */
  pendingChanged(count: number): void;
  /** The server names the newest files of the client. */
  welcomed(build: string): void;
  /** The server does not understand this client any more: the page has to be loaded again. */
  outdated(): void;
}

/** What varies between a browser and a test. */
export interface ConsumerPorts extends SocketPorts {
  readonly storage: PageStorage;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}
