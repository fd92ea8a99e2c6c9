/** Stands in for the Worker's own types where tests run in Node. */
declare namespace Cloudflare {
  interface Env {
    readonly [binding: string]: unknown;
  }
}

/** What a reflex sees of a file. */
interface R2ObjectBody {
  readonly size: number;
  text(): Promise<string>;
}

/** What a turn uses of a bucket. */
interface R2Bucket {
  get(key: string): Promise<R2ObjectBody | null>;
}
