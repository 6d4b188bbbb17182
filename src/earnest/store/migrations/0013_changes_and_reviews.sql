-- What one side would like a milestone to be, and what each side of a contract says of the other.
-- Locks: contracts and milestones for a moment each, while their columns are added, and events for
-- as long as its index is made.

ALTER TABLE milestones ADD COLUMN agreed_at timestamptz;
-- A due date binds if the freelancer asked for it, or saw it when accepting the contract.
UPDATE milestones m SET agreed_at = m.created_at
FROM events e
WHERE e.contract_id = m.contract_id AND e.name = 'milestone.requested'
    AND m.due_at IS NOT NULL AND m.id = (e.body -> 'rows' -> 0 ->> 'number')::bigint;
UPDATE milestones m SET agreed_at = e.at
FROM events e
WHERE e.contract_id = m.contract_id AND e.name = 'contract.accepted'
    AND m.due_at IS NOT NULL AND m.agreed_at IS NULL AND m.created_at <= e.at;
ALTER TABLE milestones
    ADD CONSTRAINT only_a_due_date_is_agreed CHECK (agreed_at IS NULL OR due_at IS NOT NULL);

-- The last proposal for each milestone, and whether it has been answered.
CREATE TABLE edits (
    milestone_id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    proposer_id bigint NOT NULL,
    answerer_id bigint NOT NULL,
    description text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    due_at timestamptz,
    gone bigint NOT NULL,
    hash text NOT NULL,
    is_open boolean NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT nobody_answers_themselves CHECK (proposer_id <> answerer_id),
    CONSTRAINT an_edit_leaves_what_has_gone CHECK (amount > 0 AND gone BETWEEN 0 AND amount)
) WITH (fillfactor = 70);
CREATE INDEX edits_that_wait ON edits (answerer_id, milestone_id DESC) WHERE is_open;

ALTER TABLE contracts ADD COLUMN paid_at timestamptz;
UPDATE contracts c SET paid_at = r.at
FROM (
    SELECT contract_id, min(created_at) AS at FROM releases WHERE amount > fee GROUP BY contract_id
) r
WHERE r.contract_id = c.id;

CREATE TABLE reviews (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    reviewer_id bigint NOT NULL,
    reviewed_id bigint NOT NULL,
    quality integer NOT NULL,
    communication integer NOT NULL,
    fairness integer NOT NULL,
    punctuality integer NOT NULL,
    again integer NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT nobody_reviews_themselves CHECK (reviewer_id <> reviewed_id),
    CONSTRAINT a_criterion_has_one_to_five_stars CHECK (
        least(quality, communication, fairness, punctuality, again) >= 1
        AND greatest(quality, communication, fairness, punctuality, again) <= 5
    )
);
CREATE UNIQUE INDEX one_review_a_side ON reviews (contract_id, reviewer_id);
CREATE INDEX reviews_of_a_person ON reviews (reviewed_id, id DESC);

CREATE INDEX reviews_by_a_person ON reviews (reviewer_id, id DESC);

-- Who has reviewed whom in a contract, and from when on others see it. It lies beside the contract,
-- and is held with it.
CREATE TABLE reviewed (
    contract_id bigint PRIMARY KEY,
    by_employer_at timestamptz,
    by_freelancer_at timestamptz,
    shown_at timestamptz NOT NULL
) WITH (fillfactor = 70);

-- Only who gave a review knows of it at first, so its event is counted in no contract.
CREATE INDEX events_of_reviews ON events (subject_id, id DESC)
    WHERE subject_kind = 'contract' AND contract_id IS NULL;
