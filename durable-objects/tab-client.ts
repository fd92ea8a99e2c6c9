import { ERRANDS_SINCE, PAYLOADS_SINCE, TOPICS_SINCE } from "../src/protocol/names.ts";
import type { TabAttachment } from "./tab-attachment.ts";

/** What a tab's socket says of its client: what that understands, by the version of the protocol, and where it comes from. */
export abstract class TabClient {
  protected abstract get remembered(): TabAttachment;

  /** Where the visitor is, as a location hint of the platform. */
  get region(): string | undefined {
    return this.remembered.region;
  }

  /** The page load that the tab showed before this one, as its client says. */
  get before(): string | undefined {
    return this.remembered.before;
  }

  /** True for a tab whose cookie was of no use when it came, while its browser was being given another. */
  get hasOldCookie(): boolean {
    return this.remembered.hasOldCookie === true;
  }

  /** See {@link TabAttachment.doubtedAt}. */
  get doubtedAt(): number | undefined {
    return this.remembered.doubtedAt;
  }

  /** True for a client that fetches what a socket cannot carry. */
  get runsErrands(): boolean {
    return this.#protocol >= ERRANDS_SINCE;
  }

  /** True for a client that takes payloads and carries out operations. */
  get takesPayloads(): boolean {
    return this.#protocol >= PAYLOADS_SINCE;
  }

  /** True for a client that remembers its places in topics, and says what it has read. */
  get takesPlaces(): boolean {
    return this.#protocol >= TOPICS_SINCE;
  }

  /** 0 for clients that do not say one. */
  get #protocol(): number {
    return this.remembered.protocol ?? 0;
  }
}
