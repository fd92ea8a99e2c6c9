import { Reflex } from "../../src/index.ts";

/** Takes large files. */
export class Vault extends Reflex {
  static override readonly uploads = { file: { maxBytes: 1_000_000_000 } };

  keep(): void {
    this.params.file("file");
    this.morph("nothing");
  }
}
