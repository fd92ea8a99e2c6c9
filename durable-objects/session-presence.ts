import { LIMITS } from "../src/protocol/limits.ts";
import type { Timer } from "../src/time/timer.ts";
import { Attendances, type Present } from "../src/topics/attendances.ts";
import { presenceId } from "../src/topics/presence-id.ts";
import type { PresenceList } from "../src/topics/presence-list.ts";
import type { Attendance, PresenceNode } from "../src/topics/presence-messages.ts";
import { Rosters } from "../src/topics/rosters.ts";
import { withDeadline } from "../src/turn/deadline.ts";
import type { PresenceWatch } from "./session-topics-ports.ts";
import { presentOf, type TabPresence, tabPresenceOf } from "./tab-presence.ts";
import type { TopicTab } from "./topic-tab.ts";

/** A tab, as the session's presence sees it. */
type PresentTab = Pick<TopicTab, "topics" | "keepTopics">;

/** What a session's presence acts on. */
export interface SessionPresencePorts<Tab extends PresentTab> {
  /** The name of its object. */
  readonly session: string;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  readonly timer: Timer;
  /** The root of a topic. Throws where the Worker has no objects for topics. */
  readonly rootOf: (topic: string) => PresenceNode;
  readonly open: () => readonly Tab[];
  /** True while the session is told of every change in the topic. */
  readonly isFollowed: (topic: string) => boolean;
  /** Finds out what tabs show of which that is not known. Never rejects. */
  readonly findOut: () => Promise<void>;
  /** Has a tab's page rendered again. */
  readonly refresh: (tab: Tab) => void;
  /** Work that goes on behind what is answered. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  readonly log: (topic: string, cause: unknown) => void;
}

/** Where a session is present, as its open tabs show, and who is present with it. */
export class SessionPresence<Tab extends PresentTab> implements PresenceWatch<Tab> {
  readonly #ports: SessionPresencePorts<Tab>;
  readonly #attendances: Attendances;
  readonly #rosters: Rosters;
  readonly #ids = new Map<string, Promise<string>>();
  #lastAt = 0;

  constructor(ports: SessionPresencePorts<Tab>) {
    this.#ports = ports;
    const { session, now, timer, rootOf } = ports;
    const idIn = (topic: string) => this.#idIn(topic);
    const inTime = <Answer>(asked: Promise<Answer>) => withDeadline(asked, LIMITS.deliverMs, timer);
    this.#attendances = new Attendances({
      session,
      now,
      timer,
      idIn,
      attend: async (topic, attendance) => await inTime(rootOf(topic).attend(attendance)),
      lacksMeta: (topic) => {
        for (const tab of this.#showing(topic)) ports.refresh(tab);
      },
      failed: ports.log,
      finish: ports.waitUntil,
    });
    this.#rosters = new Rosters({
      ask: async (topic, known) => await inTime(rootOf(topic).roster(known)),
      idIn,
      isFollowed: ports.isFollowed,
      came: (topic, list) => this.#came(topic, list),
    });
  }

  /** Who is present. Rejects when the topic cannot be reached. */
  async of(topic: string): Promise<PresenceList> {
    return await this.#rosters.of(topic);
  }

  /** A render of a tab's page has said what it shows: tells the topics what has changed of that. */
  follow(tab: Tab): void {
    const { topics } = tab;
    const before = topics.presences;
    const after = new Map<string, TabPresence>();
    this.#lastAt = Math.max(this.#ports.now(), this.#lastAt + 1);
    for (const [name, { page }] of topics.all) {
      const presence = page && tabPresenceOf(page, before.get(name), this.#lastAt);
      if (presence !== undefined) after.set(name, presence);
    }
    topics.presences = after;
    const names = [...new Set([...before.keys(), ...after.keys()])];
    const changed = names.filter((name) => before.get(name)?.metaName !== after.get(name)?.metaName);
    if (changed.length === 0) return;
    tab.keepTopics();
    for (const name of changed) this.#update(name);
  }

  /** A tab has lost its socket, or is here again. */
  moved({ topics }: Tab): void {
    for (const name of topics.presences.keys()) this.#update(name);
  }

  /** Tabs were closed. */
  closed(): void {
    for (const topic of this.#attendances.topics) this.#update(topic);
  }

  /** Somebody has come or gone, or may have: the pages that are rendered next are to show it. */
  changed(topic: string): void {
    this.#rosters.changed(topic);
  }

  /** What the session says of itself to a topic that asks. */
  async statement(topic: string): Promise<Attendance> {
    await this.#ports.findOut();
    return await this.#attendances.statement(topic, () => this.#present(topic));
  }

  /** The session has ended: it is nowhere from now on. Called before its tabs are closed. */
  end(): void {
    this.#attendances.end(this.#ports.open().flatMap(({ topics }) => [...topics.presences.keys()]));
  }

  #update(topic: string): void {
    this.#attendances.be(topic, this.#present(topic));
    if (this.#showing(topic).length === 0) this.#rosters.drop(topic);
  }

  /** A topic that lists everybody but this session has forgotten it. */
  #came(topic: string, list: PresenceList): void {
    const present = this.#present(topic);
    if (present.tabs === 0 || list.length < list.count || list.some(({ isSelf }) => isSelf)) return;
    this.#attendances.again(topic, present);
  }

  #showing(topic: string): readonly Tab[] {
    return this.#ports.open().filter(({ topics }) => topics.presences.has(topic));
  }

  #present(topic: string): Present {
    return presentOf(this.#showing(topic).flatMap(({ topics }) => topics.presences.get(topic) ?? []));
  }

  #idIn(topic: string): Promise<string> {
    const known = this.#ids.get(topic) ?? presenceId(topic, this.#ports.session);
    // As many as its tabs can show: made anew, they are the same.
    if (this.#ids.size >= LIMITS.pageTopics * LIMITS.sessionSockets) this.#ids.clear();
    this.#ids.set(topic, known);
    return known;
  }
}
