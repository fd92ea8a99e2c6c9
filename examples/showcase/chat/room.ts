/** A room of the chat. */
export interface Room {
  readonly id: string;
  readonly label: string;
  /** Of its page. */
  readonly path: string;
}

/** The rooms, in the order of their links. */
export const ROOMS: readonly [Room, ...Room[]] = [
  { id: "lobby", label: "Lobby", path: "/chat" },
  { id: "kitchen", label: "Kitchen", path: "/chat/kitchen" },
  { id: "library", label: "Library", path: "/chat/library" },
];

/** The room whose page has that path; `undefined` for another page. */
export function roomAt(path: string): Room | undefined {
  return ROOMS.find((room) => room.path === path);
}

/** The topic of a room: touched with every message, and whoever is in the room is present in it. */
export function topicOf({ id }: Room): string {
  return `chat:${id}`;
}
