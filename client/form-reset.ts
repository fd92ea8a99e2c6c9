/** On a form: it is reset when a call of it is done, unless the page then says "false", or somebody has gone on typing. */
const RESET = "data-reflex-reset";

/** Resets forms that ask for it, by what their calls tell. Called once. */
export function resetForms(document: Document): void {
  /** When a form was last called for, and typed in, by the browser's clock of events. */
  const calledAt = new WeakMap<object, number>();
  const typedAt = new WeakMap<object, number>();
  document.addEventListener("reflex:before", ({ target, timeStamp }) => {
    if (target !== null) calledAt.set(target, timeStamp);
  });
  document.addEventListener("input", ({ target, timeStamp }) => {
    const form = target !== null && "form" in target ? target.form : null;
    if (form instanceof HTMLFormElement) typedAt.set(form, timeStamp);
  });
  document.addEventListener("reflex:success", ({ target }) => {
    if (!(target instanceof HTMLFormElement)) return;
    if ((target.getAttribute(RESET) ?? "false") === "false") return;
    const called = calledAt.get(target);
    // Of a call that was made before this was loaded, nobody knows what has been typed since.
    if (called !== undefined && (typedAt.get(target) ?? 0) <= called) target.reset();
  });
}
