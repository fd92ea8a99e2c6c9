import type { ChaosReport } from "./chaos.ts";
import type { ManyReport } from "./many.ts";

/** What is judged of a run. Of one session nobody asks who is present. */
type Judged = Pick<ChaosReport, "lost" | "doubled" | "disordered" | "unsettled" | "diverged" | "rejected"> &
  Partial<Pick<ManyReport, "inexact">>;

/** True when nothing was lost, doubled, out of order, left open or shown wrongly, nobody was present who was not, and every call ended as it should. */
export function isKept({
  lost,
  doubled,
  disordered,
  unsettled,
  diverged,
  rejected,
  inexact = 0,
}: Judged): boolean {
  const isRejected = Object.keys(rejected).length > 0;
  return (
    [lost, doubled, disordered, unsettled, diverged, inexact].every((count) => count === 0) && !isRejected
  );
}
