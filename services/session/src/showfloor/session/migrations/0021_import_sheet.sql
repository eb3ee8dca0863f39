-- The sheet of a spreadsheet that has several.
ALTER TABLE import_job ADD COLUMN sheet text NOT NULL DEFAULT '';
