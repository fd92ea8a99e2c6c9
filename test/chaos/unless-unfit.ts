/** What the platform says of objects that it does not evict: one sleeps already, one is at work for as long as it has waited. */
const UNFIT = ["not currently running", "still has active references"];

/** Resolves when an object is evicted, or there is nothing to evict. Rejects with whatever else an eviction fails by. */
export async function unlessUnfit(eviction: Promise<void>): Promise<void> {
  try {
    await eviction;
  } catch (error) {
    const isUnfit = error instanceof Error && UNFIT.some((text) => error.message.includes(text));
    if (!isUnfit) throw error;
  }
}
