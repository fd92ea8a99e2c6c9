import type { ChaosReport } from "./chaos.ts";

/** True when nothing was lost, doubled, out of order, left open or shown wrongly, and every call ended as it should. */
export function isKept({
  lost,
  doubled,
  disordered,
  unsettled,
  diverged,
  rejected,
}: Pick<ChaosReport, "lost" | "doubled" | "disordered" | "unsettled" | "diverged" | "rejected">): boolean {
  const isRejected = Object.keys(rejected).length > 0;
  return [lost, doubled, disordered, unsettled, diverged].every((count) => count === 0) && !isRejected;
}
