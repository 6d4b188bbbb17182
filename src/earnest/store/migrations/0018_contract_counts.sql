-- What the milestones of a contract add up to for the records of its people, kept beside the rows by
-- the worker once nothing happens in it: so a record costs by the contract, not by the milestone.
-- Locks: creates only, safe while the product runs. The worker fills it, the newest first.
-- Whoever changes what is counted (reputation.milestones) empties both tables in the same migration.

CREATE TABLE contract_counts (
    contract_id bigint PRIMARY KEY,
    -- It is what the contract says while nothing has happened since (contracts.seq is this one)
    seq bigint NOT NULL,
    -- and the time is between these two: then the next date passes.
    counted_at timestamptz NOT NULL,
    good_until timestamptz NOT NULL,
    funded bigint NOT NULL,
    waiting bigint NOT NULL,
    begun boolean NOT NULL,
    gave_back boolean NOT NULL,
    released numeric NOT NULL,
    done bigint NOT NULL,
    released_bps numeric NOT NULL,
    up_front bigint NOT NULL,
    dated bigint NOT NULL,
    in_time bigint NOT NULL,
    -- Seconds from each submission to the next decision.
    decided bigint[] NOT NULL
);
CREATE INDEX contract_counts_by_date ON contract_counts (good_until) WHERE good_until < 'infinity';

-- How far the worker is: all events up to one have been looked at, and above another every contract.
CREATE TABLE counting (
    id smallint PRIMARY KEY DEFAULT 1,
    settled bigint NOT NULL,
    -- Up to here, counted from the newest down, every contract has still to be looked at.
    unfilled bigint NOT NULL,
    CONSTRAINT there_is_one_counting CHECK (id = 1)
);
