-- What was said in the rooms of the chat, in its order.
CREATE TABLE messages (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  room TEXT NOT NULL,
  -- The session that said it, which nobody is told, and the name of that time, which everybody is.
  visitor TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  -- In milliseconds since 1970.
  said_at INTEGER NOT NULL,
  -- The idempotency key of the call that said it.
  call_key TEXT NOT NULL UNIQUE
) STRICT;

CREATE INDEX messages_of_room ON messages (room, id);
