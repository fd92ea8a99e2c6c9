import { RUNTIME_PATH } from "../src/protocol/names.ts";

/** The parts of the client that a page loads when it first needs them: each is a file of its own, beside the client's. */
export interface LazyFiles {
  readonly drafts: typeof import("./drafts.ts");
  /** Does all by being loaded. */
  readonly elements: unknown;
  readonly errand: typeof import("./errand.ts");
  readonly extras: typeof import("./extras.ts");
  readonly log: typeof import("./log.ts");
  readonly operations: typeof import("./operations.ts");
  readonly page: typeof import("./page.ts");
  readonly upload: typeof import("./upload.ts");
}

/** Loads such a part, once; tries again when it is asked for again after a failure. Rejects when the file is not to be had. */
export type LoadFile = <Name extends keyof LazyFiles>(name: Name) => Promise<LazyFiles[Name]>;

/**
 * Loads them from where the runtime serves them, also into a page whose client an application has bundled.
 *
 * @param build names the files that the client came in; empty when an application has bundled it
 */
export function lazyFiles(build: string): LoadFile {
  const files = new Map<string, Promise<never>>();
  let failures = 0;
  return (name) => {
    const known = files.get(name);
    if (known !== undefined) return known;
    // Browsers remember that a module could not be had; another address is another module.
    const again = failures === 0 ? "" : `&again=${failures}`;
    const file = import(`${RUNTIME_PATH}/${name}.js?v=${build}${again}`).catch((error) => {
      failures += 1;
      files.delete(name);
      throw error;
    });
    files.set(name, file as Promise<never>);
    return file;
  };
}
