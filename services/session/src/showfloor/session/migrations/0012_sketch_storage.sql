-- Viewers' numbers are random bits: compressing them costs the server most of a fold's time and saves nothing.
ALTER TABLE signals.distinct_viewers ALTER COLUMN sketch SET STORAGE EXTERNAL;
