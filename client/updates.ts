import { CLIENT_LIMITS } from "../src/protocol/limits.ts";
import type { NamedUpdate, Update } from "../src/protocol/messages.ts";
import { rememberFocus, restoreFocus } from "./focus.ts";
import type { ForeignNodes } from "./foreign-nodes.ts";
import { type CallPlace, GivenFocus, type Giving } from "./given-focus.ts";
import { morphContent } from "./morph.ts";
import { isInPermanent } from "./nodes.ts";
import { type MisfitListener, Patcher } from "./patch.ts";
import { decodeText } from "./text.ts";
import { isPlace } from "./topic-places.ts";

/** The parts of the client that few updates need. */
interface UpdateFiles {
  readonly elements: unknown;
  readonly errand: typeof import("./errand.ts");
  readonly operations: typeof import("./operations.ts");
}

/** What an updater tells, and asks of, the rest of the page. */
export interface UpdaterPorts {
  /** A patch does not fit the page. */
  readonly misfit: MisfitListener;
  /** Loads what few updates need. */
  readonly load: <Name extends keyof UpdateFiles>(name: Name) => Promise<UpdateFiles[Name]>;
  /** The session is another one from now on. */
  readonly moved: () => void;
}

/** Applies what the server sends to one document. */
export class Updater {
  readonly #document: Document;
  readonly #foreign: ForeignNodes;
  readonly #patcher: Patcher;
  readonly #ports: UpdaterPorts;
  readonly #focus: GivenFocus;
  /** What carries operations out, once there was one. */
  #operations: typeof import("./operations.ts") | undefined;
  /** What is under way, or was last. */
  #errand: Promise<void> | undefined;
  #working: Promise<unknown> | undefined;
  /** The fragments that the updates of one frame did not fit. */
  readonly #misfits = new Set<string>();
  /** Bodies that do not show any more what they came with. */
  readonly #changed = new WeakSet<Element>();

  /** @param foreign has watched the document since it was loaded */
  constructor(document: Document, foreign: ForeignNodes, ports: UpdaterPorts) {
    this.#document = document;
    this.#foreign = foreign;
    this.#ports = ports;
    this.#focus = new GivenFocus(document);
    this.#patcher = new Patcher(document, foreign, (address) => this.#misfits.add(address));
  }

  /** True when the page does not show any more what it came with. */
  get hasChanged(): boolean {
    return this.#changed.has(this.#document.body);
  }

  /** `undefined` when these updates can be applied at once, and otherwise when this resolves. */
  prepare(updates: readonly Update[]): Promise<unknown> | undefined {
    if (this.#operations !== undefined || !updates.some(isOperation)) return undefined;
    return this.#ports.load("operations").then((operations) => {
      this.#operations = operations;
    });
  }

  /**
   * Applies the updates of one frame in order. Behind those of one kind that stand together, the focus goes back, or to an element
   * that asks for it.
   *
   * @param place where the call was made that they answer: they give the focus to nothing else when the visitor has left it
   */
  apply(updates: readonly Update[], place?: CallPlace): void {
    const giving: Giving = (update) => this.#focus.giving(place, update);
    let topic: string | undefined;
    for (const run of runsOf(updates)) {
      if (run.every(isPlace)) topic = run.at(-1)?.[1];
      else if (run.every(isOperation)) this.#carryOut(run, topic, giving);
      else {
        this.#changed.add(this.#document.body);
        this.#foreign.ignoring(() => giving((isElsewhere) => this.#applyAll(run, isElsewhere)));
      }
    }
    const misfits = [...this.#misfits];
    this.#misfits.clear();
    // Where much is amiss, one page is less than its pieces.
    for (const address of misfits.length > CLIENT_LIMITS.restoredFragments ? [""] : misfits)
      this.#ports.misfit(address);
  }

  /**
   * What operations do to the page is as foreign to the server's patches as what a script of the page does.
   *
   * @param topic in which they were broadcast, if they were
   */
  #carryOut(updates: readonly OperationUpdate[], topic: string | undefined, giving: Giving): void {
    const operations = updates.map(([, operation, options]) => ({ ...options, operation }));
    // They fail as the page has asked for it, where an element is missing.
    const options = { leaving: this.#errand, topic, giving };
    const done = this.#operations?.performAsync(operations, options).catch(console.error);
    const working = Promise.all([this.#working, done]).then(() => {
      if (this.#working === working) this.#working = undefined;
    });
    this.#working = working;
  }

  /** Resolves when all operations are done, those that are delayed too; `undefined` when they are. */
  get working(): Promise<unknown> | undefined {
    return this.#working;
  }

  #applyAll(updates: readonly Update[], isElsewhere: boolean): void {
    const focus = rememberFocus(this.#document);
    const asking = updates.map((update) => this.#apply(update)).find((element) => element?.isConnected);
    if (asking !== undefined && !isElsewhere) asking.focus();
    else restoreFocus(this.#document, focus);
  }

  #apply(update: Update): HTMLElement | undefined {
    try {
      return isNamed(update) ? this.#applyNamed(update) : this.#patcher.apply(update);
    } catch (error) {
      // A selector that this browser does not know, say: the other updates go on.
      console.error(`edge-reflex: the update ${update[0]} failed`, error);
      return undefined;
    }
  }

  #applyNamed(update: NamedUpdate): HTMLElement | undefined {
    switch (update[0]) {
      case "page": {
        const [, html, title] = update;
        if (title !== undefined) this.#setTitle(title);
        const { body } = this.#document;
        this.#foreign.mended(body);
        return morphContent(body, html, this.#foreign);
      }
      case "title":
        return this.#setTitle(update[1]);
      case "inner":
        return this.#morphAll(update[1], update[2], update[3] === 1);
      case "visit":
        return this.#visit(update[1]);
      case "errand":
        this.#errand = this.#run(update[1], update[2] === 1);
        return undefined;
      case "template": {
        const [, name, ...pieces] = update;
        return void this.#patcher.learn(name, pieces);
      }
      default:
        throw new Error("Unknown kind");
    }
  }

  /** Fetches what the server has for the browser. */
  async #run(ticket: string, isMoved: boolean): Promise<void> {
    const { load, moved } = this.#ports;
    await load("errand").then(({ runErrand }) => runErrand(ticket), console.error);
    if (isMoved) moved();
  }

  #visit(url: string): undefined {
    const { protocol, href } = new URL(url, this.#document.baseURI);
    const leave = () => this.#document.defaultView?.location.assign(href);
    if (protocol !== "https:" && protocol !== "http:") return;
    // The next page is another visitor's, as long as the browser has not been given its cookie.
    if (this.#errand === undefined) leave();
    else this.#errand.then(leave);
  }

  #setTitle(html: string): undefined {
    this.#document.title = decodeText(this.#document, html);
  }

  #morphAll(selector: string, html: string, isFirstOnly: boolean): HTMLElement | undefined {
    const found = Array.from(this.#document.querySelectorAll(selector));
    const all = isFirstOnly ? found.slice(0, 1) : found;
    const elements = all.filter((element) => !isInPermanent(element));
    if (all.length === 0) console.warn(`edge-reflex: nothing matches ${selector}`);
    const asking = elements.map((element) => morphContent(element, html, this.#foreign));
    return asking.find((element) => element !== undefined);
  }
}

type OperationUpdate = Extract<Update, readonly ["op", ...unknown[]]>;

function isOperation(update: Update): update is OperationUpdate {
  return update[0] === "op";
}

/** The updates in their order; operations, and places in topics, apart from others. */
function runsOf(updates: readonly Update[]): readonly (readonly Update[])[] {
  const runs: Update[][] = [];
  for (const update of updates) {
    const last = runs.at(-1);
    if (last?.[0] !== undefined && sortOf(last[0]) === sortOf(update)) last.push(update);
    else runs.push([update]);
  }
  return runs;
}

function sortOf(update: Update): string {
  return isOperation(update) || isPlace(update) ? update[0] : "";
}

/** Addresses begin with a digit, a number sign or an at sign, or are empty. */
function isNamed(update: Update): update is NamedUpdate {
  return /^[a-z]/.test(update[0]);
}
