import type { RegionRenderers } from "../../durable-objects/region-at-root.ts";
import type { Cache } from "../cache/cache.ts";
import { refuseDuplicateKeys } from "../render/duplicate-keys.ts";
import { View } from "../render/view.ts";
import { KeyedStructures } from "../state/structures/keyed-structures.ts";
import { checkedKey } from "../state/structures/structure-name.ts";
import { TopicError } from "../topics/topic-error.ts";
import { type ClassContext, structuresAt } from "./object-classes.ts";

/** What a region is rendered from: the same for everyone, so there is no session in it. */
export interface RegionInput<Env = Cloudflare.Env> {
  readonly env: Env;
  /** For what asks by a context: the Worker's own objects, `reflex.later(ctx, …)`. */
  readonly ctx: ClassContext & Pick<DurableObjectState, "waitUntil">;
  /** What all sessions share. */
  readonly cache: Cache;
  /** The structures of a key, which all sessions share. Throws `StructureError` for a key that cannot be one. */
  readonly structures: (key: string) => KeyedStructures;
}

/**
 * Renders a region by its name: a view of one element, the same for everyone. Whatever throws fails the page that is loaded, and leaves
 * what pages show as it is.
 */
export type RegionRenderer<Env = Cloudflare.Env> = (
  name: string,
  input: RegionInput<Env>,
) => View | Promise<View>;

/** Renderers by the kinds of regions: what stands before the first colon of a region's name, or all of it. */
export type Regions<Env = Cloudflare.Env> = Readonly<Record<string, RegionRenderer<Env>>>;

/** What the objects of topics need to render an application's regions. */
export interface RegionSourceOptions {
  readonly cacheFor: (ctx: DurableObjectState) => Cache;
  readonly isDevelopment: boolean;
  readonly failed: (name: string, cause: unknown) => void;
}

/** Finds the renderers of an application's regions for the topics that are some. */
export class RegionSource<Env> implements RegionRenderers<Env> {
  readonly #regions: Regions<Env>;
  readonly #options: RegionSourceOptions;

  constructor(regions: Regions<Env>, options: RegionSourceOptions) {
    this.#regions = regions;
    this.#options = options;
  }

  rendererOf(name: string, ctx: DurableObjectState, env: Env): (() => Promise<unknown>) | undefined {
    const [kind = ""] = name.split(":");
    if (!Object.hasOwn(this.#regions, kind)) return undefined;
    const render = this.#regions[kind];
    if (render === undefined) return undefined;
    const input: RegionInput<Env> = {
      env,
      ctx,
      cache: this.#options.cacheFor(ctx),
      structures: (key) => new KeyedStructures(structuresAt(ctx, checkedKey(key))),
    };
    return async () => {
      const view = await render(name, input);
      if (this.#options.isDevelopment && view instanceof View) refuseDuplicateKeys(view);
      return view;
    };
  }

  unknown(name: string): TopicError {
    const kinds = Object.keys(this.#regions).map((kind) => JSON.stringify(kind));
    const expected =
      kinds.length === 0 ? "createReflex was given no regions" : `expected one of ${kinds.join(", ")}`;
    return new TopicError(
      "topic-region",
      `${JSON.stringify(name)} is no region of the application: ${expected}, before a colon`,
    );
  }

  failed(name: string, cause: unknown): void {
    this.#options.failed(name, cause);
  }
}
