import { copyOf, type Draft, RESERVED, SessionError } from "./draft.ts";
import { KeyedValues } from "./keyed-values.ts";

/** How the keys begin under which the states of tabs are stored, before the tabs' names. */
export const TAB_KEY = `${RESERVED}tab.`;

/** The state of one tab, as it is stored. */
export interface TabValues {
  /** When the tab was last known to be there, in milliseconds since 1970. */
  readonly at: number;
  readonly values: ReadonlyMap<string, unknown>;
}

/** Where the state of a tab is. */
export interface TabPlace {
  /** Names the page load, or the visit that makes one; absent where there is no tab. */
  readonly name: string | undefined;
  /** Where what it takes over is, until something is written under its own name. */
  readonly from?: string | undefined;
}

/**
 * One turn's view of what the application keeps for the tab: for one open page of the session, its reloads, and the pages
 * that it goes on to. Committed with the session, or not at all.
 */
export class TabState<Values extends object = Record<string, unknown>> extends KeyedValues<Values> {
  /**
   * @param draft what the turn reads and writes
   * @param now in milliseconds since 1970
   */
  constructor(draft: Draft, place: TabPlace, now: () => number) {
    super({
      read: (key) => valuesOf(draft, place).get(key),
      keys: () => [...valuesOf(draft, place).keys()],
      write: (key, value) => {
        const name = `Tab ${JSON.stringify(key)}`;
        if (place.name === undefined) throw noTab(key, name);
        const values = new Map(valuesOf(draft, place));
        if (value === undefined) values.delete(key);
        else values.set(key, copyOf(key, value, name));
        const state: TabValues = { at: now(), values };
        draft.write(TAB_KEY + place.name, values.size === 0 ? undefined : state, name);
      },
    });
  }
}

function valuesOf(draft: Draft, { name, from }: TabPlace): ReadonlyMap<string, unknown> {
  const own = name === undefined ? undefined : draft.read(TAB_KEY + name);
  const state = own ?? (from === undefined ? undefined : draft.read(TAB_KEY + from));
  // Only this file writes under such keys.
  return (state as TabValues | undefined)?.values ?? new Map();
}

function noTab(key: string, name: string): SessionError {
  const advice = "timers, and clients that do not name their page loads, have none; use the session";
  return new SessionError("session-readonly", key, `${name} was written where there is no tab: ${advice}`);
}
