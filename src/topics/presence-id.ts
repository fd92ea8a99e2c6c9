import { toBase64Url } from "../security/base64url.ts";

/** 72 bits: no two of a topic's sessions are called the same. */
const ID_CHARS = 12;

/**
 * How a session is called among those who are present in a topic: always the same, and nobody can tell from it which session it is, nor
 * whether two of two topics are one.
 */
export async function presenceId(topic: string, session: string): Promise<string> {
  const bytes = new TextEncoder().encode(`edge-reflex presence ${session} ${topic}`);
  return toBase64Url(await crypto.subtle.digest("SHA-256", bytes)).slice(0, ID_CHARS);
}
