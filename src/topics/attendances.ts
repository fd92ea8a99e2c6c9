import type { Timer } from "../time/timer.ts";
import type { Attendance, AttendanceAnswer } from "./presence-messages.ts";

/** How a session is present in a topic. */
export interface Present {
  /** Its open tabs with pages that say so; 0: it is not. */
  readonly tabs: number;
  /** Stands for what the application tells of it. */
  readonly metaName: string;
  /** That as JSON; absent when it is not at hand: after a sleep, until a page is rendered. */
  readonly meta?: string | undefined;
}

/** What a session needs to say where it is present. */
export interface AttendancePorts {
  /** The name of its object. */
  readonly session: string;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Runs something later, in milliseconds; gives what cancels it. */
  readonly timer: Timer;
  /** How the session is called in a topic. */
  idIn(topic: string): Promise<string>;
  /** Says it to the topic. May reject. */
  attend(topic: string, attendance: Attendance): Promise<AttendanceAnswer>;
  /** The topic has to be told what the application tells of the session, and that is not at hand. */
  lacksMeta(topic: string): void;
  /** It was tried often, and nothing can be said to the topic. */
  failed(topic: string, cause: unknown): void;
  /** Sees to it that what has begun comes to its end. It never rejects. */
  finish(work: Promise<void>): void;
}

/** How long until what failed is tried again, in milliseconds: each time twice as long, up to the last. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 32_000;

/** After how many tries in vain a session that leaves leaves it to the topic to find out, which is told to the log. */
const TRIES = 6;

const ABSENT: Present = { tabs: 0, metaName: "" };

interface Standing {
  wanted: Present;
  /** What the topic has noted; absent when nobody knows. */
  said: Present | undefined;
  isOver: boolean;
  isUnderWay: boolean;
  failures: number;
  /** How many times in a row it came too late. */
  lates: number;
}

/**
 * Where one session is present, as far as this life of its object has changed that, and what the topics know of it: one statement under way for each topic, the latest behind it, again
 * until it has been noted.
 */
export class Attendances {
  readonly #ports: AttendancePorts;
  readonly #standings = new Map<string, Standing>();
  #number = 0;

  constructor(ports: AttendancePorts) {
    this.#ports = ports;
  }

  /** The session is present so from now on: nothing is sent where the topic knows. */
  be(topic: string, present: Present): void {
    const standing = this.#standings.get(topic) ?? { ...BEGUN };
    if (standing.isOver) return;
    standing.wanted = present;
    this.#standings.set(topic, standing);
    this.#start(topic, standing);
  }

  /** The topic does not know that the session is present so, whatever it has noted. */
  again(topic: string, present: Present): void {
    const standing = this.#standings.get(topic);
    if (standing?.isUnderWay === true) return;
    if (standing !== undefined) standing.said = undefined;
    this.be(topic, present);
  }

  /** The session has ended: it leaves at once what it was in, these topics among that. */
  end(topics: Iterable<string>): void {
    for (const topic of new Set([...this.#standings.keys(), ...topics])) {
      const standing = this.#standings.get(topic) ?? { ...BEGUN };
      standing.wanted = ABSENT;
      standing.said = undefined;
      standing.isOver = true;
      this.#standings.set(topic, standing);
      this.#start(topic, standing);
    }
  }

  /** Where it is present, or was, as far as this life knows. */
  get topics(): readonly string[] {
    return [...this.#standings.keys()];
  }

  /** What a topic is told that asks: how the session is present, as its tabs show at this moment. */
  async statement(topic: string, present: () => Present): Promise<Attendance> {
    const id = await this.#ports.idIn(topic);
    // Read behind that, for which other statements do not wait.
    return this.#statement(id, present(), this.#standings.get(topic)?.isOver === true);
  }

  #start(topic: string, standing: Standing): void {
    if (standing.isUnderWay || isSame(standing.said, standing.wanted)) return this.#drop(topic, standing);
    standing.isUnderWay = true;
    this.#ports.finish(this.#say(topic, standing));
  }

  /** Nobody asks for one that has left everything. */
  #drop(topic: string, { isUnderWay, wanted }: Standing): void {
    if (!isUnderWay && wanted.tabs === 0) this.#standings.delete(topic);
  }

  /** Never rejects. */
  async #say(topic: string, standing: Standing): Promise<void> {
    try {
      const id = await this.#ports.idIn(topic);
      const { wanted, isOver } = standing;
      const answer = await this.#ports.attend(topic, this.#statement(id, wanted, isOver));
      standing.failures = 0;
      if (answer.kind === "late") return this.#late(topic, standing, answer.number);
      standing.lates = 0;
      standing.isUnderWay = false;
      // What was said before the session ended does not say that it has.
      standing.said = answer.kind === "unknown" || isOver !== standing.isOver ? undefined : wanted;
      if (answer.kind === "unknown" && wanted === standing.wanted) this.#ports.lacksMeta(topic);
      else this.#start(topic, standing);
    } catch (cause) {
      this.#missed(topic, standing, cause);
    }
  }

  /** Of what the topic has noted instead nobody knows. Said again at once, it would come too late again where many wait for the topic. */
  #late(topic: string, standing: Standing, number: number): void {
    this.#number = Math.max(this.#number, number);
    standing.said = undefined;
    const waitMs = standing.lates === 0 ? 0 : retryMs(standing.lates - 1);
    standing.lates += 1;
    this.#sayIn(waitMs, topic, standing);
  }

  #missed(topic: string, standing: Standing, cause: unknown): void {
    const waitMs = retryMs(standing.failures);
    standing.failures += 1;
    standing.said = undefined;
    if (standing.failures === TRIES) this.#ports.failed(topic, cause);
    // Whoever is present must get in; of whoever leaves, the topic finds out when it asks.
    const isGivenUp = standing.failures >= TRIES && standing.wanted.tabs === 0;
    if (isGivenUp) this.#standings.delete(topic);
    else this.#sayIn(waitMs, topic, standing);
  }

  #sayIn(waitMs: number, topic: string, standing: Standing): void {
    const say = () => this.#ports.finish(this.#say(topic, standing));
    if (waitMs === 0) say();
    else this.#ports.timer(waitMs, say);
  }

  #statement(id: string, { tabs, meta }: Present, isOver: boolean): Attendance {
    this.#number = Math.max(this.#ports.now(), this.#number + 1);
    const { session } = this.#ports;
    return { session, id, tabs, meta, number: this.#number, ...(isOver ? { isOver } : {}) };
  }
}

const BEGUN: Standing = {
  wanted: ABSENT,
  said: undefined,
  isOver: false,
  isUnderWay: false,
  failures: 0,
  lates: 0,
};

/** How long until it is tried again after so many times in vain before, in milliseconds. */
function retryMs(times: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** times, LAST_RETRY_MS);
}

function isSame(one: Present | undefined, other: Present): boolean {
  return (
    one !== undefined &&
    one.tabs === other.tabs &&
    // Of one that is not there nobody is told anything.
    (other.tabs === 0 || one.metaName === other.metaName)
  );
}
