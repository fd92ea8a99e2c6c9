import { LIMITS } from "../protocol/limits.ts";
import type { CallRefusalCode } from "../protocol/refusals.ts";
import { assertUploadRules } from "../uploads/upload-rules.ts";
import { type ClassPlan, planOf } from "./class-plan.ts";
import { declaredNames, findDeclaration } from "./declarations.ts";
import { Reflex } from "./reflex.ts";
import type { ReflexClass } from "./reflex-class.ts";
import { isRefresh, Refresh } from "./refresh.ts";

/**
 * What an action gives up: nothing (`stored`: exactly once, in order); to write the session and to run no more than once
 * (`ephemeral`); and its place in the order too (`concurrent`).
 */
export type ActionMode = "stored" | "ephemeral" | "concurrent";

/** The application's reflex classes by the name that pages call them. */
export type ReflexClasses = Readonly<Record<string, ReflexClass>>;

/** A target that resolved to an action, or why it did not. */
export type Resolution =
  | {
      readonly kind: "action";
      /** The name of the class, as the application gave it. */
      readonly name: string;
      readonly reflexClass: ReflexClass;
      readonly method: string;
      readonly mode: ActionMode;
      readonly plan: ClassPlan;
    }
  | { readonly kind: "refused"; readonly code: CallRefusalCode };

/** Finds methods by their targets, `Class#method`. */
export interface Resolver {
  /** Never throws. The optional suffix `Reflex` of a class name may be left out, or added. */
  resolve(target: string): Resolution;
}

/** A class with what was found out about it. */
type KnownClass = { readonly name: string; readonly reflexClass: ReflexClass; readonly plan: ClassPlan };

const REFRESH: Resolution = {
  kind: "action",
  name: "Reflex",
  reflexClass: Refresh,
  method: "refresh",
  mode: "stored",
  plan: planOf("Reflex", Refresh),
};

const CLASS_NAME = /^[A-Za-z][A-Za-z0-9_]*(?:::[A-Za-z][A-Za-z0-9_]*)*$/;
const TARGET = /^([^#\s]+)#(\S+)$/;

/** What pages call a class: the first name under which an application has it. Minified classes have other names of their own. */
const WIRE_NAMES = new WeakMap<ReflexClass, string>();

/** The name by which pages call a class; its own while no application has it. */
export function wireNameOf(reflexClass: ReflexClass): string {
  return WIRE_NAMES.get(reflexClass) ?? Object(reflexClass).name;
}

/**
 * Finds actions by the name that a browser sends. Only methods that the application's classes declare can be
 * reached: own data properties of the prototypes between a class and {@link Reflex}.
 */
export class ReflexRegistry implements Resolver {
  readonly #classes = new Map<string, KnownClass>();

  /**
   * For targets that the application itself names, and no browser: every method that its classes declare, those too that
   * are kept from browsers by a static `actions` or a name that begins with `_`.
   */
  readonly own: Resolver = { resolve: (target) => this.#resolve(target, whyNotMethod) };

  /** Throws a `TypeError` for a name, a class or an `actions` list that cannot work, saying which and why. */
  constructor(classes: ReflexClasses) {
    for (const [name, reflexClass] of Object.entries(classes)) {
      assertReflexClass(name, reflexClass);
      this.#classes.set(name, { name, reflexClass, plan: planOf(name, reflexClass) });
      if (!WIRE_NAMES.has(reflexClass)) WIRE_NAMES.set(reflexClass, name);
    }
  }

  resolve(target: string): Resolution {
    return this.#resolve(target, whyNotAction);
  }

  #resolve(target: string, whyNot: typeof whyNotAction): Resolution {
    const [, className, method] = TARGET.exec(target) ?? [];
    if (className === undefined || method === undefined) return refused("malformed-target");
    const known = this.#find(className);
    if (known === undefined) return isRefresh(className, method) ? REFRESH : refused("unknown-reflex");
    const code = whyNot(known, method);
    if (code !== undefined) return refused(code);
    return { kind: "action", method, mode: modeOf(known.reflexClass, method), ...known };
  }

  #find(className: string): KnownClass | undefined {
    return (
      this.#classes.get(className) ??
      this.#classes.get(`${className}Reflex`) ??
      this.#classes.get(className.replace(/Reflex$/, ""))
    );
  }
}

function modeOf({ ephemeral, concurrent }: ReflexClass, method: string): ActionMode {
  if (isListed(concurrent, method)) return "concurrent";
  return isListed(ephemeral, method) ? "ephemeral" : "stored";
}

function isListed(list: readonly string[] | true | undefined, method: string): boolean {
  return list === true || list?.includes(method) === true;
}

function whyNotAction(known: KnownClass, method: string): CallRefusalCode | undefined {
  const { actions } = known.reflexClass;
  const code = whyNotMethod(known, method);
  // Whether a class declares a method that browsers may not call is not for them to find out.
  if (code !== "reserved-action" && /^[#_]/.test(method)) return "private-action";
  if (known.plan.named.has(method)) return "private-action";
  return code ?? (actions === undefined || actions.includes(method) ? undefined : "private-action");
}

function whyNotMethod({ reflexClass }: KnownClass, method: string): CallRefusalCode | undefined {
  if (method === "constructor" || method === "__proto__" || method === "prototype") return "reserved-action";
  const declared = findDeclaration(reflexClass, method);
  if (declared === undefined) return method in Reflex.prototype ? "inherited-action" : "unknown-action";
  // An accessor is state, not an action; reading its descriptor does not run it.
  return typeof declared.value === "function" ? undefined : "private-action";
}

function assertReflexClass(name: string, reflexClass: ReflexClass): void {
  if (!CLASS_NAME.test(name)) {
    throw new TypeError(
      `${JSON.stringify(name)} cannot name a reflex; expected a class name such as "Counter"`,
    );
  }
  if (typeof reflexClass !== "function" || !(reflexClass.prototype instanceof Reflex)) {
    throw new TypeError(`The reflex ${JSON.stringify(name)} is not a class that extends Reflex`);
  }
  const reserved = declaredNames(reflexClass).filter(
    (own) => own !== "constructor" && own in Reflex.prototype,
  );
  if (reserved.length > 0) {
    throw new TypeError(
      `The reflex ${name} declares ${reserved.join(", ")}, which Reflex itself gives; rename it`,
    );
  }
  assertRetries(name, reflexClass.retries);
  assertUploadRules(name, reflexClass.uploads);
  const lists = [reflexClass.actions, reflexClass.ephemeral, reflexClass.concurrent];
  const missing = lists
    .flatMap((list) => (list === undefined || list === true ? [] : list))
    .filter((action) => findDeclaration(reflexClass, action) === undefined);
  if (missing.length > 0) {
    throw new TypeError(
      `The reflex ${name} lists the action ${missing.join(", ")}, which it does not declare`,
    );
  }
}

function assertRetries(name: string, retries: number = LIMITS.timerRetries): void {
  const max = LIMITS.timerRetriesMax;
  if (Number.isInteger(retries) && retries >= 0 && retries <= max) return;
  throw new TypeError(`The reflex ${name} has ${retries} retries; expected a whole number from 0 to ${max}`);
}

function refused(code: CallRefusalCode): Resolution {
  return { kind: "refused", code };
}
