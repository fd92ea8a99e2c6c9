export { CacheObject } from "./cache-object.ts";
export { SessionObject } from "./session-object.ts";
export type { LogEntry, PageVisit, SessionRuntime, TabSurroundings } from "./session-runtime.ts";
export { StructuresObject } from "./structures-object.ts";
export { TopicObject } from "./topic-object.ts";
