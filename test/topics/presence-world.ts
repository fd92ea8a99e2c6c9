import { Attendances } from "../../src/topics/attendances.ts";
import type { Attendance, AttendanceAnswer, PresentSession } from "../../src/topics/presence-messages.ts";
import { TopicPresence } from "../../src/topics/topic-presence.ts";
import { MemoryPresenceStore } from "../support/memory-presence-store.ts";
import { pass } from "../support/topic-time.ts";
import { VirtualTime } from "../support/virtual-time.ts";

/** What may become of a call: it is made, it is lost on its way, its answer is, or it is made long after it was given up. */
export type Fate = "made" | "lost" | "unanswered" | "late";

/** How late that is, in milliseconds. */
const LATE_MS = 3_000;

const TOPIC = "chat:7";

/** One topic and the sessions that are present in it, in virtual time, over calls that may fail. */
export class PresenceWorld {
  readonly time = new VirtualTime();
  readonly store = new MemoryPresenceStore();
  readonly #sessions = new Map<string, WorldSession>();
  /** When those who look on were told, in milliseconds. */
  readonly told: number[] = [];
  /** Calls that were made to the topic and to sessions. */
  calls = 0;
  /** Of calls to come, in their order; those behind them are made. */
  fates: Fate[] = [];
  #ringAt: number | undefined;
  #cancelRing = () => {};
  #lives = 0;
  readonly #timers: (() => void)[] = [];
  topic = this.#begin();

  /** The root is killed: what it had in memory is gone, with what it was to do soon. */
  restart(): void {
    for (const cancel of this.#timers.splice(0)) cancel();
    this.topic = this.#begin();
  }

  session(name: string): WorldSession {
    const known = this.#sessions.get(name) ?? new WorldSession(name, this);
    this.#sessions.set(name, known);
    return known;
  }

  /** Lets time pass, and what was begun meanwhile come to its end. */
  async pass(milliseconds: number): Promise<void> {
    await pass(this.time, milliseconds);
  }

  /** What anybody is told who asks. */
  get listed(): readonly PresentSession[] {
    const answer = this.topic.roster();
    return answer.kind === "roster" ? JSON.parse(answer.listed) : [];
  }

  /** Of what they are told. */
  get version(): string {
    const answer = this.topic.roster();
    return answer.kind === "roster" ? answer.version : "";
  }

  /** A call as the platform makes them. */
  async call<Answer>(run: () => Answer | Promise<Answer>): Promise<Answer> {
    this.calls += 1;
    await Promise.resolve();
    const fate = this.fates.shift() ?? "made";
    if (fate === "late") this.time.later(LATE_MS, () => void run());
    if (fate === "lost" || fate === "late") throw new Error("Network connection lost");
    const answer = structuredClone(await run());
    await Promise.resolve();
    if (fate === "unanswered") throw new Error("Network connection lost");
    return answer;
  }

  #begin(): TopicPresence {
    this.#lives += 1;
    return new TopicPresence({
      store: this.store,
      now: () => this.time.now,
      life: `life${this.#lives}`,
      tell: () => this.told.push(this.time.now),
      ringBy: (at) => this.#ringBy(at),
      timer: (milliseconds, run) => {
        const cancel = this.time.later(milliseconds, run);
        this.#timers.push(cancel);
        return cancel;
      },
      ask: (session) => this.call(() => this.session(session).attest()),
      finish: (work) => void work,
    });
  }

  #ringBy(at: number): void {
    if (this.#ringAt !== undefined && this.#ringAt <= at) return;
    this.#cancelRing();
    this.#ringAt = at;
    this.#cancelRing = this.time.later(Math.max(0, at - this.time.now), () => {
      this.#ringAt = undefined;
      const next = this.topic.ring();
      if (next !== undefined) this.#ringBy(next);
    });
  }
}

/** A session of that world: what its tabs show, and what it says of it. */
export class WorldSession {
  readonly #world: PresenceWorld;
  readonly #name: string;
  tabs = 0;
  meta = "null";
  #attendances: Attendances;
  #isOver = false;
  /** Counts the lives of its object: what an earlier one had begun has no effect. */
  #life = 0;

  constructor(name: string, world: PresenceWorld) {
    this.#name = name;
    this.#world = world;
    this.#attendances = this.#begin();
  }

  /** Its tabs are others, or what is told of it. */
  show(tabs: number, meta: string): void {
    if (this.#isOver) return;
    this.tabs = tabs;
    this.meta = meta;
    this.#attendances.be(TOPIC, { tabs, meta, metaName: meta });
  }

  /** Its object is killed: its sockets are gone, and what it had in memory. */
  kill(): void {
    this.tabs = 0;
    this.#attendances = this.#begin();
  }

  /** Its object sleeps: what its sockets remember is left. */
  sleep(): void {
    this.#attendances = this.#begin();
  }

  end(): void {
    this.tabs = 0;
    this.#isOver = true;
    this.#attendances.end([TOPIC]);
  }

  attest(): Promise<Attendance> {
    return this.#attendances.statement(TOPIC, () => ({ tabs: this.tabs, metaName: this.meta }));
  }

  #begin(): Attendances {
    this.#life += 1;
    const life = this.#life;
    const { time } = this.#world;
    return new Attendances({
      session: this.#name,
      now: () => time.now,
      timer: (milliseconds, run) =>
        time.later(milliseconds, () => {
          if (this.#life === life) run();
        }),
      idIn: async () => `id-${this.#name}`,
      attend: (_, attendance): Promise<AttendanceAnswer> =>
        this.#life === life
          ? this.#world.call(() => this.#world.topic.attend(attendance))
          : new Promise(() => {}),
      lacksMeta: () => {
        if (this.#life === life) this.show(this.tabs, this.meta);
      },
      failed: () => {},
      finish: (work) => void work,
    });
  }
}
