import { Reflex } from "edge-reflex";
import { ChatStore } from "../chat/chat-store.ts";
import { toText } from "../chat/message.ts";
import { type Room, roomAt, topicOf } from "../chat/room.ts";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";
import { nameOf } from "../people/name-of.ts";
import { spend } from "../people/pace.ts";

/** How often one visitor says something. */
const PACE = { burst: 5, everyMs: 1500 };

/** What is said in the room whose page the visitor has open. */
export class Chat extends Reflex<Values, Assigns, Env, TabValues> {
  /** Everyone's page is rendered again, for its own visitor; and each browser reads the message to who cannot see it. */
  async say(): Promise<void> {
    const text = toText(this.params.get("text"));
    if (text === "") return this.#say("There is nothing to say yet. Type something first.");
    const pace = spend(this.session.get("chatPace"), Date.now(), PACE);
    if (pace === undefined) return this.#say("That was a bit fast. Wait a second, and say it again.");
    this.session.set("chatPace", pace);
    const name = nameOf(this.session);
    await this.#store.say({ visitor: this.session.id, name, text, key: this.idempotencyKey });
    const topic = topicOf(this.#room);
    this.touch(topic);
    this.cable
      .to(topic)
      .announce({ text: `${name}: ${text}` })
      .dispatchEvent({ name: "chat:said" })
      .broadcast();
    this.tab.delete("typing");
    this.tab.delete("chatNotice");
    this.payload.taken = true;
  }

  /** The visitor is writing: the page that follows tells everyone who is here. */
  type(): void {
    this.tab.set("typing", this.#room.id);
  }

  /** The visitor has not written for a while. */
  rest(): void {
    this.tab.delete("typing");
  }

  /** Has the page go further back. The argument is the visitor's claim: a number that is no message leads nowhere. */
  async older(than: number): Promise<void> {
    const from = Number.isSafeInteger(than) ? await this.#store.olderThan(than) : undefined;
    if (from !== undefined) this.tab.set("chatFrom", { room: this.#room.id, id: from });
  }

  #say(notice: string): void {
    this.tab.set("chatNotice", notice);
  }

  get #store(): ChatStore {
    return new ChatStore(this.env.DB, this.#room.id);
  }

  /** Where the visitor is, as their browser says; another page has no room. */
  get #room(): Room {
    return roomAt(this.url.pathname) ?? this.forbid();
  }
}
