-- The sheet of a spreadsheet that has several; sealed.
ALTER TABLE import_job ADD COLUMN sheet bytea NOT NULL DEFAULT '';
