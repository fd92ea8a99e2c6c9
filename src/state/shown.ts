/** A value as error messages show it: JSON where there is any, cut at 100 characters. Never throws. */
export function shown(value: unknown): string {
  // JSON would show what is no number as null, and cannot write a bigint.
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, 100);
  } catch {
    // It contains itself, or says so of itself.
    return Object.prototype.toString.call(value);
  }
}
