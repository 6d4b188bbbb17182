-- The site itself, the people on it, and what they sign in with.
-- Locks: creates only; safe while the product runs.

CREATE TABLE site (
    id smallint PRIMARY KEY DEFAULT 1,
    mode text NOT NULL,
    -- How far the test clock stands from the database's own.
    clock_offset interval NOT NULL DEFAULT '0',
    created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT there_is_one_site CHECK (id = 1),
    CONSTRAINT a_site_is_live_or_sandbox CHECK (mode IN ('live', 'sandbox')),
    CONSTRAINT only_a_sandbox_has_a_test_clock CHECK (mode = 'sandbox' OR clock_offset = '0')
);

-- Numbers for processes, so that no two of them make the same row number.
CREATE TABLE nodes (
    node smallint PRIMARY KEY,
    leased_until timestamptz NOT NULL DEFAULT '-infinity',
    holder text NOT NULL DEFAULT '',
    CONSTRAINT a_node_has_ten_bits CHECK (node BETWEEN 0 AND 1023)
);
INSERT INTO nodes (node) SELECT generate_series(0, 1023);

-- While one of these is not cleared, no command is taken.
CREATE TABLE halts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    what text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    cleared_at timestamptz,
    cleared_because text,
    CONSTRAINT a_halt_is_cleared_with_a_reason
        CHECK ((cleared_at IS NULL) = (cleared_because IS NULL))
);
CREATE INDEX halts_in_force ON halts (id) WHERE cleared_at IS NULL;

CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    email text NOT NULL,
    status text NOT NULL,
    roles text[] NOT NULL DEFAULT '{}',
    password_hash text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT a_person_has_a_number CHECK (id > 0),
    CONSTRAINT a_person_has_a_name CHECK (name <> ''),
    CONSTRAINT a_person_is_active_or_suspended CHECK (status IN ('active', 'suspended')),
    CONSTRAINT roles_are_known CHECK (roles <@ ARRAY['arbiter', 'operator'])
);
CREATE UNIQUE INDEX one_person_an_email ON users (lower(email));

CREATE TABLE tokens (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    name text NOT NULL,
    hash bytea NOT NULL,
    scopes text[] NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    CONSTRAINT scopes_are_known CHECK (scopes <@ ARRAY['read', 'write', 'money', 'staff']),
    CONSTRAINT only_the_hash_of_a_token_is_kept CHECK (length(hash) = 32)
);
CREATE UNIQUE INDEX tokens_by_hash ON tokens (hash);
CREATE INDEX tokens_of_a_person ON tokens (user_id, id DESC);
