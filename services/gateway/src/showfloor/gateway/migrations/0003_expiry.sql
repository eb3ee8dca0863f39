-- By these the sweeps find what has expired.
CREATE INDEX sign_in_expiry ON sign_in (expires_at);
CREATE INDEX sign_in_link_expiry ON sign_in_link (expires_at);
