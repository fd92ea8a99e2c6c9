import { Reflex } from "edge-reflex";
import type { Assigns, Env, Values } from "../environment.ts";
import { toTitle } from "../todos/todo.ts";
import { TodoStore } from "../todos/todo-store.ts";

/**
 * What a visitor can do with the list of todos. The todo that is meant is the one named by the `data-id` of the
 * element; a forged id finds nothing, since the store knows the visitor's own todos only.
 */
export class Todos extends Reflex<Values, Assigns, Env> {
  /** The database is not part of the session's transaction: should the call run again, it finds its todo there. */
  async add(): Promise<void> {
    const title = toTitle(this.element.value);
    if (title !== "") await this.#store.add(this.idempotencyKey, title);
  }

  /** To what the checkbox shows, not to the contrary of what is stored: repeating it changes nothing. */
  async toggle(): Promise<void> {
    await this.#store.setCompleted(this.#id, this.element.checked === true);
  }

  async toggleAll(): Promise<void> {
    await this.#store.setAllCompleted(this.element.checked === true);
  }

  /** The page that follows shows the todo's input. */
  edit(): void {
    this.assigns.editing = this.#id;
  }

  /** Nothing to do: a page that is told of no edit shows none. */
  cancel(): void {}

  async save(): Promise<void> {
    const title = toTitle(this.element.value);
    if (title === "") await this.#store.remove(this.#id);
    else await this.#store.rename(this.#id, title);
  }

  async destroy(): Promise<void> {
    await this.#store.remove(this.#id);
  }

  async clearCompleted(): Promise<void> {
    await this.#store.removeCompleted();
  }

  get #store(): TodoStore {
    return new TodoStore(this.env.DB, this.session.id);
  }

  get #id(): string {
    return this.element.dataset.id ?? "";
  }
}
