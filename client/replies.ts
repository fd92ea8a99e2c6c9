import type { DoneFrame, ReplyHead, ServerFrame, Update } from "../src/protocol/messages.ts";

/** What a reply says: to its caller, and to the page. */
export interface Reply extends ReplyHead {
  readonly updates: readonly Update[];
}

/** Takes a reply apart: behind its number stand an outcome, or an outcome with a payload, or neither; then updates. */
export function readReply([, first, ...others]: DoneFrame): Reply {
  if (typeof first === "string") return reply({ outcome: first, payload: undefined }, others);
  if (first === undefined || isUpdate(first))
    return reply({ payload: undefined }, first === undefined ? [] : [first, ...others]);
  return reply(first, others);
}

/** The updates in a frame. */
export function updatesOf(frame: ServerFrame): readonly Update[] {
  if (frame[0] === "p") return frame.slice(3) as Update[];
  return typeof frame[0] === "number" ? readReply(frame as DoneFrame).updates : [];
}

function reply(head: ReplyHead, updates: readonly unknown[]): Reply {
  // The server's own encoder wrote them.
  return { ...head, updates: updates as readonly Update[] };
}

function isUpdate(item: Update | ReplyHead): item is Update {
  return Array.isArray(item);
}
