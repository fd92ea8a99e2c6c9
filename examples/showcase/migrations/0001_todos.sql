-- Each visitor's list of todos, in the order of their positions.
CREATE TABLE todos (
  id TEXT PRIMARY KEY,
  visitor TEXT NOT NULL,
  title TEXT NOT NULL,
  completed INTEGER NOT NULL DEFAULT 0 CHECK (completed IN (0, 1)),
  position INTEGER NOT NULL
) STRICT;

CREATE INDEX todos_of_visitor ON todos (visitor, position);
