import { html, keyed, type View } from "edge-reflex";
import { TITLE_CHARS_MAX, TODOS_MAX, type Todo } from "./todo.ts";
import { TODO_FILTERS, type TodoFilter } from "./todo-filter.ts";

/** What the page shows of a visitor's list. */
interface TodoAppInput {
  /** The whole list, whatever the filter shows of it. */
  readonly todos: readonly Todo[];
  readonly filter: TodoFilter;
  /** The id of the todo that is being edited; absent when none is. */
  readonly editing: string | undefined;
}

/** The application in the markup of TodoMVC, which its style sheet and its tests expect. */
export function todoApp({ todos, filter, editing }: TodoAppInput): View {
  const isFull = todos.length >= TODOS_MAX;
  return html`<p class="notice" role="status" data-todos-target="notice">${isFull && FULL}</p>
<section class="todoapp">
<header class="header">
<h1>todos</h1>
<input class="new-todo" placeholder="What needs to be done?" aria-label="New todo" autofocus autocomplete="off"
  maxlength="${TITLE_CHARS_MAX}" readonly=${isFull} data-action="keydown.enter->todos#add">
</header>
${todos.length > 0 && [list({ todos, filter, editing }), footer(todos, filter)]}
</section>`;
}

const FULL = `That makes ${TODOS_MAX} todos, which is as many as this demo keeps. Finish some of them first.`;

function list({ todos, filter, editing }: TodoAppInput): View {
  return html`<section class="main">
<input id="toggle-all" class="toggle-all" type="checkbox" checked=${todos.every(({ completed }) => completed)}
  data-reflex="change->Todos#toggleAll">
<label for="toggle-all">Mark all as complete</label>
<ul class="todo-list">${keyed(
    todos.filter(filter.shows),
    ({ id }) => id,
    (todo) => item(todo, todo.id === editing),
  )}</ul>
</section>`;
}

function item({ id, title, completed }: Todo, isEditing: boolean): View {
  return html`<li id="todo-${id}" class="${[completed && "completed", isEditing && "editing"]}">
<div class="view">
<input class="toggle" type="checkbox" checked=${completed} aria-label="Completed: ${title}" data-id="${id}"
  data-reflex="change->Todos#toggle">
<label data-id="${id}" data-reflex="dblclick->Todos#edit">${title}</label>
<button class="destroy" type="button" aria-label="Delete: ${title}" data-id="${id}"
  data-reflex="click->Todos#destroy"></button>
</div>
<input class="edit" value="${title}" aria-label="Title" autofocus=${isEditing} autocomplete="off"
  maxlength="${TITLE_CHARS_MAX}" data-id="${id}"
  data-action="focusin->todos#begin keydown.enter->todos#save focusout->todos#save keydown.esc->todos#cancel">
</li>`;
}

function footer(todos: readonly Todo[], filter: TodoFilter): View {
  const active = todos.filter(({ completed }) => !completed).length;
  return html`<footer class="footer">
<span class="todo-count"><strong>${active}</strong> ${active === 1 ? "item" : "items"} left</span>
<ul class="filters">${TODO_FILTERS.map((entry) => filterLink(entry, entry === filter))}</ul>
${
  active < todos.length &&
  html`<button class="clear-completed" type="button" data-reflex="click->Todos#clearCompleted">Clear completed</button>`
}
</footer>`;
}

function filterLink({ label, path }: TodoFilter, isCurrent: boolean): View {
  const selected = isCurrent ? "selected" : undefined;
  return html`<li><a class=${selected} href="${path}" aria-current=${isCurrent ? "page" : undefined}>${label}</a></li>`;
}
