import { type PresenceList, presenceList } from "./presence-list.ts";
import type { RosterAnswer } from "./presence-messages.ts";

/** What a session needs to know who is present. */
export interface RosterPorts {
  /** Asks the topic. May reject. */
  ask(topic: string, known: string | undefined): Promise<RosterAnswer>;
  /** How the session is called in a topic. */
  idIn(topic: string): Promise<string>;
  /** True while the session is told of every change in the topic. */
  isFollowed(topic: string): boolean;
  /** Called with each list that a topic has given. */
  came(topic: string, list: PresenceList): void;
}

interface Roster {
  /** What it was last, if that is known. */
  known: { readonly version: string; readonly list: PresenceList } | undefined;
  /** How often something has changed. */
  changes: number;
  /** False since then. */
  isCurrent: boolean;
  /** What is under way; absent since something has changed behind its question. */
  asking: Promise<PresenceList> | undefined;
}

const UNKNOWN: Roster = { known: undefined, changes: 0, isCurrent: false, asking: undefined };

/** How many times a topic is asked that fails to answer: one that is just being restarted answers the next time. */
const TRIES = 3;

/**
 * Who is present in the topics that one session looks at: asked for once for each change, for all of its pages. What the session is not
 * told the changes of is asked for each time.
 */
export class Rosters {
  readonly #ports: RosterPorts;
  readonly #rosters = new Map<string, Roster>();

  constructor(ports: RosterPorts) {
    this.#ports = ports;
  }

  /** Who is present. Rejects when the topic cannot be reached and nothing is known of it. */
  async of(topic: string): Promise<PresenceList> {
    const roster = this.#rosters.get(topic) ?? { ...UNKNOWN };
    if (this.#ports.isFollowed(topic)) this.#rosters.set(topic, roster);
    else this.#rosters.delete(topic);
    if (roster.known !== undefined && roster.isCurrent && this.#rosters.has(topic)) return roster.known.list;
    roster.asking ??= this.#ask(topic, roster);
    return await roster.asking;
  }

  /** Somebody has come or gone, or that may be. */
  changed(topic: string): void {
    const roster = this.#rosters.get(topic);
    if (roster === undefined) return;
    roster.changes += 1;
    roster.isCurrent = false;
    roster.asking = undefined;
  }

  /** The session looks at the topic no more. */
  drop(topic: string): void {
    this.#rosters.delete(topic);
  }

  async #ask(topic: string, roster: Roster): Promise<PresenceList> {
    const { changes } = roster;
    try {
      const list = await this.#answerOf(topic, roster);
      if (roster.changes === changes) roster.isCurrent = true;
      this.#ports.came(topic, list);
      return list;
    } finally {
      if (roster.changes === changes) roster.asking = undefined;
    }
  }

  async #answerOf(topic: string, roster: Roster): Promise<PresenceList> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { known } = roster;
        const answer = await this.#ports.ask(topic, known?.version);
        if (answer.kind === "same" && known !== undefined) return known.list;
        if (answer.kind === "same")
          throw new Error(`The topic ${topic} left out who is present, which it was asked`);
        const list = presenceList(answer, await this.#ports.idIn(topic));
        roster.known = { version: answer.version, list };
        return list;
      } catch (cause) {
        if (tries === TRIES) throw cause;
      }
    }
  }
}
