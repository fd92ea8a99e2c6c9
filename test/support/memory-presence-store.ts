import type { PresenceMarks, PresenceStore, StoredAttendance } from "../../src/topics/presence-store.ts";

/** Who is present in a topic, in memory, and how many rows were written for it. */
export class MemoryPresenceStore implements PresenceStore {
  readonly rows = new Map<string, StoredAttendance>();
  #marks: PresenceMarks | undefined;
  rowsWritten = 0;

  find(session: string): StoredAttendance | undefined {
    return this.rows.get(session);
  }

  put(attendance: StoredAttendance): void {
    this.rowsWritten += 1;
    this.rows.set(attendance.session, attendance);
  }

  remove(session: string): void {
    this.rowsWritten += 1;
    this.rows.delete(session);
  }

  first(limit: number): readonly StoredAttendance[] {
    const byTime = (one: StoredAttendance, other: StoredAttendance) =>
      one.since - other.since || (one.id < other.id ? -1 : 1);
    return [...this.rows.values()].sort(byTime).slice(0, limit);
  }

  count(): number {
    return this.rows.size;
  }

  sessions(): readonly string[] {
    return [...this.rows.keys()];
  }

  due(now: number): readonly StoredAttendance[] {
    return [...this.rows.values()].filter(({ due }) => due !== null && due <= now);
  }

  nextDue(): number | undefined {
    const all = [...this.rows.values()].flatMap(({ due }) => due ?? []);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  marks(): PresenceMarks | undefined {
    return this.#marks;
  }

  mark(marks: PresenceMarks): void {
    this.rowsWritten += 1;
    this.#marks = marks;
  }
}
