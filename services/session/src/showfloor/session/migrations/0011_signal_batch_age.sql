-- Batch ids are kept for longer than the lane keeps batches (7 days), then forgotten: the table must not grow for ever.
ALTER TABLE signals.batch ADD COLUMN folded_at timestamptz NOT NULL DEFAULT now();
CREATE INDEX batch_folded_at ON signals.batch USING brin (folded_at);
