import { html, type View } from "edge-reflex";

/** Squares of a picture, in a row and in a column. */
const SIDE = 5;

/** Who is known by an e-mail address, without the address. */
export interface Gravatar {
  /** SHA-256 of the address, as 64 hexadecimal digits. */
  readonly hash: string;
}

/** What Gravatar knows an address by: its SHA-256, in lower case and without spaces around it. */
export async function gravatarOf(email: string): Promise<Gravatar> {
  const bytes = new TextEncoder().encode(email.trim().toLowerCase());
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return { hash: Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("") };
}

/** Where Gravatar has the picture for a hash, if its owner has given it one. */
export function addressOf(hash: string): string {
  return `https://gravatar.com/avatar/${hash}?d=identicon`;
}

/** A picture that is another one for every hash: five by five squares, the right like the left. */
export function pictureOf(hash: string): View {
  const hue = Number.parseInt(hash.slice(-3), 16) % 360;
  return html`<svg id="picture" class="picture" viewBox="-0.5 -0.5 6 6" role="img" aria-label="Picture ${hash.slice(0, 8)}">
<path fill="hsl(${hue} 60% 46%)" d="${squaresOf(hash)}"/></svg>`;
}

/** As the path of an SVG. Each square of the left half and of the middle is there when its digit of the hash is even. */
function squaresOf(hash: string): string {
  const squares = Array.from({ length: SIDE * SIDE }, (_, place) => {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    const digit = row * SIDE + Math.min(column, SIDE - 1 - column);
    return Number.parseInt(hash.charAt(digit), 16) % 2 === 0 ? `M${column} ${row}h1v1h-1z` : "";
  });
  return squares.join("");
}
