import type { CallOptions } from "./call-arguments.ts";
import type { LazyFiles, LoadFile } from "./lazy-files.ts";

type Extras = LazyFiles["extras"];

/** The attributes that ask for it, and the boxes that may be several of a name. */
const ASKING = /^data-reflex-(dataset|serialize|form|include|suppress|confirm|debounce|throttle)/;
const BOX = /^(checkbox|radio)$/;

/** What few elements ask of their calls, as far as it is loaded. */
export class LazyExtras {
  readonly #load: LoadFile;
  /** The page calls attributes otherwise, so that their names say nothing here. */
  readonly #isRenamed: boolean;
  /** What is at hand. */
  extras: Extras | undefined;
  #loading: Promise<unknown> | undefined;

  constructor(load: LoadFile, isRenamed: boolean) {
    this.#load = load;
    this.#isRenamed = isRenamed;
  }

  /** True when a call cannot do without. */
  isAskedBy(element: Element | undefined, options: CallOptions = {}): boolean {
    const names = element?.getAttributeNames() ?? [];
    return (
      this.#isRenamed ||
      (element instanceof HTMLInputElement && element.name !== "" && BOX.test(element.type)) ||
      Object.keys(options).length > 0 ||
      names.some((name) => ASKING.test(name))
    );
  }

  /**
   * Makes the calls that an element declares: when its pace allows, and the visitor agrees where one is to be asked. Where this could
   * not be loaded the calls say so, but for those that nobody can be asked about.
   */
  callDeclared(element: Element, eventType: string, call: () => void): void {
    if (this.extras !== undefined) this.extras.callDeclared(element, eventType, call);
    else if (!this.#isRenamed && !element.hasAttribute("data-reflex-confirm")) call();
  }

  /**
   * `undefined` when all is at hand that is needed, and otherwise when this resolves: whether it could be loaded or not, and for what
   * needs nothing of it as well, so that all is done in its order.
   */
  ready(isNeeded: boolean): Promise<unknown> | undefined {
    if (this.extras !== undefined || (!isNeeded && this.#loading === undefined)) return undefined;
    this.#loading ??= this.#load("extras")
      .then((extras) => {
        this.extras = extras;
      }, console.error)
      .finally(() => {
        this.#loading = undefined;
      });
    return this.#loading;
  }
}
