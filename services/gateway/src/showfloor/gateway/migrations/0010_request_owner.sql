-- Which process works on a request with a key: one that has died frees the key at once.
ALTER TABLE idempotent_request ADD COLUMN owner integer NOT NULL DEFAULT 0;
