-- Calendars: a private address at which a program reads what will happen to somebody's money.
-- Locks: none; the table is new.

CREATE TABLE calendars (
    user_id bigint PRIMARY KEY REFERENCES users (id),
    hash bytea NOT NULL,
    created_at timestamptz NOT NULL,
    ended_at timestamptz,
    CONSTRAINT only_the_hash_of_an_address_is_kept CHECK (length(hash) = 32)
);
CREATE UNIQUE INDEX calendars_by_hash ON calendars (hash);

-- What nobody paid or sent for a week expires by the clock. Locks: deposits and withdrawals while
-- the indexes are made; both are of what is open only.
CREATE INDEX deposits_unpaid ON deposits (created_at, id) WHERE status = 'pending';
CREATE INDEX withdrawals_unsent ON withdrawals (created_at, id)
    WHERE status IN ('requested', 'approved');
