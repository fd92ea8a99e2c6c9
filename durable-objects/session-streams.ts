import { LIMITS } from "../src/protocol/limits.ts";
import { STREAM_TARGET, type StreamMode, UNSTREAM_TARGET } from "../src/protocol/stream-names.ts";
import { TopicError } from "../src/topics/topic-error.ts";
import type { TopicIdentifiers } from "../src/topics/topic-identifier.ts";
import { topicKey } from "../src/topics/topic-key.ts";
import { positionOf } from "../src/topics/topic-messages.ts";
import { type PlacedCall, refusedFrame } from "./placed-call.ts";
import { headItems } from "./reply-head.ts";
import type { SessionRuntime } from "./session-runtime.ts";
import type { SessionTopics } from "./session-topics.ts";
import type { Tab } from "./tab.ts";

/** What an element asks for; `place`: up to where its page was told of the topic, empty for a new one. */
interface Wish {
  readonly topic: string;
  readonly mode: StreamMode;
  readonly place: string;
}

/** What streams share with the session's turns. */
interface StreamPorts {
  readonly identifiers: TopicIdentifiers;
  readonly topics: Pick<SessionTopics<Tab>, "stream" | "unstream">;
  readonly log: SessionRuntime<unknown>["log"];
}

/**
 * Answers the calls by which elements of pages follow topics, and leave them. They change nothing of the session, write nothing, and
 * wait for none of its turns; asked again, they do the same again.
 */
export class SessionStreams {
  readonly #ports: StreamPorts;
  #waiting = 0;
  /** What was asked first is answered first. */
  #last: Promise<void> = Promise.resolve();

  constructor(ports: StreamPorts) {
    this.#ports = ports;
  }

  /** Answers a call. Never rejects. */
  async answer(tab: Tab, call: PlacedCall): Promise<void> {
    if (this.#waiting >= LIMITS.waitingTurns) {
      tab.send(refusedFrame(call, "too-many-waiting"));
      return;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      await this.#answerNext(tab, call);
      this.#waiting -= 1;
    });
    await this.#last;
  }

  async #answerNext(tab: Tab, call: PlacedCall): Promise<void> {
    const [identifier, mode, place = ""]: readonly unknown[] = call.detail.args ?? [];
    if (typeof identifier !== "string" || !isMode(mode) || typeof place !== "string") {
      tab.send(refusedFrame(call, "malformed-call"));
      return;
    }
    const topic = await this.#verified(identifier, call);
    const end = topic === undefined ? "forbidden" : this.#follow(tab, call, { topic, mode, place });
    const payload = topic !== undefined && end === "done" ? topicKey(topic) : undefined;
    const outcome = end === "done" ? undefined : end;
    tab.send([call.number, ...headItems({ outcome, payload }, tab.takesPayloads)]);
  }

  async #verified(identifier: string, call: PlacedCall): Promise<string | undefined> {
    try {
      const topic = await this.#ports.identifiers.verify(identifier);
      if (topic === undefined)
        this.#refused(call, `no identifier of this session: ${identifier.slice(0, 100)}`);
      return topic;
    } catch (cause) {
      // There are no keys to verify it with.
      this.#refused(call, cause);
      return undefined;
    }
  }

  #follow(tab: Tab, call: PlacedCall, { topic, mode, place }: Wish): "done" | "forbidden" {
    const { topics } = this.#ports;
    // An element of the page load that asked is not in this one.
    if (call.origin !== tab.id || !tab.isOpen) return "done";
    if (call.target === UNSTREAM_TARGET) topics.unstream(tab, topic, mode);
    else if (hasRoom(tab, topic)) topics.stream(tab, topic, mode, positionOf(place));
    else {
      this.#refused(call, tooMany(topic));
      return "forbidden";
    }
    return "done";
  }

  #refused({ callId: id, url, target }: PlacedCall, cause: unknown): void {
    this.#ports.log({ event: "stream-refused", id, url: url.pathname + url.search, target, cause });
  }
}

/** True for a call that is answered here, and is no action of the application's. */
export function isStreamCall(target: string): boolean {
  return target === STREAM_TARGET || target === UNSTREAM_TARGET;
}

function isMode(mode: unknown): mode is StreamMode {
  return mode === "stream" || mode === "updates";
}

function hasRoom({ topics }: Tab, topic: string): boolean {
  const followed = [...topics.all].filter(([name, { streams }]) => name !== topic && streams.size > 0);
  return followed.length < LIMITS.tabStreams;
}

function tooMany(topic: string): TopicError {
  return new TopicError(
    "topic-many",
    `The elements of the page cannot follow ${JSON.stringify(topic)}: they follow ${LIMITS.tabStreams} topics already; expected fewer`,
  );
}
