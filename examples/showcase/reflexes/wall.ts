import { Reflex } from "edge-reflex";
import type { Assigns, Env, Photo, Values } from "../environment.ts";

/** Photos that a wall has room for; the oldest make room for new ones. */
const PHOTOS_MAX = 8;

/** Hangs up what its visitor uploads. */
export class Wall extends Reflex<Values, Assigns, Env> {
  static override readonly uploads = {
    photos: {
      maxBytes: 20_000_000,
      // Without SVG: a browser would run what is in it.
      types: ["image/png", "image/jpeg", "image/gif", "image/webp"],
      max: 4,
    },
  };

  async hang(): Promise<void> {
    const files = this.params.files("photos");
    if (files.length === 0) return this.flash.set("notice", "Choose a photo first.");
    const hung = files.map(({ key, name, size, type }): Photo => ({ key, name, size, type }));
    const all = [...hung, ...this.#photos];
    await this.#keep(all.slice(0, PHOTOS_MAX), all.slice(PHOTOS_MAX));
  }

  async takeDown(): Promise<void> {
    const { key } = this.element.dataset;
    const gone = this.#photos.filter((photo) => photo.key === key);
    await this.#keep(
      this.#photos.filter((photo) => photo.key !== key),
      gone,
    );
  }

  get #photos(): readonly Photo[] {
    return this.session.get("photos") ?? [];
  }

  /** What is in the bucket and on no wall would stay there for good. */
  async #keep(photos: readonly Photo[], gone: readonly Photo[]): Promise<void> {
    await this.env.UPLOADS.delete(gone.map(({ key }) => key));
    this.session.set("photos", photos);
  }
}
