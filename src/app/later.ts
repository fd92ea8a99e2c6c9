import type { LaterAnswer } from "../../durable-objects/session-timers.ts";
import { TimerError, type TimerTime } from "../state/timers.ts";
import { copyOfArgs } from "../state/turn-timers.ts";
import type { ObjectNamespace } from "./object-classes.ts";

/** The part of a session object that other code of the Worker reaches by remote call. */
interface RemoteSession {
  later(target: string, time: TimerTime, args: readonly unknown[]): Promise<LaterAnswer>;
}

/** A timer that is set from outside its session. */
export interface OutsideTimer {
  readonly sessionId: string;
  readonly target: string;
  readonly time: TimerTime;
  readonly args: readonly unknown[];
}

/**
 * Sets a timer in a session from outside. Resolves when it is stored.
 *
 * Rejects with {@link TimerError} as `later` in a reflex throws it, and with the code `session-unknown` for a session that
 * has nothing stored; and with what the platform says when the object cannot be reached.
 *
 * @returns the timer's name
 */
export async function setLater(
  sessions: ObjectNamespace,
  { sessionId, target, time, args }: OutsideTimer,
): Promise<string> {
  if (typeof sessionId !== "string" || sessionId === "") {
    const given = JSON.stringify(sessionId);
    throw new TimerError(
      "session-unknown",
      `A session cannot be called ${given}; expected the id of one, its session.id`,
    );
  }
  // The namespace is typed without its class, whose types would go round in a circle with the Worker's.
  const session = sessions.getByName(sessionId) as unknown as RemoteSession;
  // A remote call takes no objects of classes, and makes of functions what can be called: a copy has neither.
  const answer = await session.later(target, time, copyOfArgs(target, args));
  if (answer.kind === "set") return answer.id;
  throw new TimerError(answer.code, answer.message);
}
