/** What the test application's Worker is bound to. */
declare namespace Cloudflare {
  interface Env {
    readonly REFLEX_KEYS: string;
    /** Empty at the start of each test file. */
    readonly DB: D1Database;
    /** Where uploads go. */
    readonly UPLOADS: R2Bucket;
    /** The showcase's, as vitest.config.ts reads them. */
    readonly SHOWCASE_MIGRATIONS: import("cloudflare:test").D1Migration[];
  }
  interface GlobalProps {
    readonly mainModule: typeof import("./worker.ts");
    readonly durableNamespaces: "SessionObject" | "CacheObject" | "StructuresObject" | "TopicObject";
  }
}
