import { LIMITS } from "../protocol/limits.ts";
import type { Timer } from "../time/timer.ts";
import type { Attendance, AttendanceAnswer, RosterAnswer } from "./presence-messages.ts";
import type { PresenceStore, StoredAttendance } from "./presence-store.ts";

/** How late those who look on are told of a change that nobody told them of before the topic's life ended, in milliseconds. */
const UNTOLD_MS = 2_000;

/** What the presence in a topic needs of the topic's root, and of what it runs on. */
export interface PresencePorts {
  readonly store: PresenceStore;
  /** In milliseconds since 1970. */
  readonly now: () => number;
  /** Names this life of the topic's root: another one after each restart. */
  readonly life: string;
  /** Publishes that those who are present are others. Stored together with what was stored before it in the same turn of the event loop. */
  tell(): void;
  /** Has the root's alarm ring by then, in milliseconds since 1970. */
  ringBy(at: number): void;
  /** Runs something soon, in milliseconds; gives what cancels it. */
  readonly timer: Timer;
  /** Asks a session whether it is still present. May reject. */
  ask(session: string): Promise<Attendance>;
  /** Sees to it that what has begun comes to its end. It never rejects. */
  finish(work: Promise<void>): void;
}

/**
 * Who is present in a topic, kept at the topic's root. Sessions say that they are; those that are killed say nothing, so all are asked
 * from time to time. Whoever goes is told as present for a while longer: a page that is loaded again is no departure.
 *
 * What changes is told at once when it is quiet, else together with what changes soon after.
 */
export class TopicPresence {
  readonly #ports: PresencePorts;
  readonly #store: PresenceStore;
  readonly #begunAt: number;
  /** The highest numbers that this life has seen, of what changed nothing too. */
  readonly #seen = new Map<string, number>();
  /** How many times in a row a session did not answer. */
  readonly #failures = new Map<string, number>();
  #version = 0;
  #listed: string | undefined;
  #toldAt = 0;
  #cancelTelling: (() => void) | undefined;
  /** Absent until somebody is asked in this life. */
  #askedAt: number | undefined;
  #isAsking = false;

  constructor(ports: PresencePorts) {
    this.#ports = ports;
    this.#store = ports.store;
    this.#begunAt = ports.now();
    this.#schedule();
  }

  /**
   * Notes what a session says of itself. What was said too long ago is to be said again: by whoever waits for the answer, which is nobody
   * where it was given up.
   */
  attend(attendance: Attendance): AttendanceAnswer {
    const now = this.#ports.now();
    if (attendance.number < now - LIMITS.presenceStaleMs) return { kind: "late", number: now };
    return this.#note(attendance);
  }

  /**
   * Who is present.
   *
   * @param known the version that the caller has
   */
  roster(known?: string): RosterAnswer {
    const version = `${this.#ports.life}.${this.#version}`;
    if (known === version) return { kind: "same" };
    this.#listed ??= `[${this.#store.first(LIMITS.present).map(listedText).join()}]`;
    return { kind: "roster", version, count: this.#store.count(), listed: this.#listed };
  }

  /**
   * Does what is due.
   *
   * @returns when the next of it is, in milliseconds since 1970; `undefined` for never
   */
  ring(): number | undefined {
    const now = this.#ports.now();
    const due = this.#store.due(now);
    for (const one of due) {
      if (one.fewer === 0) this.#go(one);
      else this.#change({ ...one, tabs: one.fewer ?? one.tabs, fewer: null, due: null });
    }
    if (this.#isUntold && this.#cancelTelling === undefined) this.#tell();
    if ((this.#askAt ?? now + 1) <= now && !this.#isAsking) this.#ports.finish(this.#askAll());
    return this.#nextAt;
  }

  /** The topic is forgotten with all that is stored of it. */
  forget(): void {
    this.#cancelTelling?.();
    this.#cancelTelling = undefined;
    this.#listed = undefined;
    this.#version += 1;
    this.#seen.clear();
    this.#failures.clear();
  }

  /** What is told of it and does not change writes nothing. */
  #note(attendance: Attendance): AttendanceAnswer {
    const { session, number, isOver } = attendance;
    const before = this.#store.find(session);
    const last = Math.max(this.#seen.get(session) ?? 0, before?.number ?? 0);
    if (number < last) return { kind: "late", number: last };
    this.#saw(session, number);
    if (before === undefined) return isOver === true ? NOTED : this.#come(attendance);
    if (isOver === true) this.#go(before);
    else this.#stay(before, attendance);
    this.#schedule();
    return NOTED;
  }

  #come({ session, id, tabs, meta, number }: Attendance): AttendanceAnswer {
    if (tabs === 0) return NOTED;
    if (meta === undefined) return { kind: "unknown" };
    const count = this.#store.count();
    if (count >= LIMITS.presentCounted) return { kind: "full" };
    const since = this.#ports.now();
    // Nobody but this one could be asked, and it has just said what there is to say.
    if (count === 0) this.#askedAt = since;
    this.#change({ session, id, meta, tabs, since, number, fewer: null, due: null });
    this.#schedule();
    return NOTED;
  }

  #stay(before: StoredAttendance, { tabs, meta = before.meta, number }: Attendance): void {
    const { fewer, due } = tabs < before.tabs ? this.#less(before, tabs) : { fewer: null, due: null };
    const after = { ...before, meta, number, tabs: Math.max(tabs, before.tabs), fewer, due };
    if (after.tabs !== before.tabs || after.meta !== before.meta) this.#change(after);
    else if (after.fewer !== before.fewer) this.#store.put(after);
  }

  /** Told when the grace is over, however often it is said meanwhile. */
  #less({ fewer, due }: StoredAttendance, tabs: number): Pick<StoredAttendance, "fewer" | "due"> {
    if (fewer === tabs) return { fewer, due };
    return { fewer: tabs, due: this.#ports.now() + LIMITS.leaveMs };
  }

  #go({ session }: StoredAttendance): void {
    this.#store.remove(session);
    this.#failures.delete(session);
    this.#changed();
  }

  #change(after: StoredAttendance): void {
    this.#store.put(after);
    this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    this.#listed = undefined;
    if (this.#cancelTelling !== undefined) return;
    const now = this.#ports.now();
    const at = this.#toldAt + LIMITS.rosterMs + this.#store.count();
    if (at <= now) return this.#tell();
    this.#mark(true);
    this.#ports.ringBy(at + UNTOLD_MS);
    this.#cancelTelling = this.#ports.timer(at - now, () => this.#tell());
  }

  #tell(): void {
    this.#cancelTelling?.();
    this.#cancelTelling = undefined;
    this.#toldAt = this.#ports.now();
    if (this.#isUntold) this.#mark(false);
    this.#ports.tell();
  }

  get #isUntold(): boolean {
    return this.#store.marks()?.isUntold === true;
  }

  #mark(isUntold: boolean): void {
    this.#store.mark({ askedAt: this.#store.marks()?.askedAt ?? 0, isUntold });
  }

  #schedule(): void {
    const at = this.#nextAt;
    if (at !== undefined) this.#ports.ringBy(at);
  }

  get #nextAt(): number | undefined {
    const untoldAt = this.#isUntold ? this.#ports.now() + UNTOLD_MS : undefined;
    const all = [this.#store.nextDue(), this.#askAt, untoldAt].filter((at) => at !== undefined);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  /** When all are asked the next time. A new life knows nothing of what happened before it, and asks sooner. */
  get #askAt(): number | undefined {
    if (this.#store.count() === 0) return undefined;
    if (this.#askedAt !== undefined) return this.#askedAt + LIMITS.presenceLeaseMs;
    const askedAt = this.#store.marks()?.askedAt ?? 0;
    return Math.max(this.#begunAt + LIMITS.leaveMs, askedAt + LIMITS.presenceAgainMs);
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true;
    try {
      this.#askedAt = this.#ports.now();
      this.#store.mark({ askedAt: this.#askedAt, isUntold: this.#isUntold });
      const sessions = this.#store.sessions();
      for (let at = 0; at < sessions.length; at += LIMITS.presenceCalls)
        await Promise.all(sessions.slice(at, at + LIMITS.presenceCalls).map((one) => this.#ask(one)));
    } finally {
      this.#isAsking = false;
    }
    this.#schedule();
  }

  /** Never rejects. */
  async #ask(session: string): Promise<void> {
    try {
      const answer = await this.#ports.ask(session);
      this.#failures.delete(session);
      // One that has ended meanwhile must not come back by what it said before.
      if (this.#store.find(session) !== undefined) this.#note(answer);
    } catch {
      const failures = (this.#failures.get(session) ?? 0) + 1;
      this.#failures.set(session, failures);
      const known = this.#store.find(session);
      if (known === undefined || failures < LIMITS.presenceFailures) return;
      const number = Math.max(this.#seen.get(session) ?? 0, known.number);
      this.#note({ session, id: known.id, tabs: 0, number });
    }
  }

  /** Bounded: of sessions that have gone long ago nothing is on its way any more. */
  #saw(session: string, number: number): void {
    this.#seen.delete(session);
    this.#seen.set(session, number);
    const [oldest] = this.#seen;
    if (this.#seen.size > LIMITS.presentCounted && oldest !== undefined) this.#seen.delete(oldest[0]);
  }
}

const NOTED: AttendanceAnswer = { kind: "noted" };

function listedText({ id, meta, tabs, since }: StoredAttendance): string {
  return `{"id":${JSON.stringify(id)},"meta":${meta},"tabs":${tabs},"since":${since}}`;
}
