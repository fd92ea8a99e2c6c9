-- Reports over everybody's todos. Each is known by the idempotency key of the call that asked for it.
CREATE TABLE reports (
  key TEXT PRIMARY KEY,
  visitor TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'asked' CHECK (state IN ('asked', 'made', 'failed')),
  asked_at INTEGER NOT NULL,
  lists INTEGER NOT NULL DEFAULT 0,
  todos INTEGER NOT NULL DEFAULT 0,
  completed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX reports_of_visitor ON reports (visitor, asked_at);

-- A visitor waits for one report at a time, however often the button is pressed.
CREATE UNIQUE INDEX one_asked_report ON reports (visitor) WHERE state = 'asked';
