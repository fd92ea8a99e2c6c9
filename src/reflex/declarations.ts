import { Reflex } from "./reflex.ts";

/** A class below {@link Reflex}, as far as what it declares can be looked at. */
type ReflexConstructor = { readonly prototype: unknown };

/** The declaration of a method: looks from the class up to, and not into, {@link Reflex}. */
export function findDeclaration(
  reflexClass: ReflexConstructor,
  method: string,
): PropertyDescriptor | undefined {
  for (const prototype of prototypesOf(reflexClass)) {
    const own = Object.getOwnPropertyDescriptor(prototype, method);
    if (own !== undefined) return own;
  }
  return undefined;
}

/** True for a method that the class, or one between it and {@link Reflex}, declares; an accessor is none. */
export function declaresMethod(reflexClass: ReflexConstructor, method: string): boolean {
  return method !== "constructor" && typeof findDeclaration(reflexClass, method)?.value === "function";
}

/** What the class declares, and those between it and {@link Reflex}, `constructor` included. */
export function declaredNames(reflexClass: ReflexConstructor): readonly string[] {
  return prototypesOf(reflexClass).flatMap((prototype) => Object.getOwnPropertyNames(prototype));
}

/** What each of these classes has of its own under a static name, that of the highest first. */
export function declaredStatics(reflexClass: ReflexConstructor, name: string): readonly unknown[] {
  return prototypesOf(reflexClass)
    .map((prototype) => Object.getOwnPropertyDescriptor(prototype, "constructor")?.value)
    .flatMap((owner) => (Object.hasOwn(owner, name) ? [Reflect.get(owner, name)] : []))
    .reverse();
}

/** From the class's own up to, and without, that of {@link Reflex}. */
function prototypesOf({ prototype }: ReflexConstructor): readonly object[] {
  const prototypes: object[] = [];
  let next = prototype;
  while (next instanceof Reflex) {
    prototypes.push(next);
    next = Object.getPrototypeOf(next);
  }
  return prototypes;
}
