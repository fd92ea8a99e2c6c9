import type { Application, Controller } from "@hotwired/stimulus";
import type { ReflexCall, ReflexPromise } from "./reflex-call.ts";
import { STAGES } from "./stages.ts";

/**
 * Knows which Stimulus controller a call belongs to, and calls that controller's methods at each stage of it. Whose it is, is
 * decided when the call is made: that the element or the controller leaves the page meanwhile does not matter.
 */
export class ControllerCallbacks {
  readonly #controllers = new WeakSet<Controller>();
  readonly #applications = new Set<Application>();
  readonly #owners = new WeakMap<ReflexCall, Controller>();
  /** Who is making a call at this moment. */
  #caller: Controller | undefined;

  /** A controller that is to be called; once is enough. */
  add(controller: Controller): void {
    if (this.#applications.size === 0)
      // On their way in, so that callbacks come before the page's own listeners, and none of those can hold them back.
      for (const stage of STAGES)
        document.addEventListener(`reflex:${stage}`, ({ detail }) => this.#told(stage, detail), true);
    this.#applications.add(controller.application);
    this.#controllers.add(controller);
  }

  /** Runs what makes one call, which is the controller's. */
  callingFor(controller: Controller, make: () => ReflexPromise): ReflexPromise {
    this.#caller = controller;
    try {
      const promise = make();
      // One that has to load something first has told nobody yet.
      if (promise.reflex.stage === "created") this.#own(promise.reflex, controller);
      return promise;
    } finally {
      this.#caller = undefined;
    }
  }

  #told(stage: (typeof STAGES)[number], call: ReflexCall): void {
    if (stage === "before" && !this.#owners.has(call)) this.#claim(call);
    const controller = this.#owners.get(call);
    if (controller === undefined) return;
    const element = call.element ?? controller.element;
    const given = [element, call.target, call.error ?? null, call.id, call.payload];
    for (const name of callbackNames(stage, call.target)) {
      const callback: unknown = Reflect.get(controller, name);
      if (typeof callback !== "function") continue;
      try {
        callback.apply(controller, given);
      } catch (error) {
        controller.application.handleError(error as Error, `Error calling ${name}`, { call });
      }
    }
  }

  #claim(call: ReflexCall): void {
    const owner = this.#caller ?? this.#ownerOf(call);
    // A callback that makes a call of its own makes it for whoever that belongs to.
    this.#caller = undefined;
    if (owner !== undefined) this.#own(call, owner);
  }

  #own(call: ReflexCall, owner: Controller): void {
    this.#owners.set(call, owner);
    call.controllerElement = owner.element;
  }

  /** The nearest controller around the element that is named like the reflex class; else the nearest one. */
  #ownerOf({ element, target }: ReflexCall): Controller | undefined {
    const around = element === undefined ? [] : this.#around(element);
    const identifier = identifierOf(target);
    return around.find((controller) => controller.identifier === identifier) ?? around[0];
  }

  /** The controllers on an element and around it, the nearest first. */
  #around(element: Element): readonly Controller[] {
    const found: Controller[] = [];
    for (let at: Element | null = element; at !== null; at = at.parentElement)
      for (const application of this.#applications) {
        const attribute = at.getAttribute(application.schema.controllerAttribute) ?? "";
        for (const identifier of attribute.split(/\s+/)) {
          const controller = application.getControllerForElementAndIdentifier(at, identifier);
          if (controller !== null && this.#controllers.has(controller)) found.push(controller);
        }
      }
    return found;
  }
}

/** `Admin::FooBarReflex#baz` belongs to the controller `admin--foo-bar`. */
function identifierOf(target: string): string {
  const name = target.replace(/(Reflex)?#.*$/s, "");
  return name
    .replace(/([a-z0-9])(?=[A-Z])/g, "$1-")
    .replace(/::/g, "--")
    .replace(/_/g, "-")
    .toLowerCase();
}

/** For `increment`: `beforeIncrement` and `beforeReflex`; `incrementSuccess` and `reflexSuccess`. */
function callbackNames(stage: (typeof STAGES)[number], target: string): readonly string[] {
  const action = camelCased(target.replace(/^.*#/s, ""));
  const names = [action, "reflex"];
  if (/^(before|after|finalize)$/.test(stage)) return names.map((name) => stage + capitalised(name));
  return names.map((name) => name + capitalised(camelCased(stage)));
}

function camelCased(text: string): string {
  return text.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
