/** What a topic stores of a session that is present. */
export interface StoredAttendance {
  /** Names its object. */
  readonly session: string;
  readonly id: string;
  /** JSON. */
  readonly meta: string;
  /** As everybody is told. */
  readonly tabs: number;
  /** In milliseconds since 1970. */
  readonly since: number;
  /** Of what it said last. */
  readonly number: number;
  /** How many tabs it has where that is fewer than told, and from when on that is told, in milliseconds since 1970; null: as told. */
  readonly fewer: number | null;
  readonly due: number | null;
}

/** What a topic stores of asking and telling. */
export interface PresenceMarks {
  /** When all who are present were asked last, in milliseconds since 1970. */
  readonly askedAt: number;
  /** True while there are changes that nobody was told of. */
  readonly isUntold: boolean;
}

/** Keeps who is present in one topic, through everything. Each method does its work at once. */
export interface PresenceStore {
  find(session: string): StoredAttendance | undefined;
  put(attendance: StoredAttendance): void;
  remove(session: string): void;
  /** Those who came first, in that order. */
  first(limit: number): readonly StoredAttendance[];
  count(): number;
  /** The names of all. */
  sessions(): readonly string[];
  /** Those of whom fewer tabs are to be told by then. */
  due(now: number): readonly StoredAttendance[];
  /** When that is the next time, in milliseconds since 1970; `undefined` for never. */
  nextDue(): number | undefined;
  /** `undefined` before the first. */
  marks(): PresenceMarks | undefined;
  mark(marks: PresenceMarks): void;
}
