import { describe, expect, it } from "vitest";
import { LIMITS } from "../../src/protocol/limits.ts";
import { bytesOfPart, partBytesOf, partCount } from "../../src/uploads/upload-record.ts";
import { assertUploadRules, type UploadRule, whyNotUpload } from "../../src/uploads/upload-rules.ts";

describe("the uploads that a class declares", () => {
  it.each<readonly [string, string, UploadRule, string]>([
    ["without a name", "", { maxBytes: 1 }, "a name of 0 characters"],
    ["of nothing", "a", { maxBytes: 0 }, "maxBytes: 0"],
    ["of half a byte", "a", { maxBytes: 0.5 }, "maxBytes: 0.5"],
    ["of more than there may be", "a", { maxBytes: LIMITS.uploadBytes + 1 }, "maxBytes: 10000000001"],
    ["of no file", "a", { maxBytes: 1, max: 0 }, "max: 0"],
    ["of more files than a session holds", "a", { maxBytes: 1, max: LIMITS.uploads + 1 }, "max: 33"],
    ["of a type that is none", "a", { maxBytes: 1, types: ["image"] }, '"image"'],
  ])("are refused when they are %s, saying which and what is wrong", (_, field, rule, said) => {
    expect(() => assertUploadRules("Album", { [field]: rule })).toThrow(TypeError);
    expect(() => assertUploadRules("Album", { [field]: rule })).toThrow(said);
  });

  it("are taken up to their bounds", () => {
    const { uploadBytes: maxBytes, uploads: max } = LIMITS;
    expect(() =>
      assertUploadRules("Album", { a: { maxBytes, max, types: ["image/*", ".tar.gz"] } }),
    ).not.toThrow();
  });
});

describe("a rule", () => {
  const file = { size: 1, type: "image/png", name: "sea.PNG", count: 1 };

  it.each<readonly [string, readonly string[], boolean]>([
    ["its very type", ["image/png"], true],
    ["its kind of type", ["text/plain", "IMAGE/*"], true],
    ["the end of its name", [".png"], true],
    ["another type", ["image/jpeg"], false],
    ["another end", [".jpg"], false],
    ["nothing", [], false],
  ])("that names %s takes a file, or does not", (_, types, isTaken) => {
    expect(whyNotUpload({ maxBytes: 1, types }, file)?.code).toBe(isTaken ? undefined : "upload-type");
  });

  it("takes a file of as many bytes as it says, and none of one more", () => {
    expect(whyNotUpload({ maxBytes: 1 }, file)).toBeUndefined();
    expect(whyNotUpload({ maxBytes: 1 }, { ...file, size: 2 })?.code).toBe("upload-too-large");
  });
});

describe("the parts of a file", () => {
  it.each([0, 1, 5_242_880, 5_242_881, 100_000_000, 5_242_880_001, LIMITS.uploadBytes])(
    "are at most a thousand, none too small for the bucket, and add up: %s bytes",
    (size) => {
      const file = { size, partBytes: partBytesOf(size) };
      const count = partCount(file);
      expect(count).toBeLessThanOrEqual(LIMITS.uploadParts);
      const sizes = Array.from({ length: count }, (_, index) => bytesOfPart(file, index + 1) ?? 0);
      expect(sizes.reduce((sum, bytes) => sum + bytes)).toBe(size);
      expect(new Set(sizes.slice(0, -1)).size).toBeLessThanOrEqual(1);
      expect(Math.min(...sizes.slice(0, -1), LIMITS.uploadPartBytes)).toBe(LIMITS.uploadPartBytes);
      expect([bytesOfPart(file, 0), bytesOfPart(file, count + 1), bytesOfPart(file, 1.5)]).toEqual([
        undefined,
        undefined,
        undefined,
      ]);
    },
  );
});
