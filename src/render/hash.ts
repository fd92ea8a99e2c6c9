/**
 * 64 bits of what it was given, in two halves: two multiplicative hashes over UTF-16 units (FNV-1a's step, with other
 * constants for the second) and a finisher that spreads every bit over all (that of MurmurHash3). Tells one state from
 * another with a chance of error of 2^-64; no protection against somebody who looks for collisions.
 *
 * Made once and begun again for every value, since a page has thousands of them.
 */
export class Hash {
  #high = 0;
  #low = 0;

  begin(): this {
    this.#high = 0x811c9dc5;
    this.#low = 0x2d0f4e8b;
    return this;
  }

  /** Its length goes in as well, so that two texts in a row are not one. */
  text(text: string): this {
    this.number(text.length + 1);
    let high = this.#high;
    let low = this.#low;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low ^ unit, 0x5bd1e995) ^ (low >>> 15);
    }
    this.#high = high;
    this.#low = low;
    return this;
  }

  number(value: number): this {
    this.#high = Math.imul(this.#high ^ value, 0x01000193);
    this.#low = Math.imul(this.#low ^ value, 0x5bd1e995) ^ (this.#low >>> 15);
    return this;
  }

  get high(): number {
    return spread(this.#high ^ (this.#low >>> 7));
  }

  get low(): number {
    return spread(this.#low ^ (this.#high << 9));
  }
}

/** MurmurHash3's finisher. */
function spread(value: number): number {
  let bits = value ^ (value >>> 16);
  bits = Math.imul(bits, 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return bits ^ (bits >>> 16);
}

/** A short name for a text: eight characters of 41 bits, the same in every process. */
export function nameFor(text: string): string {
  const { high, low } = new Hash().begin().text(text);
  return [high, low].map((half) => (half >>> 0).toString(36).padStart(4, "0").slice(-4)).join("");
}
