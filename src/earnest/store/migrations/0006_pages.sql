-- What pages need beside what REST has: intents, and a wallet's movements in their order.
-- Locks: an index on transfers, which stops writing to it while it is made.

-- What somebody was shown before they confirm it. Its reference is the key of the command.
CREATE TABLE intents (
    id bigint PRIMARY KEY,
    user_id bigint NOT NULL REFERENCES users (id),
    action text NOT NULL,
    subject_id bigint NOT NULL,
    fields json NOT NULL,
    effect_hash text NOT NULL,
    -- What the page showed, for the page that says what has changed since.
    shown json NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX intents_that_expire ON intents (expires_at);

CREATE INDEX transfers_out_of_wallets ON transfers (debit_owner, currency, at DESC, id DESC)
    WHERE debit_kind = 'wallet';
CREATE INDEX transfers_into_wallets ON transfers (credit_owner, currency, at DESC, id DESC)
    WHERE credit_kind = 'wallet';
