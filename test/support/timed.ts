import type { Hono } from "hono";
import { html, type PageVariables, Reflex, type TimerTime } from "../../src/index.ts";

/** One run of a timer's method. */
export interface TimedRun {
  readonly label: unknown;
  readonly idempotencyKey: string;
  readonly callId: string;
  readonly url: string;
  readonly args: readonly unknown[];
  /** What it saw of an element and a form. */
  readonly element: string;
  readonly hasParams: boolean;
}

/** Every run of `Timed#_run` and the like, in order. */
export const runs: TimedRun[] = [];

/** What `Timed#cancel` got, in order. */
export const cancelled: boolean[] = [];

/** Lets `Timed#_wait` go on. */
export const gate: { go?: () => void } = {};

interface Values {
  readonly count: number;
  readonly name: string;
}

/** What sets timers, and, under names that no browser may call, what they run. */
export class Timed extends Reflex<Values, { greeting: string }, Cloudflare.Env> {
  set(time: TimerTime, target = "Timed#_run", ...args: readonly unknown[]): void {
    this.later(target, time, ...args);
    this.morph("nothing");
  }

  /** Runs among the timers, and leaves its name. */
  note(label: string): void {
    runs.push({ ...EMPTY, label });
    this.morph("nothing");
  }

  setDate(milliseconds: number): void {
    this.later("Timed#_run", { at: new Date(milliseconds) }, new Map([["when", new Date(milliseconds)]]));
  }

  setMany(count: number, ms: number): void {
    for (let time = 0; time < count; time += 1) this.later("Timed#_run", { in: ms }, time);
    this.morph("nothing");
  }

  /** Changes what no other tab is rendered with. */
  mark(): void {
    this.tab.set("marked", true);
    this.morph("nothing");
  }

  setThenThrow(): void {
    this.later("Timed#_run", { in: 0 });
    throw new Error("behind a timer");
  }

  setAndCancel(): void {
    const id = this.later("Timed#_run", { in: 0 });
    cancelled.push(this.timers.cancel(id));
  }

  cancel(id: string): void {
    cancelled.push(this.timers.cancel(id));
  }

  _run(label?: unknown): void {
    const { idempotencyKey, callId, args } = this;
    const element = this.element.tag;
    runs.push({
      label,
      idempotencyKey,
      callId,
      url: this.url.href,
      args,
      element,
      hasParams: this.params.size > 0,
    });
    this.assigns.greeting = "a timer's";
    this.session.update("count", (count = 0) => count + 1);
  }

  _runQuietly(): void {
    this._run("quietly");
    this.morph("nothing");
  }

  _runWithoutChange(): void {
    runs.push({ ...EMPTY, label: "without change" });
  }

  _say(text: string): void {
    this._run(text);
    this.morph("#said", html`<b>${text}</b>`);
  }

  _sayBadly(): void {
    this._run("badly");
    this.morph("#said", html`<b>${{} as never}</b>`);
  }

  async _wait(label: string): Promise<void> {
    this._run(label);
    await new Promise<void>((resolve) => {
      gate.go = resolve;
    });
  }

  async _waitAndFail(label: string): Promise<void> {
    await this._wait(label);
    throw new Error("a timer's own mistake");
  }

  async _waitAndHalt(label: string): Promise<void> {
    await this._wait(label);
    this.halt();
  }

  _again(ms: number): void {
    this._run("again");
    this.later("Timed#_run", { in: ms, id: "again" }, "the next");
  }

  _halt(): void {
    this._run("halted");
    this.halt();
  }

  _forbid(): void {
    this._run("forbidden");
    this.forbid();
  }

  async _fail(label: string): Promise<void> {
    this._run(label);
    throw new Error("a timer's own mistake");
  }
}

/** Its timers run no more than twice. */
export class Hasty extends Reflex {
  static override readonly retries = 1;

  fail(): void {
    throw new Error("hastily");
  }
}

const EMPTY: TimedRun = {
  label: "",
  idempotencyKey: "",
  callId: "",
  url: "",
  args: [],
  element: "",
  hasParams: false,
};

/** Pages that set timers. */
export function timedPages(
  app: Hono<{ Bindings: Cloudflare.Env; Variables: PageVariables<Values, { greeting: string }> }>,
): void {
  app.get("/set-timer", (c) => {
    const id = c.var.timers.later("Timed#_run", { in: 60_000, id: c.req.query("id") ?? "page" }, "page");
    return c.text(id);
  });
  app.get("/set-timer-and-throw", (c) => {
    c.var.timers.later("Timed#_run", { in: 60_000 }, "page");
    throw new Error("behind a timer");
  });
  app.get("/reset-with-timer", (c) => {
    c.var.timers.later("Timed#_run", { in: 60_000, id: "before" });
    c.var.session.reset();
    c.var.timers.later("Timed#_run", { in: 60_000, id: "after" }, c.var.session.id);
    return c.text(c.var.session.id);
  });
  app.get("/cancel-timer", (c) => c.text(String(c.var.timers.cancel("page"))));
}
