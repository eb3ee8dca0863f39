-- Imports: files that were sent, what was found in them, and how far they are. Whether one was applied the event log says;
-- these rows are reports, and what a checked file would import until it is applied or its time is over. What comes from the
-- file, or names people, lies sealed with a key of the import, which goes with the row.
CREATE TABLE import_job (
    import_id uuid PRIMARY KEY,
    shop_id uuid NOT NULL,
    kind text NOT NULL,
    file_name bytea NOT NULL, -- sealed
    digest bytea NOT NULL, -- keyed, of the file: the same request with another file is refused
    currency text NOT NULL, -- of the shop
    hosts bytea NOT NULL, -- sealed: the shop's accounts by name, as the directory had them; empty once it is checked
    content bytea, -- sealed: the file, until it is checked
    parsed bytea, -- sealed: what it would import, while it can be
    state text NOT NULL,
    report bytea, -- sealed: counts, warnings and new hosts
    position bigint NOT NULL DEFAULT 0,
    detail text NOT NULL DEFAULT '',
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    lease_until timestamptz NOT NULL -- of the process that checks or applies it
);
CREATE INDEX import_job_shop ON import_job (shop_id, created_at DESC);
CREATE INDEX import_job_expiry ON import_job (expires_at);
-- One import of a shop is under way at a time, whichever process does it.
CREATE UNIQUE INDEX import_job_running ON import_job (shop_id) WHERE state IN ('checking', 'applying');

-- Problems and changes of an import, by line.
CREATE TABLE import_entry (
    import_id uuid NOT NULL REFERENCES import_job ON DELETE CASCADE,
    kind text NOT NULL,
    nr integer NOT NULL,
    body bytea NOT NULL, -- sealed
    PRIMARY KEY (import_id, kind, nr)
);
