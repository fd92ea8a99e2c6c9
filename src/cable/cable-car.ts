import type { Operation } from "../protocol/operations.ts";
import { OperationChain, type Operations } from "./operation-chain.ts";

/** The content type of operations that come over HTTP. */
const MIME = "text/vnd.cable-ready.json";

/** Operations that travel by HTTP, for a page's script to `perform`. */
export interface CableCar extends Operations<CableCar> {
  /**
   * Takes what is queued, for an answer in JSON.
   *
   * @param options `clear: false` leaves it queued
   */
  dispatch(options?: { readonly clear?: boolean }): readonly Operation[];
  /** Takes what is queued, as the answer to a request. */
  toResponse(init?: ResponseInit): Response;
}

class HttpCable extends OperationChain {
  dispatch({ clear = true }: { readonly clear?: boolean } = {}): readonly Operation[] {
    return clear ? this.queue.take() : this.toArray();
  }

  toResponse(init: ResponseInit = {}): Response {
    const headers = new Headers(init.headers);
    headers.set("Content-Type", MIME);
    return new Response(JSON.stringify(this.dispatch()), { ...init, headers });
  }
}

/**
 * Begins a list of operations that a page fetches over HTTP.
 *
 * @example
 * app.get("/greeting", () => cableCar().innerHtml("#greeting", { html: html`<b>hello</b>` }).toResponse());
 */
export function cableCar(): CableCar {
  // The table of operations is what both the type and the methods are made from.
  return new HttpCable() as unknown as CableCar;
}
