-- The ledger: balances, and the transfers that made them.
-- Both sides of a transfer are one row, so an unbalanced one cannot be written down.
-- Locks: creates only; safe while the product runs.

CREATE TABLE accounts (
    kind text NOT NULL,
    owner bigint NOT NULL,
    currency text NOT NULL,
    balance bigint NOT NULL DEFAULT 0, -- minor units
    PRIMARY KEY (kind, owner, currency),
    CONSTRAINT guarded_accounts_hold_somebodys_money
        CHECK (balance >= 0 OR kind IN ('clearing', 'fees', 'losses')),
    CONSTRAINT kinds_of_account_are_known CHECK (kind IN (
        'wallet', 'reserve', 'escrow', 'releasing', 'dispute', 'stake', 'outgoing',
        'clearing', 'fees', 'losses'
    ))
) WITH (fillfactor = 70);

-- Never changed, never deleted.
CREATE TABLE transfers (
    id bigint PRIMARY KEY,
    event_id bigint NOT NULL,
    contract_id bigint,
    debit_kind text NOT NULL,
    debit_owner bigint NOT NULL,
    credit_kind text NOT NULL,
    credit_owner bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL, -- minor units
    at timestamptz NOT NULL,
    CONSTRAINT a_transfer_moves_something CHECK (amount > 0),
    CONSTRAINT a_transfer_goes_somewhere
        CHECK (debit_kind <> credit_kind OR debit_owner <> credit_owner)
);

-- What happened, with every row that it wrote; the timeline of everything.
CREATE TABLE events (
    id bigint PRIMARY KEY,
    name text NOT NULL,
    subject_kind text NOT NULL,
    subject_id bigint NOT NULL,
    contract_id bigint,
    seq bigint, -- gapless per contract
    actor_id bigint NOT NULL,
    via text NOT NULL,
    at timestamptz NOT NULL,
    body json NOT NULL,
    CONSTRAINT events_of_a_contract_are_counted CHECK ((contract_id IS NULL) = (seq IS NULL))
);
CREATE UNIQUE INDEX events_of_a_contract ON events (contract_id, seq)
    WHERE contract_id IS NOT NULL;
CREATE INDEX events_of_a_subject ON events (subject_id, id DESC);

-- What was answered to whom under which key, for ever: either an event or a refusal.
CREATE TABLE commands (
    actor_id bigint NOT NULL,
    key text NOT NULL,
    hash bytea NOT NULL,
    event_id bigint,
    problem text,
    at timestamptz NOT NULL,
    PRIMARY KEY (actor_id, key),
    CONSTRAINT a_command_has_one_answer CHECK ((event_id IS NULL) <> (problem IS NULL))
);
