-- What hosts did last, and the LIVEs by which later news finds its account. The subscription `home` alone writes both, from
-- the session service's public events.
CREATE TABLE host_on_air (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    started_at timestamptz NOT NULL
);
CREATE TABLE host_deed (
    account_id uuid,
    deed text,
    last_at timestamptz NOT NULL,
    PRIMARY KEY (account_id, deed)
);
