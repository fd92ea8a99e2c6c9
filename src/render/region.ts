import { nameFor } from "./hash.ts";

/** What a region shows, written once for everyone. */
export interface RegionContent {
  /** One element, with its own address and those of what is in it. */
  readonly html: string;
  /** How far the region's changes are in it. */
  readonly place: string;
}

/** Where a region stands in its changes. */
export interface RegionPlace {
  readonly name: string;
  readonly place: string;
}

/**
 * A part of a page that is rendered elsewhere, once for all who see it. In its page it is one element that stays as it is: whoever
 * renders it sends what changes in it.
 */
export class Region implements RegionPlace {
  readonly name: string;
  readonly content: RegionContent;

  constructor(name: string, content: RegionContent) {
    this.name = name;
    this.content = content;
  }

  get place(): string {
    return this.content.place;
  }

  /** The address of its element. */
  get address(): string {
    return regionAddress(this.name);
  }
}

/** What addresses of regions begin with: no address of a page does, nor does the name of an update. */
const REGION_MARK = "@";

/** The address of a region's element, and what those of its parts begin with: the same on every page. */
export function regionAddress(name: string): string {
  // Every change carries it, often many times; 31 bits tell the few regions of one page apart.
  return REGION_MARK + nameFor(name).slice(2);
}

/** The address of the region that an address leads into; `undefined` for one of the page's own. */
export function regionIn(address: string): string | undefined {
  return address.startsWith(REGION_MARK) ? /^[^.:#/]+/.exec(address)?.[0] : undefined;
}
