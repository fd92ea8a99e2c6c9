import { describe, expect, it } from "vitest";
import { excerpt } from "../../examples/showcase/excerpt.ts";
import { SOURCES } from "../../examples/showcase/sources.generated.ts";

describe("an excerpt", () => {
  it("is a declaration as it stands in its file, to its end", () => {
    const { file, text } = excerpt("reflexes/books.ts", "Books");
    expect(file).toBe("reflexes/books.ts");
    expect(SOURCES[file]).toContain(text);
    expect([text.split("\n")[0], text.at(-1)]).toEqual([
      "export class Books extends Reflex<Values, Assigns> {",
      "}",
    ]);
  });

  it("is a member of a class, brought to the left", () => {
    const { text } = excerpt("reflexes/todos.ts", "Todos.edit");
    expect(text).toBe("edit(): void {\n  this.assigns.editing = this.#id;\n}");
    expect(excerpt("reflexes/books.ts", "Books.ephemeral").text).toBe(
      "static override readonly ephemeral = true;",
    );
  });

  it("is a rule of a style sheet, and what a file exports as default", () => {
    const { text } = excerpt("public/demos.css", ".snake-clock[data-reflex-pending]");
    expect(text).toBe(".snake-clock[data-reflex-pending] {\n  animation-play-state: paused;\n}");
    expect(excerpt("worker.ts", "default").text).toMatch(
      /^export default \{.*satisfies ExportedHandler<.*>;$/s,
    );
  });

  it("has several names in their order, with an empty line between", () => {
    const { text } = excerpt("reflexes/todos.ts", "Todos.edit", "Todos.cancel");
    expect(text.split("\n\n")).toEqual([expect.stringMatching(/^edit/), "cancel(): void {}"]);
  });

  it.each([
    ["reflexes/nothing.ts", "Books", /"reflexes\/nothing.ts" is no source/],
    ["reflexes/books.ts", "Book", /has nothing of the name "Book"/],
    ["reflexes/books.ts", "Books.find", /has nothing of the name "Books.find"/],
    ["public/demos.css", ".no-such-rule", /has nothing of the name ".no-such-rule"/],
  ])("of %s and %s is refused", (file, name, message) => {
    expect(() => excerpt(file, name)).toThrow(message);
  });
});
