/** What the test application's Worker is bound to. */
declare namespace Cloudflare {
  interface Env {
    readonly REFLEX_KEYS: string;
  }
  interface GlobalProps {
    readonly mainModule: typeof import("./worker.ts");
    readonly durableNamespaces: "SessionObject";
  }
}
