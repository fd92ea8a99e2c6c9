/** Goes to the page that an address of the original TodoMVC means: `/todos#/active` is `/todos/active` here. */
export function followHashRoute(): void {
  const route = /^#!?(\/(?:active|completed)?)$/.exec(location.hash);
  if (route !== null) location.replace(`/todos${route[1] === "/" ? "" : route[1]}`);
}
