-- Which column of a file of products fills which field, when whoever sent it said so; sealed.
ALTER TABLE import_job ADD COLUMN mapping bytea NOT NULL DEFAULT '';
