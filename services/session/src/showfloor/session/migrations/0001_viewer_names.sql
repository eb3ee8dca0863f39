-- Display names of viewers, apart from the facts. Events hold only the reference; a row here can be erased,
-- after which everything that viewer did shows as done by "viewer".
CREATE TABLE viewer_name (
    account_id uuid,
    viewer_ref text,
    display_name text NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (account_id, viewer_ref)
);
