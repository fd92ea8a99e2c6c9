/** A day, as `2026-11-21`. Days compare as their texts do. */
export type Day = string;

/** The first and the last day that the calendar shows. */
const FIRST: Day = "1900-01-01";
const LAST: Day = "2199-12-31";

const MS_A_DAY = 86_400_000;

/** A day of the calendar, if the text is one: it comes from a browser. */
export function readDay(text: string | undefined): Day | undefined {
  if (text === undefined || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const isDay = !Number.isNaN(Date.parse(text)) && dayAt(Date.parse(text)) === text;
  return isDay && FIRST <= text && text <= LAST ? text : undefined;
}

/** The day, in UTC, of a time in milliseconds since 1970. */
export function dayAt(time: number): Day {
  return new Date(time).toISOString().slice(0, 10);
}

/** So many days later, or earlier when the number is negative; never outside the calendar. */
export function plusDays(day: Day, count: number): Day {
  return within(Date.parse(day) + count * MS_A_DAY);
}

/** The same day of another month, so many later or earlier; its last day where it has no such day. Never outside the calendar. */
export function plusMonths(day: Day, count: number): Day {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const lastDate = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return within(Date.UTC(year, month - 1 + count, Math.min(date, lastDate)));
}

/** The weeks, from Monday on, that show the month of a day; what is of other months in them too. */
export function weeksOf(day: Day): readonly (readonly Day[])[] {
  const first = `${day.slice(0, 7)}-01`;
  const monday = Date.parse(first) - ((new Date(first).getUTCDay() + 6) % 7) * MS_A_DAY;
  const next = Date.parse(plusMonths(first, 1));
  const end = next > Date.parse(first) ? next : Date.parse(LAST) + MS_A_DAY;
  const count = Math.ceil((end - monday) / MS_A_DAY / 7);
  return Array.from({ length: count }, (_, week) =>
    Array.from({ length: 7 }, (_, index) => dayAt(monday + (week * 7 + index) * MS_A_DAY)),
  );
}

function within(time: number): Day {
  return dayAt(Math.min(Math.max(time, Date.parse(FIRST)), Date.parse(LAST)));
}
