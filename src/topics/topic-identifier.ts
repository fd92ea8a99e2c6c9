import type { SignedValues } from "../security/signed-values.ts";
import { checkedTopic } from "./topic-name.ts";

/** For what identifiers are signed. No application signs anything for it by chance. */
const PURPOSE = "edge-reflex topic";

/** To whom an identifier is good. */
export interface IdentifierOptions {
  /** True: to the session that it is signed in alone. Default: to whoever has it. */
  readonly session?: boolean | undefined;
}

/** Signs the names of topics for the pages of one session, and verifies what its pages send back. */
export class TopicIdentifiers {
  readonly #signed: SignedValues;
  readonly #session: string;

  /** @param session names the session */
  constructor(signed: SignedValues, session: string) {
    this.#signed = signed;
    this.#session = session;
  }

  /**
   * The name as text for an attribute: everybody can read it, and nobody else can make one. Good for as long as the key that signs it.
   * Rejects with `TopicError` for what is no topic's name.
   */
  async sign(topic: string, { session = false }: IdentifierOptions = {}): Promise<string> {
    return await this.#signed.sign(checkedTopic(topic), { purpose: this.#purpose(session) });
  }

  /** The name; `undefined` for what was not signed here, or for another session. Never throws for what a browser sent. */
  async verify(identifier: string): Promise<string | undefined> {
    for (const isBound of [false, true]) {
      const topic = await this.#signed.verify(identifier, { purpose: this.#purpose(isBound) });
      if (typeof topic === "string") return topic;
    }
    return undefined;
  }

  #purpose(isBound: boolean): string {
    return isBound ? `${PURPOSE} ${this.#session}` : PURPOSE;
  }
}
