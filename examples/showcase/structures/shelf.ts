import { html, type Part, type Structures } from "edge-reflex";
import { tool } from "./tool.ts";

const SIZES = ["small", "large", "huge"] as const;
const TURNS = ["Ada", "Grace", "Edsger"] as const;

/** One structure of each kind, in the visitor's session: how it is declared, what it shows, what its buttons do. */
export const SHELF = [
  tool({
    kind: "string",
    what: "Text, with a default.",
    of: (structures: Structures) => structures.string("name", { default: "nobody" }),
    show: (name) => name.value,
    acts: { "call it Ada": (name) => name.set("Ada"), clear: (name) => name.clear() },
  }),
  tool({
    kind: "integer",
    what: "A whole number.",
    of: (structures) => structures.integer("dice"),
    show: (dice) => dice.value ?? "not thrown",
    acts: { throw: (dice) => dice.set(1 + Math.floor(Math.random() * 6)), clear: (dice) => dice.clear() },
  }),
  tool({
    kind: "decimal",
    what: "Exact, as text: money.",
    of: (structures) => structures.decimal("purse", { default: "1.00" }),
    show: (purse) => purse.value,
    acts: { "+ 0.10": (purse) => purse.add("0.10"), "− 0.35": (purse) => purse.subtract("0.35") },
  }),
  tool({
    kind: "boolean",
    what: "True or false.",
    of: (structures) => structures.boolean("light", { default: false }),
    show: (light) => String(light.value),
    acts: { switch: (light) => light.set(!light.value) },
  }),
  tool({
    kind: "json",
    what: "Whatever JSON can write.",
    of: (structures) => structures.json<readonly number[]>("point", { default: [0, 0] }),
    show: (point) => JSON.stringify(point.value),
    acts: { move: (point) => point.set(point.value.map((at) => at + 1)), clear: (point) => point.clear() },
  }),
  tool({
    kind: "datetime",
    what: "A point in time.",
    of: (structures) => structures.datetime("seen"),
    show: (seen) => seen.value?.toISOString().slice(11, 19) ?? "never",
    acts: { now: (seen) => seen.set(new Date()), clear: (seen) => seen.clear() },
  }),
  tool({
    kind: "counter",
    what: "Counted up and down.",
    of: (structures) => structures.counter("clicks"),
    show: (clicks) => clicks.value,
    acts: {
      "+ 1": (clicks) => clicks.increment(),
      "− 5": (clicks) => clicks.decrement(5),
      reset: (clicks) => clicks.reset(),
    },
  }),
  tool({
    kind: "flag",
    what: "Marked, here for 10 seconds.",
    of: (structures) => structures.flag("busy", { expiresIn: 10_000 }),
    show: (busy) => (busy.marked ? "marked" : "not marked"),
    acts: { mark: (busy) => busy.mark(), remove: (busy) => busy.remove() },
  }),
  tool({
    kind: "enum",
    what: "One of a few words.",
    of: (structures) => structures.enum("size", { values: SIZES, default: "small" }),
    show: (size) => `${size.value}${size.is("huge") ? "!" : ""}`,
    acts: {
      large: (size) => size.set("large"),
      huge: (size) => size.set("huge"),
      reset: (size) => size.reset(),
    },
  }),
  tool({
    kind: "list",
    what: "In order, the last four.",
    of: (structures) => structures.list("notes", { limit: 4 }),
    show: (notes) => words(notes.value),
    acts: {
      append: (notes) => notes.append(`note ${notes.size + 1}`),
      prepend: (notes) => notes.prepend("first"),
      clear: (notes) => notes.clear(),
    },
  }),
  tool({
    kind: "uniqueList",
    what: "In order, each once: what was put in again moves.",
    of: (structures) => structures.uniqueList("recent", { limit: 3 }),
    show: (recent) => words(recent.value),
    acts: {
      tea: (recent) => recent.append("tea"),
      coffee: (recent) => recent.append("coffee"),
      cocoa: (recent) => recent.append("cocoa"),
      juice: (recent) => recent.append("juice"),
    },
  }),
  tool({
    kind: "orderedSet",
    what: "By score, highest first here.",
    of: (structures) => structures.orderedSet("scores", { limit: 5 }),
    show: (scores) => words(scores.top(5).map((name) => `${name} ${scores.score(name)}`)),
    acts: {
      "Ada + 2": (scores) => scores.increment("Ada", 2),
      "Grace + 3": (scores) => scores.increment("Grace", 3),
      clear: (scores) => scores.clear(),
    },
  }),
  tool({
    kind: "set",
    what: "Each once.",
    of: (structures) => structures.set("tags"),
    show: (tags) => words(tags.value),
    acts: {
      "add red": (tags) => tags.add("red"),
      "add blue": (tags) => tags.add("blue"),
      take: (tags) => tags.take(),
    },
  }),
  tool({
    kind: "hash",
    what: "Values by keys.",
    of: (structures) => structures.hash<number>("stock"),
    show: (stock) => words(stock.entries.map(([key, count]) => `${key}: ${count}`)),
    acts: {
      "a pear more": (stock) => stock.set("pears", (stock.get("pears") ?? 0) + 1),
      "two plums": (stock) => stock.update({ plums: 2 }),
      "no pears": (stock) => stock.delete("pears"),
    },
  }),
  tool({
    kind: "slots",
    what: "Two to be held at a time.",
    of: (structures) => structures.slots("seats", { available: 2 }),
    show: (seats) => `${seats.value} held${seats.available ? "" : ", none free"}`,
    acts: { reserve: (seats) => seats.reserve(), release: (seats) => seats.release() },
  }),
  tool({
    kind: "cycle",
    what: "One after the other.",
    of: (structures) => structures.cycle("turn", { values: TURNS }),
    show: (turn) => turn.value,
    acts: { next: (turn) => turn.next() },
  }),
  tool({
    kind: "limiter",
    what: "Three times in 10 seconds.",
    of: (structures) => structures.limiter("tries", { limit: 3, expiresIn: 10_000 }),
    show: (tries) => `${tries.value}${tries.exceeded ? ", no more" : ""}`,
    acts: { poke: (tries) => tries.poke() },
  }),
];

function words(items: readonly string[]): Part {
  return items.length === 0 ? html`<i>empty</i>` : items.join(", ");
}
