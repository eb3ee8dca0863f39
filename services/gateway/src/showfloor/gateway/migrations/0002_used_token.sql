-- ID tokens of the sign-in provider that have signed somebody in: none does so twice, on whichever replica.
CREATE TABLE used_token (
    token_hash bytea PRIMARY KEY, -- of what the provider signed
    forget_at timestamptz NOT NULL -- some time after it has expired
);
CREATE INDEX used_token_forget ON used_token (forget_at);
