-- Rollups of viewer signals. They follow from the signal lane, not from the event log, so they are no views.
CREATE SCHEMA signals;

-- Counts per session, minute and channel. `minute` is the Unix time in minutes. enter_ms and leave_ms are sums of
-- milliseconds since the start of the minute: with the counts they give the exact time spent in the room.
CREATE TABLE signals.minute (
    session_id uuid NOT NULL,
    minute integer NOT NULL,
    channel smallint NOT NULL,
    impressions bigint NOT NULL,
    enters bigint NOT NULL,
    leaves bigint NOT NULL,
    product_impressions bigint NOT NULL,
    product_clicks bigint NOT NULL,
    likes bigint NOT NULL,
    shares bigint NOT NULL,
    enter_ms bigint NOT NULL,
    leave_ms bigint NOT NULL,
    PRIMARY KEY (session_id, minute, channel)
);

CREATE TABLE signals.product_minute (
    session_id uuid NOT NULL,
    minute integer NOT NULL,
    product_id uuid NOT NULL,
    channel smallint NOT NULL,
    impressions bigint NOT NULL,
    clicks bigint NOT NULL,
    PRIMARY KEY (session_id, minute, product_id, channel)
);

-- The same, summed up, so that a page of sessions or products is one index read.
CREATE TABLE signals.session (
    session_id uuid PRIMARY KEY,
    impressions bigint NOT NULL,
    enters bigint NOT NULL,
    leaves bigint NOT NULL,
    product_impressions bigint NOT NULL,
    product_clicks bigint NOT NULL,
    likes bigint NOT NULL,
    shares bigint NOT NULL,
    stay_ms numeric NOT NULL, -- sum of leave times - sum of enter times, as Unix milliseconds
    newest timestamptz NOT NULL -- the newest signal
);

CREATE TABLE signals.product (
    session_id uuid NOT NULL,
    product_id uuid NOT NULL,
    impressions bigint NOT NULL,
    clicks bigint NOT NULL,
    PRIMARY KEY (session_id, product_id)
);

-- Distinct viewers: 'E' + sorted uint64 values, or 'H' + HyperLogLog registers. `estimate` is what it counts.
CREATE TABLE signals.distinct_viewers (
    session_id uuid NOT NULL,
    scope smallint NOT NULL, -- see signals/sketch.py
    key text NOT NULL,
    estimate bigint NOT NULL,
    sketch bytea NOT NULL,
    PRIMARY KEY (session_id, scope, key)
);

-- Batches that are counted: one sent again, however late, changes nothing.
CREATE TABLE signals.batch (
    session_id uuid NOT NULL,
    batch_id text NOT NULL,
    PRIMARY KEY (session_id, batch_id)
);

-- Where the fold stands in each shard of the lane; committed with the counts.
CREATE TABLE signals.position (
    shard smallint PRIMARY KEY,
    created timestamptz,
    sequence bigint NOT NULL
);

-- Messages that no fold can read. They hold up nobody.
CREATE TABLE signals.unreadable (
    shard smallint NOT NULL,
    created timestamptz NOT NULL,
    sequence bigint NOT NULL,
    error text NOT NULL,
    body bytea NOT NULL,
    PRIMARY KEY (shard, created, sequence)
);
