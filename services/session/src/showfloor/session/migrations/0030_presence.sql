-- Presence: who was in the room by evidence, or as a source tells it by enters and leaves.

-- A room in slots of 15 seconds: how many were present by evidence, how many came and left as told (with the milliseconds
-- into the slot), and how much was watched by evidence. A slot in which nothing changes has no row.
CREATE TABLE signals.presence (
    session_id uuid NOT NULL,
    slot integer NOT NULL, -- Unix time in 15 seconds
    level integer NOT NULL,
    came integer NOT NULL,
    went integer NOT NULL,
    came_ms bigint NOT NULL,
    went_ms bigint NOT NULL,
    watch_ms bigint NOT NULL,
    PRIMARY KEY (session_id, slot)
);

-- Who is in the room, viewer by viewer, in parts (see signals/ledger.py): what a later signal of the viewer may still
-- change. Rows that nothing can change any more are left out when a whole part is written.
CREATE TABLE signals.room (
    session_id uuid NOT NULL,
    told boolean NOT NULL, -- false: seen, true: told
    part bigint GENERATED ALWAYS AS IDENTITY,
    whole boolean NOT NULL,
    body bytea NOT NULL,
    folded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, told, part)
);
ALTER TABLE signals.room ALTER COLUMN body SET STORAGE EXTERNAL;

-- What has counted of products' impressions and clicks, a set of 64-bit names for each minute, in parts (see
-- signals/repeats.py). Minutes that nothing new can come for are dropped.
CREATE TABLE signals.counted (
    session_id uuid NOT NULL,
    minute integer NOT NULL,
    part bigint GENERATED ALWAYS AS IDENTITY,
    names bytea NOT NULL,
    folded_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, minute, part)
);
ALTER TABLE signals.counted ALTER COLUMN names SET STORAGE EXTERNAL;
CREATE INDEX counted_folded_at ON signals.counted USING brin (folded_at);

-- stay_ms holds leave times - enter times as told; the figures beside it are those of signals/room.py.
ALTER TABLE signals.session
    ALTER COLUMN stay_ms SET DEFAULT 0,
    ADD COLUMN inside bigint NOT NULL DEFAULT 0,
    ADD COLUMN watch_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN peak bigint NOT NULL DEFAULT 0,
    ADD COLUMN peak_high bigint NOT NULL DEFAULT 0,
    ADD COLUMN watch_high_ms bigint NOT NULL DEFAULT 0,
    ADD COLUMN by_evidence boolean NOT NULL DEFAULT false,
    ADD COLUMN by_enters boolean NOT NULL DEFAULT false,
    ADD COLUMN fading integer[] NOT NULL DEFAULT '{}'; -- last seen in the second of `newest`, in the one before, ...

-- Sessions counted before were told by enters and leaves, by the minute.
INSERT INTO signals.presence
SELECT session_id, minute * 4, 0, sum(enters), sum(leaves), sum(enter_ms), sum(leave_ms), 0
FROM signals.minute GROUP BY session_id, minute HAVING sum(enters) + sum(leaves) > 0;
UPDATE signals.session SET inside = greatest(0, enters - leaves), by_enters = enters + leaves > 0;
UPDATE signals.session AS s SET peak = room.peak, peak_high = room.peak FROM (
    SELECT session_id, greatest(0, max(online)) AS peak FROM (
        SELECT session_id, sum(came - went) OVER (PARTITION BY session_id ORDER BY slot) AS online FROM signals.presence
    ) AS levels GROUP BY session_id
) AS room WHERE room.session_id = s.session_id;
-- Their figures are in signals.presence now, for all channels together, as they are shown. The version before still
-- folds into these two beside this one: a later version takes them away.
ALTER TABLE signals.minute ALTER COLUMN enter_ms SET DEFAULT 0, ALTER COLUMN leave_ms SET DEFAULT 0;
