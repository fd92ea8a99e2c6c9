import { describe, expect, it } from "vitest";
import { html, keyed } from "../../src/render/view.ts";

describe("keyed", () => {
  const item = (text: string) => html`<li>${text}</li>`;

  it("takes what can be iterated once, and gives each item its key as text, its place and its view", () => {
    function* words() {
      yield* ["a", "b"];
    }
    const list = keyed(
      words(),
      (_, index) => index,
      (word, index) => item(`${word}${index}`),
    );
    expect(list.entries.map(({ key, view }) => [key, view.parts[0]])).toEqual([
      ["0", "a0"],
      ["1", "b1"],
    ]);
  });

  it("knows whether keys tell its items apart, numbers and their text taken for one", () => {
    const hasDuplicates = (keys: readonly (string | number)[]) =>
      keyed(keys, (key) => key, String as never).hasDuplicates;
    expect([hasDuplicates([]), hasDuplicates([1, 2]), hasDuplicates([1, "1"])]).toEqual([false, false, true]);
  });
});

describe("html", () => {
  it("runs nothing and reads no literal text until it is rendered", () => {
    expect(() => html`<script>${{} as never}`).not.toThrow();
  });
});
