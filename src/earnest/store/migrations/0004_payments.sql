-- Deposits and withdrawals, what does not fit, and the memory of the sandbox gateway.
-- Locks: creates only; safe while the product runs.

CREATE TABLE deposits (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    gateway text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    status text NOT NULL,
    sandbox text,
    paid_as text,
    wakes_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT a_deposit_brings_something CHECK (amount > 0),
    CONSTRAINT a_deposit_has_a_known_status
        CHECK (status IN ('pending', 'settled', 'failed', 'expired')),
    CONSTRAINT what_is_settled_was_paid CHECK ((status = 'settled') = (paid_as IS NOT NULL)),
    CONSTRAINT only_a_pending_deposit_wakes CHECK (wakes_at IS NULL OR status = 'pending')
);
CREATE INDEX deposits_of_a_person ON deposits (user_id, id DESC);
CREATE INDEX deposits_that_wake ON deposits (wakes_at) WHERE wakes_at IS NOT NULL;

CREATE TABLE withdrawals (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    gateway text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    status text NOT NULL,
    destination_type text NOT NULL,
    destination_account text NOT NULL,
    destination_name text NOT NULL,
    paid_as text,
    wakes_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT a_withdrawal_takes_something CHECK (amount > 0),
    CONSTRAINT a_withdrawal_has_a_known_status CHECK (status IN (
        'requested', 'approved', 'sent', 'paid', 'failed', 'returned', 'cancelled', 'expired'
    )),
    CONSTRAINT what_was_paid_out_says_as_what
        CHECK ((status IN ('paid', 'returned')) = (paid_as IS NOT NULL)),
    CONSTRAINT only_a_withdrawal_on_its_way_wakes
        CHECK (wakes_at IS NULL OR status IN ('approved', 'sent'))
);
CREATE INDEX withdrawals_of_a_person ON withdrawals (user_id, id DESC);
CREATE INDEX withdrawals_that_wake ON withdrawals (wakes_at) WHERE wakes_at IS NOT NULL;
CREATE INDEX withdrawals_that_wait ON withdrawals (id DESC) WHERE status = 'requested';

CREATE TABLE breaks (
    id bigint PRIMARY KEY,
    payment text NOT NULL, -- dep_… or wdr_…
    gateway text NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    expected bigint NOT NULL,
    said text NOT NULL, -- as the gateway said it, in whatever currency
    paid_as text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_break_has_a_known_kind
        CHECK (kind IN ('other_amount', 'paid_again', 'not_expected'))
);

-- What the sandbox gateway remembers, as a real one would, by our id as its key.
CREATE TABLE sandbox_payments (
    payment text PRIMARY KEY,
    currency text NOT NULL,
    amount bigint NOT NULL,
    first_asked_at timestamptz NOT NULL,
    asked integer NOT NULL DEFAULT 1
);
