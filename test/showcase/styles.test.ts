import { readdirSync, readFileSync } from "node:fs";
import { transform } from "esbuild";
import { describe, expect, it } from "vitest";

const PUBLIC = "examples/showcase/public";

describe("a style sheet of the showcase", () => {
  it.each(readdirSync(PUBLIC).filter((name) => name.endsWith(".css")))(
    "is read to its end without a complaint: %s",
    async (name) => {
      const { warnings } = await transform(readFileSync(`${PUBLIC}/${name}`, "utf8"), { loader: "css" });
      expect(warnings.map(({ text, location }) => `${location?.line}: ${text}`)).toEqual([]);
    },
  );
});
