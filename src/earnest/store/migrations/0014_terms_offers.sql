-- Terms that one side of a contract would like for what is funded from now on, the last of each.
-- Locks: none that anybody waits for.

CREATE TABLE terms_offers (
    contract_id bigint PRIMARY KEY,
    proposer_id bigint NOT NULL,
    terms_hash text NOT NULL,
    is_open boolean NOT NULL,
    proposed_at timestamptz NOT NULL
) WITH (fillfactor = 70);
