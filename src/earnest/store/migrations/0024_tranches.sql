-- Tranches: by which plan a milestone is paid in parts, and what became of each part.
-- Locks: milestones and disputes for a moment each, while columns and rules are added; the new rules
-- look at every row once.

-- What an older version still makes has no plan.
ALTER TABLE milestones
    ADD COLUMN plan json,
    ADD COLUMN plan_agreed_at timestamptz,
    ADD COLUMN pays_at timestamptz,
    ADD CONSTRAINT only_a_plan_is_agreed_to CHECK (plan_agreed_at IS NULL OR plan IS NOT NULL),
    ADD CONSTRAINT only_an_agreed_plan_pays CHECK (pays_at IS NULL OR plan_agreed_at IS NOT NULL);

ALTER TABLE disputes ADD COLUMN tranche_id bigint;

CREATE TABLE tranches (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    milestone_id bigint NOT NULL,
    position bigint NOT NULL,
    of bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    at timestamptz NOT NULL,
    retention boolean NOT NULL,
    status text NOT NULL,
    objected bigint NOT NULL,
    paid bigint NOT NULL,
    paid_at timestamptz,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_tranche_has_a_known_status CHECK (status IN ('waiting', 'paid')),
    CONSTRAINT a_tranche_is_something CHECK (amount > 0),
    CONSTRAINT a_tranche_has_its_place CHECK (
        of BETWEEN 2 AND 24 AND position BETWEEN 1 AND of
    ),
    CONSTRAINT only_the_last_is_kept_back CHECK (NOT retention OR position = of),
    CONSTRAINT a_tranche_pays_nothing_or_more CHECK (objected >= 0 AND paid >= 0),
    -- The last pays all that is held, which may be more than was planned.
    CONSTRAINT no_tranche_pays_more_than_it_is CHECK (
        position = of OR paid + objected <= amount
    ),
    CONSTRAINT what_was_paid_says_when CHECK (
        (status = 'paid') = (paid_at IS NOT NULL) AND (status = 'paid') = (paid > 0)
    )
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX tranches_of_a_milestone ON tranches (milestone_id, position);
CREATE INDEX tranches_of_a_contract ON tranches (contract_id, id DESC);
-- What waits for a freelancer's answer, on their first page.
CREATE INDEX plans_to_agree_to ON milestones (freelancer_id, id DESC)
    WHERE plan IS NOT NULL AND plan_agreed_at IS NULL AND status = 'funded';
