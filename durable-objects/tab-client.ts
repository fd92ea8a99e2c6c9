import { ERRANDS_SINCE, PAYLOADS_SINCE, TOPICS_SINCE } from "../src/protocol/names.ts";

/** What a tab's client understands, by the version of the protocol that it speaks. */
export abstract class TabClient {
  /** The version; 0 for clients that do not say one. */
  protected abstract get protocol(): number;

  /** True for a client that fetches what a socket cannot carry. */
  get runsErrands(): boolean {
    return this.protocol >= ERRANDS_SINCE;
  }

  /** True for a client that takes payloads and carries out operations. */
  get takesPayloads(): boolean {
    return this.protocol >= PAYLOADS_SINCE;
  }

  /** True for a client that remembers its places in topics, and says what it has read. */
  get takesPlaces(): boolean {
    return this.protocol >= TOPICS_SINCE;
  }
}
