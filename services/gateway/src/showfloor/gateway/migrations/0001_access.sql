-- People, apart from the facts: events hold user ids only; a row here can be erased. What is sealed, and by what a row
-- is looked up, the keyring alone can tell: a copy of this table names nobody and no address.
CREATE TABLE person (
    user_id uuid PRIMARY KEY,
    email text, -- sealed, lower case; NULL for someone who comes by link or through an OIDC issuer only
    email_digest bytea UNIQUE, -- keyed
    display_name text NOT NULL, -- sealed
    password_hash text, -- argon2id; NULL until a password is set
    issuer_digest bytea UNIQUE -- keyed: of "<issuer> <sub>" of an OIDC token
);
-- A sign-in is a secret that we know by its hash only, so that a copy of this table opens nothing.
CREATE TABLE sign_in (
    token_hash bytea PRIMARY KEY,
    sign_in_id uuid NOT NULL UNIQUE,
    user_id uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
);
CREATE INDEX sign_in_user ON sign_in (user_id);
CREATE INDEX sign_in_revoked ON sign_in (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE TABLE sign_in_link (
    code_hash bytea PRIMARY KEY,
    user_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz
);
-- What a changing request with an Idempotency-Key was answered.
CREATE TABLE idempotent_request (
    principal text,
    route text,
    key text,
    fingerprint bytea NOT NULL, -- keyed, of path and body: another one under the same key is refused
    lease_until timestamptz NOT NULL, -- while it runs; a process that died frees the key by this time
    status integer, -- NULL while it runs
    answer text, -- body and headers, sealed with a key of the day
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (principal, route, key)
);
CREATE INDEX idempotent_request_expiry ON idempotent_request (expires_at);
-- LIVEs on air now, kept by the subscription to the session service.
CREATE TABLE live_now (
    session_id uuid PRIMARY KEY,
    account_id uuid NOT NULL,
    shop_id uuid NOT NULL,
    title text NOT NULL,
    start_time timestamptz NOT NULL,
    source text NOT NULL,
    simulated boolean NOT NULL,
    currency text NOT NULL
);
