-- How people sign in on the web, how they want to be shown things, and whom they invite.
-- Locks: creates; the new columns of users have constant defaults, so no row is rewritten.

ALTER TABLE users
    ADD COLUMN language text NOT NULL DEFAULT 'en',
    ADD COLUMN time_zone text NOT NULL DEFAULT 'UTC';

-- People are found by the beginnings of the words of their name.
CREATE INDEX people_by_name ON users USING gin (to_tsvector('simple', name));

-- Like tokens, sessions live by the database's own clock, and only their hash is kept.
CREATE TABLE sessions (
    hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    -- What somebody had typed when their session before this one ended, and where.
    kept json,
    CONSTRAINT only_the_hash_of_a_session_is_kept CHECK (length(hash) = 32)
);
CREATE INDEX sessions_of_a_person ON sessions (user_id);
CREATE INDEX sessions_that_expire ON sessions (expires_at);

-- How often something was tried lately: shared by all processes, kept over a restart.
CREATE TABLE attempts (
    key text PRIMARY KEY,
    count integer NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX attempts_that_expire ON attempts (expires_at);

-- Whoever opens the link, and signs up with it, is offered this contract.
CREATE TABLE invitations (
    id bigint PRIMARY KEY,
    hash bytea NOT NULL,
    employer_id bigint NOT NULL REFERENCES users (id),
    name text NOT NULL,
    currency text NOT NULL,
    terms text NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    used_by bigint REFERENCES users (id),
    revoked_at timestamptz,
    CONSTRAINT only_the_hash_of_an_invitation_is_kept CHECK (length(hash) = 32)
);
CREATE UNIQUE INDEX invitations_by_hash ON invitations (hash);
CREATE INDEX invitations_of_an_employer ON invitations (employer_id, id DESC);
