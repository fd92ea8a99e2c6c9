import { start } from "./index.ts";

// The entry of the file that the runtime serves: loading it is all that a page has to do.
start();

export { ReflexError, start, stimulate } from "./index.ts";
