import { LIMITS } from "../src/protocol/limits.ts";
import type { Update } from "../src/protocol/messages.ts";
import type { TemplateNews } from "../src/render/wire.ts";

/** The templates that a tab was told of: each travels once for a connection. */
export class KnownTemplates {
  readonly #names: Set<string>;
  /** The latest of them, joined by commas, as the socket remembers them. */
  kept: string;

  constructor(kept: string) {
    this.#names = new Set(kept.split(","));
    this.kept = kept;
  }

  /** The updates that tell the tab those that it does not know; it knows them from then on. */
  tell(templates: readonly TemplateNews[]): readonly Update[] {
    const news = templates.filter(({ name }) => !this.#names.has(name));
    if (news.length === 0) return [];
    for (const { name } of news) this.#names.add(name);
    this.kept = [...this.#names].slice(-LIMITS.keptTemplates).join();
    return news.map(({ name, pieces }): Update => ["template", name, ...pieces]);
  }
}
