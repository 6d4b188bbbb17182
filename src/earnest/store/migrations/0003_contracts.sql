-- Contracts, their milestones, what was released and what was said.
-- Locks: creates only; safe while the product runs.

CREATE TABLE terms (
    hash text PRIMARY KEY,
    body json NOT NULL,
    CONSTRAINT terms_are_known_by_their_sha256 CHECK (hash ~ '^[0-9a-f]{64}$')
);

CREATE TABLE offer_counters (
    employer_id bigint NOT NULL REFERENCES users (id),
    freelancer_id bigint NOT NULL REFERENCES users (id),
    unanswered integer NOT NULL,
    PRIMARY KEY (employer_id, freelancer_id),
    CONSTRAINT at_most_three_offers_wait CHECK (unanswered BETWEEN 0 AND 3)
);

CREATE TABLE contracts (
    id bigint PRIMARY KEY,
    employer_id bigint NOT NULL REFERENCES users (id),
    freelancer_id bigint NOT NULL REFERENCES users (id),
    currency text NOT NULL,
    terms_hash text NOT NULL REFERENCES terms (hash),
    status text NOT NULL,
    seq bigint NOT NULL,
    milestones integer NOT NULL,
    last_act_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT nobody_is_both_sides CHECK (employer_id <> freelancer_id),
    CONSTRAINT a_contract_has_a_known_status
        CHECK (status IN ('offered', 'active', 'ended', 'declined', 'revoked'))
) WITH (fillfactor = 70);
CREATE INDEX contracts_of_an_employer ON contracts (employer_id, id DESC);
CREATE INDEX contracts_of_a_freelancer ON contracts (freelancer_id, id DESC);

CREATE TABLE milestones (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contracts (id),
    employer_id bigint NOT NULL,
    freelancer_id bigint NOT NULL,
    description text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    released bigint NOT NULL,
    returned bigint NOT NULL,
    status text NOT NULL,
    due_at timestamptz,
    agreement_hash text NOT NULL,
    terms_hash text,
    funded_at timestamptz,
    submitted_at timestamptz,
    rounds integer NOT NULL,
    cancel_asked_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT a_milestone_has_a_known_status CHECK (
        status IN ('requested', 'funded', 'submitted', 'released', 'cancelled', 'declined')
    ),
    CONSTRAINT a_milestone_is_about_something CHECK (amount > 0),
    CONSTRAINT no_more_goes_than_was_there
        CHECK (released >= 0 AND returned >= 0 AND released + returned <= amount),
    CONSTRAINT what_was_released_or_cancelled_holds_nothing CHECK (
        status NOT IN ('released', 'cancelled') OR released + returned = amount
    ),
    CONSTRAINT released_means_that_something_was CHECK (status <> 'released' OR released > 0),
    CONSTRAINT cancelled_means_that_nothing_was CHECK (status <> 'cancelled' OR released = 0),
    CONSTRAINT nothing_moves_before_it_is_funded
        CHECK (status NOT IN ('requested', 'declined') OR released + returned = 0),
    CONSTRAINT what_is_funded_has_terms CHECK (
        (status IN ('requested', 'declined')) = (funded_at IS NULL)
        AND (funded_at IS NULL) = (terms_hash IS NULL)
    ),
    CONSTRAINT what_is_submitted_says_when CHECK (status <> 'submitted' OR submitted_at IS NOT NULL)
) WITH (fillfactor = 70);
CREATE INDEX milestones_of_a_contract ON milestones (contract_id, id DESC);
CREATE INDEX milestones_of_an_employer ON milestones (employer_id, id DESC);
CREATE INDEX milestones_of_a_freelancer ON milestones (freelancer_id, id DESC);

CREATE TABLE releases (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contracts (id),
    milestone_id bigint NOT NULL REFERENCES milestones (id),
    currency text NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_release_pays_something CHECK (amount > 0),
    CONSTRAINT a_fee_is_part_of_what_is_paid CHECK (fee BETWEEN 0 AND amount)
);
CREATE INDEX releases_of_a_contract ON releases (contract_id, id DESC);

CREATE TABLE messages (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL REFERENCES contracts (id),
    milestone_id bigint REFERENCES milestones (id),
    sender_id bigint NOT NULL,
    about text NOT NULL,
    text text NOT NULL,
    links text[] NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_message_is_about_something_known
        CHECK (about IN ('conversation', 'submission', 'changes', 'cancel'))
);
CREATE INDEX messages_of_a_contract ON messages (contract_id, id DESC);
