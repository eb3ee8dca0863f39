-- Past LIVEs as suggestions see them. The subscription `suggested_time` alone writes it, from the session service's public
-- events. LIVEs of our own go when their details do; imported ones are totals, and stay.
CREATE TABLE past_live (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    currency text NOT NULL, -- empty: no money is known of it
    imported boolean NOT NULL,
    simulated boolean NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz, -- NULL while it is on air
    gmv bigint, -- NULL, here and below: not known
    impressions bigint,
    average_viewers double precision
);
CREATE INDEX past_live_account ON past_live (account_id, started_at DESC);
CREATE INDEX past_live_age ON past_live (ended_at) WHERE NOT imported;
