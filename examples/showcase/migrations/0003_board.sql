-- The cards of the board that all visitors share, in the order of their positions within their lane.
CREATE TABLE cards (
  id TEXT PRIMARY KEY,
  lane TEXT NOT NULL CHECK (lane IN ('todo', 'doing', 'done')),
  position INTEGER NOT NULL,
  title TEXT NOT NULL,
  -- Counts the changes of the card. Those that last gave it its place and its title tell whether a visitor knew of them.
  version INTEGER NOT NULL DEFAULT 1,
  placed INTEGER NOT NULL DEFAULT 1,
  titled INTEGER NOT NULL DEFAULT 1,
  -- The last change: who made it, what it was, and the idempotency key of the call.
  by_name TEXT NOT NULL,
  did TEXT NOT NULL CHECK (did IN ('added', 'moved', 'edited')),
  change_key TEXT NOT NULL
) STRICT;

CREATE INDEX cards_of_lane ON cards (lane, position);

INSERT INTO cards (id, lane, position, title, by_name, did, change_key) VALUES
  ('kettle', 'todo', 1, 'Descale the kettle', 'the house', 'added', 'first'),
  ('leaves', 'todo', 2, 'Order more Assam', 'the house', 'added', 'first'),
  ('window', 'doing', 1, 'Paint the window frames', 'the house', 'added', 'first'),
  ('door', 'done', 1, 'Oil the garden door', 'the house', 'added', 'first');
