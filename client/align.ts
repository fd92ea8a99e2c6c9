import { longestIncreasing } from "../src/protocol/increasing.ts";
import { ATTRIBUTES } from "../src/protocol/names.ts";
import { moveNode } from "./nodes.ts";

/** What aligning needs to know of the update that it is a part of, and whom it tells. */
export interface Alignment {
  /** Every element with a name of its own inside the updated root, as the update began. */
  readonly byName: ReadonlyMap<string, Element>;
  /** True for an element that something else than the server put into the page. */
  isForeign(node: Node): boolean;
  /** True for a node of the page that stands for one of the new HTML already: ids may be there twice. */
  isTaken(node: Node): boolean;
  /** A node of the page will stand for this one of the new HTML: nothing else may take it. */
  claimed(live: Node, wanted: Node): void;
  /** A node of the page stands for this one of the new HTML, and is in its place. */
  paired(live: Node, wanted: Node): void;
  /** A node came new into the page; it is complete already. */
  added(node: Node): void;
  /** A node is not wanted where it is. It stays until all is aligned, since something in it may be wanted elsewhere. */
  unwanted(node: Node): void;
  /** An element of the page took the place of its counterpart inside something new. */
  rescued(element: Element, wanted: Element): void;
}

/**
 * The elements inside `root` by their names (see {@link nameOf}). The first of a repeated name counts; what is inside
 * a permanent element belongs to it.
 */
export function elementsByName(root: Element): ReadonlyMap<string, Element> {
  const byName = new Map<string, Element>();
  for (const element of root.querySelectorAll(`[id], [${ATTRIBUTES.address}]`)) {
    const name = nameOf(element);
    const isInPermanent = element.parentElement?.closest(`[${ATTRIBUTES.permanent}]`) ?? null;
    if (name !== "" && isInPermanent === null && !byName.has(name)) byName.set(name, element);
  }
  return byName;
}

/**
 * What an element keeps through moves: its id, else its address as a fragment. Empty when it has neither. By the
 * attribute: the property of a form is its field named "id", when it has one.
 */
function nameOf(node: Node): string {
  if (!(node instanceof Element)) return "";
  const id = node.getAttribute("id");
  if (id !== null && id !== "") return `#${id}`;
  return node.getAttribute(ATTRIBUTES.address) ?? "";
}

/** True for an element that updates do not touch. */
export function isPermanent(node: Node): boolean {
  return node instanceof Element && node.hasAttribute(ATTRIBUTES.permanent);
}

/**
 * Makes the children of `live` correspond one by one to those of `wanted`. Left to itself, morphdom answers an
 * insertion by taking out and putting back everything behind it, which costs focus, blur events, and what frames
 * and media had loaded.
 *
 * Children pair by name, wherever in the page the element is, then by kind and order. What stays in order is not
 * moved, least of all what holds the focus; the rest moves around it.
 *
 *     live     a b c d        wanted   a X c b        live   a X c b     (X comes from wanted, b moves, d goes)
 */
export function alignChildren(live: Element, wanted: Element, alignment: Alignment): void {
  const before = Array.from(live.childNodes);
  const after = Array.from(wanted.childNodes);
  const isPair = (node: ChildNode, index: number) =>
    areOneKind(node, after[index]) && !alignment.isForeign(node);
  const areAligned = before.length === after.length && before.every(isPair);
  const partners = areAligned ? before : findPartners(live, before, after, alignment);
  const kept = new Set<Node | undefined>(partners);
  const pairs = after.flatMap((wantedNode, index) => {
    const partner = partners[index];
    return partner === undefined ? [] : [[partner, wantedNode] as const];
  });
  for (const pair of pairs) alignment.claimed(...pair);
  if (!areAligned) place(live, { before, after, partners }, alignment);
  for (const node of before) if (!kept.has(node) && !isPermanent(node)) alignment.unwanted(node);
  for (const pair of pairs) alignment.paired(...pair);
}

/** The children as they were, as they should be, and who of the first becomes who of the second. */
interface Pairing {
  readonly before: readonly ChildNode[];
  readonly after: readonly ChildNode[];
  readonly partners: readonly (ChildNode | undefined)[];
}

/** Puts partners and new nodes in order. */
function place(live: Element, { before, after, partners }: Pairing, alignment: Alignment): void {
  const staying = stayingPlaces(before, partners);
  let next: Node | null = null;
  for (let index = after.length - 1; index >= 0; index -= 1) {
    const wantedNode = after[index];
    if (wantedNode === undefined) continue;
    const partner = partners[index];
    if (partner === undefined) {
      // The new node itself goes into the page.
      live.insertBefore(wantedNode, next);
      alignment.added(wantedNode);
      rescueInto(wantedNode, alignment);
    } else if (!staying.has(index)) moveNode(live, partner, next);
    next = partner ?? wantedNode;
  }
}

/** Puts elements of the page into the places of their namesakes in something new: an input that got a wrapper, say. */
export function rescueInto(fresh: Node, alignment: Alignment): void {
  if (!(fresh instanceof Element)) return;
  for (const wanted of fresh.querySelectorAll(`[id], [${ATTRIBUTES.address}]`)) {
    const element = alignment.byName.get(nameOf(wanted));
    const isFree = element !== undefined && areOneKind(element, wanted) && !alignment.isTaken(element);
    if (!isFree || element.contains(fresh) || fresh.contains(element) || !fresh.contains(wanted)) continue;
    if (wanted.parentElement !== null) moveNode(wanted.parentElement, element, wanted);
    wanted.remove();
    alignment.rescued(element, wanted);
  }
}

function findPartners(
  live: Element,
  before: readonly ChildNode[],
  after: readonly ChildNode[],
  alignment: Alignment,
): (ChildNode | undefined)[] {
  const taken = new Set<Node>();
  const partners: (ChildNode | undefined)[] = after.map((node) => {
    const same = alignment.byName.get(nameOf(node));
    const isFree = same !== undefined && !taken.has(same) && !alignment.isTaken(same);
    const fits = isFree && areOneKind(same, node) && !same.contains(live);
    if (fits) taken.add(same);
    return fits ? same : undefined;
  });
  const nameless = before.filter(
    (node) => nameOf(node) === "" && !taken.has(node) && !alignment.isForeign(node),
  );
  let from = 0;
  after.forEach((node, index) => {
    if (nameOf(node) !== "") return;
    const at = nameless.findIndex((candidate, place) => place >= from && areOneKind(candidate, node));
    if (at === -1) return;
    partners[index] = nameless[at];
    from = at + 1;
  });
  return partners;
}

/** The places of the wanted list whose nodes need not move: as many as possible, and whatever holds the focus. */
function stayingPlaces(
  before: readonly Node[],
  partners: readonly (Node | undefined)[],
): ReadonlySet<number> {
  const places = new Map(before.map((node, place) => [node, place]));
  const old = partners.map((node) => (node === undefined ? -1 : (places.get(node) ?? -1)));
  const { activeElement = null } = before[0]?.ownerDocument ?? {};
  const focused = activeElement === null ? -1 : partners.findIndex((node) => node?.contains(activeElement));
  const focusedOld = old[focused] ?? -1;
  if (focusedOld === -1) return longestIncreasing(old);
  const agrees = (place: number, index: number) =>
    index === focused || place < focusedOld === index < focused;
  return longestIncreasing(old.map((place, index) => (agrees(place, index) ? place : -1)));
}

/** Of nameless elements, a permanent one is another kind than its neighbours, whose content it would take over. */
function areOneKind(left: Node, right: Node | undefined): boolean {
  if (right === undefined || left.nodeName !== right.nodeName || nameOf(left) !== nameOf(right)) return false;
  return nameOf(left) !== "" || isPermanent(left) === isPermanent(right);
}
