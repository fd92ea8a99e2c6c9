/**
 * What is paid for: the Workers Paid plan without what it includes, in dollars, as of 2026-11.
 * Source: https://developers.cloudflare.com/durable-objects/platform/pricing/
 */
const PRICES = {
  /** Requests of objects: each remote call is one. */
  request: 0.15 / 1e6,
  /** A gigabyte for a second; an object counts as 128 MB. */
  gigabyteSecond: 12.5 / 1e6,
  rowWritten: 1 / 1e6,
} as const;

/** What an object is counted as, in gigabytes. */
const OBJECT_GIGABYTES = 0.128;

/** What was used. */
export interface Usage {
  readonly requests: number;
  readonly rowsWritten: number;
  /** How long objects were active, all together. */
  readonly activeMs: number;
}

/** The same in dollars. */
export interface Money {
  readonly requests: number;
  readonly rows: number;
  readonly duration: number;
  readonly total: number;
}

/** What it costs. */
export function moneyFor({ requests, rowsWritten, activeMs }: Usage): Money {
  const money = {
    requests: requests * PRICES.request,
    rows: rowsWritten * PRICES.rowWritten,
    duration: (activeMs / 1_000) * OBJECT_GIGABYTES * PRICES.gigabyteSecond,
  };
  return { ...money, total: money.requests + money.rows + money.duration };
}
