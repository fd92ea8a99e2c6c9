import type { Todo } from "./todo.ts";

/** Which todos a page shows. */
export interface TodoFilter {
  readonly label: string;
  readonly path: string;
  readonly shows: (todo: Todo) => boolean;
}

/** In the order of their links. */
export const TODO_FILTERS: readonly TodoFilter[] = [
  { label: "All", path: "/todos", shows: () => true },
  { label: "Active", path: "/todos/active", shows: ({ completed }) => !completed },
  { label: "Completed", path: "/todos/completed", shows: ({ completed }) => completed },
];
