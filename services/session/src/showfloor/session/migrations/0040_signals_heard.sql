-- When the newest signals of a session were folded, by the real clock: a recording's signals carry recorded times, and
-- whether somebody is still playing it shows only here. Written with the counts, in the same statement.
ALTER TABLE signals.session ADD COLUMN heard_at timestamptz NOT NULL DEFAULT now();
