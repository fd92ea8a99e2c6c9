import { readdir, readFile } from "node:fs/promises";

/** One code block of a document. */
export interface Example {
  /** Where it stands, for messages: `docs/pages.md:12`. */
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

/** Every fenced code block of the README and of docs/, in order. */
export async function readExamples(): Promise<readonly Example[]> {
  const names = (await readdir("docs")).filter((name) => name.endsWith(".md")).map((name) => `docs/${name}`);
  const documents = await Promise.all(["README.md", ...names.sort()].map(readDocument));
  return documents.flat();
}

async function readDocument(path: string): Promise<readonly Example[]> {
  const text = await readFile(path, "utf8");
  return Array.from(
    text.matchAll(/^```(\w+)\n(.*?)^```$/gms),
    ({ 1: language = "", 2: code = "", index }) => ({
      place: `${path}:${text.slice(0, index).split("\n").length}`,
      language,
      code,
    }),
  );
}
