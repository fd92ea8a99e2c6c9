import { html } from "edge-reflex";
import { type Context, Hono } from "hono";
import { demo } from "../demo.ts";
import type { PageEnv } from "../environment.ts";
import { excerpt } from "../excerpt.ts";
import { todoApp } from "../todos/todo-app.ts";
import { TODO_FILTERS, type TodoFilter } from "../todos/todo-filter.ts";
import { TodoStore } from "../todos/todo-store.ts";

/** TodoMVC: one page for each filter, over the visitor's todos in D1. */
export const todosPages = new Hono<PageEnv>();
for (const filter of TODO_FILTERS) todosPages.get(filter.path, (c) => showTodos(c, filter));

async function showTodos(c: Context<PageEnv>, filter: TodoFilter): Promise<Response> {
  const todos = await new TodoStore(c.env.DB, c.var.session.id).all();
  const app = todoApp({ todos, filter, editing: c.var.assigns.editing });
  const view = demo({ stage: frame(app), about: ABOUT, excerpts: EXCERPTS });
  return c.render(view, { title: "Todos", section: "/todos", head: HEAD });
}

const HEAD = html`<link rel="stylesheet" href="/assets/todomvc.css">
<script type="module" src="/assets/showcase.js"></script>`;

const frame = (app: ReturnType<typeof todoApp>) => html`<div class="todomvc" data-controller="todos"
  data-action="reflex:error->todos#failed">
${app}
<footer class="info">
<p>Double-click to edit a todo</p>
<p>Part of <a href="https://todomvc.com">TodoMVC</a></p>
<p>Style by <a href="https://github.com/tastejs/todomvc-app-css">Sindre Sorhus</a>,
<a href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>, confined to this frame</p>
</footer>
</div>`;

const ABOUT = html`<p>The list is in D1, and every statement names you as its owner. A reflex changes rows; the page
reads them again and shows what is left under its filter. The filters are pages of their own, with addresses of their own.</p>
<p>Which todo is being edited is the server’s matter too: <code>Todos#edit</code> assigns its id, the page gives that
todo the class and its input the <code>autofocus</code>, and the browser follows. Only what is the keyboard’s work (Enter,
Escape, leaving the input) is a small Stimulus controller.</p>`;

const EXCERPTS = [
  excerpt("reflexes/todos.ts", "Todos.add", "Todos.toggle", "Todos.edit"),
  excerpt("todos/todo-app.ts", "list"),
  excerpt("browser/todos-controller.ts", "TodosController.add"),
];
