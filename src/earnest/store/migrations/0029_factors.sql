-- What signs people in beside a password, what their sessions remember of it, and their own limits.
-- Locks: sessions for a moment, while columns are added; else creates only.

ALTER TABLE sessions
    -- When its owner last proved who they are; of a session from before, nobody knows.
    ADD COLUMN proved_at timestamptz,
    -- The browser and the system that it was begun with, each a word of ours or empty.
    ADD COLUMN browser text NOT NULL DEFAULT '',
    ADD COLUMN system text NOT NULL DEFAULT '';

CREATE TABLE passkeys (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    -- What the authenticator calls it, and the key that proves it; both are public.
    credential bytea NOT NULL,
    public_key bytea NOT NULL,
    -- How often it was used, as it says itself; one that does not count says nought.
    sign_count bigint NOT NULL,
    name text NOT NULL,
    created_at timestamptz NOT NULL,
    used_at timestamptz,
    -- Since when it signs in nobody: it counted backwards, so there are two of it.
    stopped_at timestamptz,
    CONSTRAINT a_passkey_has_a_name CHECK (length(name) BETWEEN 1 AND 80),
    CONSTRAINT a_passkey_counts_from_nothing CHECK (sign_count >= 0)
);
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential);
CREATE INDEX passkeys_of_a_person ON passkeys (user_id, id);

-- What an authenticator is asked to sign, by the browser that asked for it; each is taken once.
CREATE TABLE challenges (
    hash bytea PRIMARY KEY,
    purpose text NOT NULL,
    -- The hash of the secret that only the browser has.
    bound bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT only_the_hash_of_a_challenge_is_kept CHECK (length(hash) = 32),
    CONSTRAINT a_challenge_has_a_known_purpose
        CHECK (purpose IN ('add', 'sign_in', 'second', 'again'))
);
CREATE INDEX challenges_that_expire ON challenges (expires_at);

-- The secret that somebody's app makes codes of, sealed with a key that is not in the database.
CREATE TABLE authenticators (
    user_id bigint PRIMARY KEY REFERENCES users (id),
    sealed bytea NOT NULL,
    -- The moment of the last code that counted: neither it nor an older one counts again.
    last_step bigint NOT NULL,
    created_at timestamptz NOT NULL
);

CREATE TABLE recovery_codes (
    user_id bigint NOT NULL REFERENCES users (id),
    hash bytea NOT NULL,
    used_at timestamptz,
    PRIMARY KEY (user_id, hash),
    CONSTRAINT only_the_hash_of_a_recovery_code_is_kept CHECK (length(hash) = 32)
);

-- A right password whose owner has still to show a second factor, in the browser with this secret.
CREATE TABLE sign_ins_begun (
    hash bytea PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    onward text NOT NULL,
    -- What somebody had typed when their session before ended, and where.
    kept json,
    expires_at timestamptz NOT NULL,
    CONSTRAINT only_the_hash_of_a_sign_in_is_kept CHECK (length(hash) = 32)
);
CREATE INDEX sign_ins_begun_of_a_person ON sign_ins_begun (user_id);
CREATE INDEX sign_ins_begun_that_expire ON sign_ins_begun (expires_at);

-- Above these somebody wants to be asked who they are before their money goes to another.
CREATE TABLE own_limits (
    user_id bigint NOT NULL REFERENCES users (id),
    currency text NOT NULL,
    minor bigint NOT NULL,
    PRIMARY KEY (user_id, currency),
    CONSTRAINT a_limit_is_not_negative CHECK (minor >= 0)
);

-- What changed about how somebody signs in. Each is told by a mail of the same number.
CREATE TABLE account_changes (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    name text NOT NULL,
    -- What it is about: the name of a passkey, or how many codes are left.
    about text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX account_changes_of_a_person ON account_changes (user_id, id DESC);
