-- Names are forgotten by when they were last seen.
CREATE INDEX viewer_name_seen_at ON viewer_name (seen_at);
