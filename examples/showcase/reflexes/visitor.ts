import { Reflex } from "edge-reflex";
import type { Assigns, Env, TabValues, Values } from "../environment.ts";

/** The longest name that the page shows. */
const NAME_CHARS = 40;

/** How long a visitor is remembered who does not want to be, in milliseconds. */
const BRIEF_MS = 60_000;

/** The steps of the little wizard. */
const LAST_STEP = 3;

/** Who is there: logs visitors in and out, and keeps for them what belongs to their browser or to one tab of it. */
export class Visitor extends Reflex<Values, Assigns, Env, TabValues> {
  /** Gives the session its visitor, and the visitor a new cookie: one that was planted before is of no use any more. */
  logIn(): void {
    const name = (this.params.get("name") ?? "").trim().slice(0, NAME_CHARS);
    if (name === "") {
      this.flash.set("notice", "Who are you? Type any name.");
      return;
    }
    this.session.regenerate();
    this.session.set("visitor", { name, since: new Date() });
    if (this.params.has("brief")) this.session.expireAfter(BRIEF_MS);
    this.flash.set("notice", `Welcome, ${name}.`);
  }

  /** Ends the session. The message belongs to the one that begins. */
  logOut(): void {
    this.session.reset();
    this.flash.set("notice", "You are logged out, and everything in your session is gone.");
  }

  /** The browser fetches the cookie over HTTP, so that no script can read it. */
  dress(): void {
    const paper = this.element.value === "sepia" ? "sepia" : "white";
    this.cookies.set("paper", paper, { maxAge: 30 * 86_400 });
  }

  next(): void {
    this.tab.update("step", (step = 1) => Math.min(step + 1, LAST_STEP));
  }

  back(): void {
    this.tab.update("step", (step = 1) => Math.max(step - 1, 1));
  }
}
