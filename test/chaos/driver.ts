/** What a page is told to do. */
export interface DriverOptions {
  /** Names the tab in the ledger. */
  readonly tab: string;
  /** Where its random numbers begin. */
  readonly seed: number;
  /** Calls that it leaves unanswered at most. */
  readonly mostWaiting: number;
  /** Where a page leaves in `sessionStorage` how many calls were made, for the next page of its browser tab. */
  readonly issuedKey: string;
}

/** How a call ended: its number in its tab (0 for one that writes nothing), the outcome that was due, and what came. */
export type Settled = readonly [n: number, due: string, outcome: string];

/** What the harness finds in the page. */
export interface Driver {
  /** Calls made so far that the ledger must hold, by earlier pages of the same browser tab too. */
  issued: number;
  /** Calls whose promise is open. */
  waiting: number;
  readonly settled: Settled[];
  /** Makes calls until `count` are made, or the page is left. Resolves with how many are. */
  run(count: number): Promise<number>;
}

declare global {
  interface Window {
    chaos: Driver;
    /** Set as soon as the page is left. */
    chaosIsLeft?: true;
    /** The client's own function, put there by the harness. */
    chaosStimulate(target: string, ...args: unknown[]): Promise<{ readonly outcome?: string }>;
  }
}

/**
 * Notes that the page is left. Runs in the browser before the page's own scripts: the client rejects calls then, and
 * the driver would go on making calls in a page that is gone.
 */
export function noteLeaving(): void {
  window.addEventListener("pagehide", () => {
    window.chaosIsLeft = true;
  });
}

/**
 * Installs the driver in a page. Runs in the browser, so it uses nothing but what it is given: calls come in bursts of
 * random length and kind, and wait for answers in between, so that now one and now many are on their way.
 */
export function installDriver({ tab, seed, mostWaiting, issuedKey }: DriverOptions): void {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let wake = () => {};
  const stimulate = (n: number, due: string, ...call: [target: string, ...args: unknown[]]) => {
    driver.waiting += 1;
    const ended = (outcome: string) => {
      driver.waiting -= 1;
      driver.settled.push([n, due, outcome]);
      wake();
    };
    const why = (error: unknown) => ended(String(Reflect.get(Object(error), "code") ?? error));
    window.chaosStimulate(...call).then(({ outcome = due }) => ended(outcome), why);
  };
  const press = (n: number) => {
    const button = document.querySelector<HTMLElement>("#press");
    if (button === null) return stimulate(n, "done", "Ledger#append", tab, n);
    Object.assign(button.dataset, { tab, n });
    button.click();
  };
  const call = (isLast: boolean) => {
    driver.issued += 1;
    sessionStorage.setItem(issuedKey, String(driver.issued));
    const n = driver.issued;
    const choice = random();
    // The last one shows the page as it is, whatever the others left out.
    if (isLast || choice < 0.4) return stimulate(n, "done", "Ledger#append", tab, n);
    if (choice < 0.75) return stimulate(n, "done", "Ledger#appendSlowly", tab, n);
    return choice < 0.88 ? stimulate(n, "done", "Ledger#tell", tab, n) : press(n);
  };
  const burst = (count: number, last: number) => {
    for (let made = 0; made < count && driver.issued < last && driver.waiting < mostWaiting; made += 1) {
      if (random() < 0.06) stimulate(0, "nothing", "Ledger#peek");
      if (random() < 0.06) stimulate(0, "done", "Ledger#look");
      call(driver.issued + 1 === last);
    }
  };
  const driver: Driver = {
    issued: Number(sessionStorage.getItem(issuedKey) ?? 0),
    waiting: 0,
    settled: [],
    async run(count) {
      while (driver.issued < count && !window.chaosIsLeft) {
        burst(1 + Math.floor(random() ** 3 * mostWaiting), count);
        const enough = Math.floor(random() * driver.waiting);
        while (driver.waiting > enough) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
      return driver.issued;
    },
  };
  window.chaos = driver;
}
