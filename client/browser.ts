import { start } from "./index.ts";

// The entry of the file that the runtime serves: loading it is all that a page has to do.
start();

// Files that are loaded later share these with this one.
export { ATTRIBUTES } from "../src/protocol/attributes.ts";
export { CLIENT_LIMITS } from "../src/protocol/client-limits.ts";
export { ReflexError, reflexes, start, stimulate } from "./index.ts";
