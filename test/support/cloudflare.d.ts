/** Stands in for the Worker's own types where tests run in Node. */
declare namespace Cloudflare {
  interface Env {
    readonly [binding: string]: unknown;
  }
}
