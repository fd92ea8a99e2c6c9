import { describe, expect, it } from "vitest";
import { TemplateError } from "../../src/render/template-error.ts";
import { html, type Part } from "../../src/render/view.ts";

const row = (kind: Part, text: Part) => html`
  <li class="row ${kind}">
    <b>${text}</b>
  </li>
`;

describe("a template", () => {
  it("is compiled once for its place in the source, whatever its parts", () => {
    expect(row("a", 1).template).toBe(row("b", 2).template);
    expect(html`<p></p>`.template).not.toBe(html`<p></p>`.template);
  });

  it("keeps literal text in one piece between its slots, without white space around a single root", () => {
    expect(row("a", 1).template.segments).toEqual([
      "<li",
      { kind: "address" },
      { kind: "attribute", name: "class", pieces: ["row ", ""], parts: [0] },
      ">\n    <b>",
      { kind: "content", part: 1, isTextOnly: false },
      "</b>\n  </li>",
    ]);
  });

  it("knows what is inside its holders", () => {
    const { outline, contents } = row("a", 1).template;
    const holder = outline.holders[1];
    expect(holder === undefined ? undefined : contents.get(holder)).toEqual([
      { kind: "content", part: 1, isTextOnly: false },
    ]);
  });

  it("is refused again at every use when a part stands where none may", () => {
    const make = () => html`<script>${1}</script>`;
    expect(() => make().template).toThrow(TemplateError);
    expect(() => make().template).toThrow(TemplateError);
  });
});
