/**
 * How long a value is as JSON, in characters, with what JSON cannot write measured as well as a bound needs it. Each object
 * counts once, as structured clone stores it, so that values which contain themselves or share parts take their own time.
 */
export function roughSize(value: unknown, seen: Set<unknown> = new Set()): number {
  if (typeof value === "string") return value.length;
  // Of a part of a buffer, structured clone stores the whole.
  if (ArrayBuffer.isView(value)) return roughSize(value.buffer, seen);
  if (typeof value !== "object" || value === null) return String(value).length;
  if (seen.has(value)) return 0;
  seen.add(value);
  if (value instanceof ArrayBuffer) return value.byteLength;
  // What these keep is in no field that can be listed.
  if (value instanceof RegExp) return String(value).length;
  const hidden = value instanceof Error ? value.message.length + (value.stack?.length ?? 0) : 0;
  const members = value instanceof Map || value instanceof Set ? [...value].entries() : Object.entries(value);
  let chars = 2 + hidden;
  for (const [name, inner] of members) chars += String(name).length + roughSize(inner, seen);
  return chars;
}
