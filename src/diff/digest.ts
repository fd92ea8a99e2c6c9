import { childAddress } from "../protocol/wire-view.ts";
import { Hash } from "../render/hash.ts";
import { Region } from "../render/region.ts";
import { attributeHtml, isFragment, itemAddress, renderTitle } from "../render/render.ts";
import type { AttributeSlot } from "../render/segment.ts";
import { KeyedList, type Part, TrustedHtml, View } from "../render/view.ts";
import { wireTemplateOf } from "../render/wire.ts";

/** Whether something comes to what a digest stands for, or goes. */
export type Sign = 1 | -1;

/**
 * 64 bits that stand for the body of a page: a sum over everything that it shows, each with the address where it
 * shows. A sum, so that a change costs what changed, and not the page.
 */
export class Digest {
  #high = 0;
  #low = 0;
  readonly #hash = new Hash();

  /** Of a page as it was rendered. */
  static of(page: View): Digest {
    const digest = new Digest();
    digest.view(page, "", 1);
    digest.title(renderTitle(page), 1);
    return digest;
  }

  /** Of a body and a title that were made elsewhere. */
  static ofHtml(body: string, title: string | undefined): Digest {
    const digest = new Digest();
    digest.part(new TrustedHtml(body), "", 1);
    digest.title(title, 1);
    return digest;
  }

  /** One that goes on from here. */
  copy(): Digest {
    const digest = new Digest();
    digest.#high = this.#high;
    digest.#low = this.#low;
    return digest;
  }

  /** As it travels, and is kept: two numbers in base 36. */
  toString(): string {
    return `${(this.#high >>> 0).toString(36)}-${(this.#low >>> 0).toString(36)}`;
  }

  /** @param base what the addresses of its parts begin with */
  view(view: View, base: string, sign: Sign): void {
    const { template } = view;
    this.#add(
      this.#hash
        .begin()
        .text(base)
        .text(wireTemplateOf(template.segments, isFragment(view)).name),
      sign,
    );
    for (const segment of template.segments) {
      if (typeof segment === "string") continue;
      if (segment.kind === "attribute") this.attribute(view, segment, base, sign);
      // What no update reaches is not brought along.
      else if (segment.kind === "content" && template.outline.holders[segment.part] !== undefined)
        this.part(view.parts[segment.part], childAddress(base, segment.part), sign);
    }
  }

  attribute(view: View, slot: AttributeSlot, base: string, sign: Sign): void {
    const [first = 0] = slot.parts;
    if (view.template.outline.holders[first] === undefined) return;
    const value = attributeHtml(view, slot);
    if (value !== null) this.#add(this.#hash.begin().text(base).number(first).text(value), sign);
  }

  /** The page's title, which stands where no part does. */
  title(title: string | undefined, sign: Sign): void {
    this.part(title, "title", sign);
  }

  /** What a part shows at its address. */
  part(value: Part, address: string, sign: Sign): void {
    if (value === null || value === undefined || value === false || value === "") return;
    if (value instanceof View) return this.view(value, address, sign);
    if (value instanceof KeyedList) {
      for (const { key, view } of value.entries) this.view(view, itemAddress(address, key), sign);
      return this.order(value, address, sign);
    }
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) this.part(item, `${address}-${index}`, sign);
      return;
    }
    // What a region shows is told apart from the page, and by others.
    if (value instanceof Region)
      return this.#add(this.#hash.begin().text(address).number(2).text(value.name), sign);
    const isHtml = typeof value === "object";
    const text = value instanceof TrustedHtml ? value.html : String(value);
    this.#add(
      this.#hash
        .begin()
        .text(address)
        .number(isHtml ? 1 : 0)
        .text(text),
      sign,
    );
  }

  /** Which item follows which. */
  order(list: KeyedList, address: string, sign: Sign): void {
    let last = "";
    for (const { key } of list.entries) {
      this.#add(this.#hash.begin().text(address).text(last).text(key), sign);
      last = key;
    }
  }

  #add({ high, low }: Hash, sign: Sign): void {
    this.#high = (this.#high + sign * high) | 0;
    this.#low = (this.#low + sign * low) | 0;
  }
}
