/** Starts a timer and returns what stops it. Injected, so that tests own the time. */
export type Timer = (milliseconds: number, expired: () => void) => () => void;
