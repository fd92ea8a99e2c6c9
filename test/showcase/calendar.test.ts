import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayAt, plusDays, plusMonths, readDay, weeksOf } from "../../examples/showcase/calendar/days.ts";

const day = fc
  .date({ min: new Date("1900-01-01"), max: new Date("2199-12-31"), noInvalidDate: true })
  .map((date) => dayAt(date.getTime()));

describe("a day that a browser names", () => {
  it.each([
    "2026-02-29",
    "2026-13-01",
    "1899-12-31",
    "2200-01-01",
    "26-01-01",
    "2026-1-1",
    "",
    "today",
    "2026-01-01T00:00",
  ])("is none when it is %j", (text) => expect(readDay(text)).toBeUndefined());

  it("is itself when the calendar has it", () => {
    fc.assert(
      fc.property(day, (each) => {
        expect(readDay(each)).toBe(each);
      }),
    );
    expect(readDay(undefined)).toBeUndefined();
  });
});

describe("going on and back", () => {
  it("leads to a day of the calendar, in order", () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -999, max: 999 }), (each, count) => {
        for (const plus of [plusDays, plusMonths]) {
          expect(readDay(plus(each, count))).toBeDefined();
          expect(Math.sign(plus(each, count).localeCompare(each)) * Math.sign(count)).not.toBe(-1);
        }
      }),
    );
  });

  it("by months keeps the day where the month has it", () => {
    expect(plusMonths("2026-01-31", 1)).toBe("2026-02-28");
    expect(plusMonths("2024-01-31", 1)).toBe("2024-02-29");
    expect(plusMonths("2026-12-15", 1)).toBe("2027-01-15");
    expect(plusMonths("2026-03-31", -1)).toBe("2026-02-28");
    expect(plusMonths("2199-12-15", 1)).toBe("2199-12-31");
  });
});

describe("the weeks of a month", () => {
  it("are whole, from Monday on, follow each other, and have every day of the month once", () => {
    fc.assert(
      fc.property(day, (each) => {
        const days = weeksOf(each).flat();
        expect(new Date(days[0] ?? "").getUTCDay()).toBe(1);
        expect(days.length % 7).toBe(0);
        for (const [index, other] of days.entries())
          if (index > 0) expect(Date.parse(other) - Date.parse(days[index - 1] ?? "")).toBe(86_400_000);
        const [year = 0, month = 0] = each.split("-").map(Number);
        const inMonth = days.filter((other) => other.slice(0, 7) === each.slice(0, 7));
        expect(inMonth).toHaveLength(new Date(Date.UTC(year, month, 0)).getUTCDate());
        // A week without a day of the month is none of its weeks.
        expect(days.length - inMonth.length).toBeLessThan(13);
      }),
    );
  });
});
