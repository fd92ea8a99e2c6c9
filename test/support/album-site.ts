import { Hono } from "hono";
import { html, type PageVariables, Reflex, type UploadedFile } from "../../src/index.ts";

/** What one action saw of a file. */
export interface SeenFile extends Pick<UploadedFile, "key" | "name" | "size" | "type"> {
  readonly text: string;
}

/** Every file that an action of `Album` was given, in order. */
export const seen: SeenFile[] = [];

/** Whether a test lets `Album#addSlowly` end, and whether that has taken its file. */
export const slow = { hasTaken: false, isDone: false };

/** What takes files, and refuses some. */
export class Album extends Reflex<{ photos: number }> {
  static override readonly uploads = {
    photo: { maxBytes: 12_000_000, types: ["image/*", ".txt"] },
    many: { maxBytes: 100, max: 2 },
  };
  static override readonly ephemeral = ["look"];

  async add(field = "photo"): Promise<void> {
    for (const file of this.params.files(field)) await this.#see(file);
    this.session.set("photos", seen.length);
  }

  async addTwice(): Promise<void> {
    await this.add();
    await this.add();
  }

  async addThenThrow(): Promise<void> {
    await this.add();
    throw new Error("a secret of the server");
  }

  async addThenReset(): Promise<void> {
    await this.add();
    this.session.reset();
  }

  async addSlowly(): Promise<void> {
    const file = this.params.file("photo");
    slow.hasTaken = true;
    // Asks, and is not told: what a test resolves would go on in the test's context, not in this object's.
    while (!slow.isDone) await scheduler.wait(1);
    this.session.set("photos", file === undefined ? 0 : 1);
  }

  look(): void {
    this.params.file("photo");
  }

  async #see(file: UploadedFile): Promise<void> {
    const { key, name, size, type } = file;
    const body = await file.body();
    // Of a large one the first bytes tell it from others.
    const text = (await body.text()).slice(0, 20);
    seen.push({ key, name, size, type, text });
  }
}

/** Another class with a field of the same name. */
export class Profile extends Album {}

/** The page of both. */
export const albumSite = new Hono<{ Variables: PageVariables }>();
albumSite.get("/album", (c) =>
  c.render(html`<form><input type="file" name="photo" data-reflex-upload></form>`),
);
