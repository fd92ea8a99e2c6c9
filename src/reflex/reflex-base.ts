/**
 * A class that a mixin extends: whatever its constructor takes, which is the runtime's matter.
 *
 * @example
 * function Paged<Base extends ReflexBase<Reflex<Values>>>(base: Base) { … }
 */
// biome-ignore lint/suspicious/noExplicitAny: what TypeScript demands of the constructor of a mixin (TS2545)
export type ReflexBase<Instance extends object> = abstract new (...args: any[]) => Instance;
