-- Projects, bids and what they propose, and the contracts that come of them.
-- Locks: messages, milestones and contracts for a moment each, while their columns are added.

CREATE TABLE projects (
    id bigint PRIMARY KEY,
    employer_id bigint NOT NULL REFERENCES users (id),
    title text NOT NULL,
    description text NOT NULL,
    skills text[] NOT NULL,
    currency text NOT NULL,
    budget_min bigint NOT NULL,
    budget_max bigint NOT NULL,
    closes_at timestamptz NOT NULL,
    status text NOT NULL,
    bids integer NOT NULL,
    offered integer NOT NULL,
    active integer NOT NULL,
    reserved_since timestamptz,
    wakes_at timestamptz,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT a_project_has_a_known_status
        CHECK (status IN ('open', 'in_progress', 'completed', 'closed')),
    CONSTRAINT a_budget_is_something_and_no_less_than_that
        CHECK (budget_min > 0 AND budget_max >= budget_min),
    CONSTRAINT nothing_is_counted_below_zero CHECK (bids >= 0 AND offered >= 0 AND active >= 0),
    CONSTRAINT an_open_project_has_no_active_contract CHECK (status <> 'open' OR active = 0),
    CONSTRAINT what_has_ended_has_no_contract
        CHECK (status NOT IN ('completed', 'closed') OR offered + active = 0),
    CONSTRAINT what_has_ended_reserves_nothing
        CHECK (status NOT IN ('completed', 'closed') OR reserved_since IS NULL),
    CONSTRAINT what_has_ended_does_not_wake
        CHECK (status NOT IN ('completed', 'closed') OR wakes_at IS NULL),
    CONSTRAINT nobody_waits_for_an_answer_in_vain CHECK (offered = 0 OR wakes_at IS NULL)
) WITH (fillfactor = 70);
CREATE INDEX projects_of_an_employer ON projects (employer_id, id DESC);
CREATE INDEX projects_that_are_open ON projects (id DESC) WHERE status = 'open';
CREATE INDEX projects_with_a_reserve ON projects (id DESC) WHERE reserved_since IS NOT NULL;
CREATE INDEX projects_by_skill ON projects USING gin (skills);
CREATE INDEX projects_that_wake ON projects (wakes_at) WHERE wakes_at IS NOT NULL;

-- A person's bids for a project that are not over: at most one.
CREATE TABLE bidders (
    project_id bigint NOT NULL,
    bidder_id bigint NOT NULL,
    live integer NOT NULL,
    PRIMARY KEY (project_id, bidder_id),
    CONSTRAINT nobody_bids_twice_at_a_time CHECK (live IN (0, 1))
);

CREATE TABLE bids (
    id bigint PRIMARY KEY,
    project_id bigint NOT NULL,
    employer_id bigint NOT NULL,
    bidder_id bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    period_days integer NOT NULL,
    proposal text NOT NULL,
    milestones integer NOT NULL,
    hash text NOT NULL,
    status text NOT NULL,
    shortlisted boolean NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT nobody_bids_for_their_own CHECK (employer_id <> bidder_id),
    CONSTRAINT a_bid_is_for_something CHECK (amount > 0 AND period_days > 0),
    CONSTRAINT a_bid_proposes_one_to_ten_milestones CHECK (milestones BETWEEN 1 AND 10),
    CONSTRAINT a_bid_has_a_known_status
        CHECK (status IN ('live', 'awarded', 'accepted', 'retracted', 'declined')),
    CONSTRAINT what_is_over_is_on_no_shortlist
        CHECK (NOT shortlisted OR status NOT IN ('retracted', 'declined'))
) WITH (fillfactor = 70);
CREATE INDEX bids_of_a_project ON bids (project_id, id DESC);
CREATE INDEX bids_of_an_employer ON bids (employer_id, id DESC);
CREATE INDEX bids_of_a_person ON bids (bidder_id, id DESC);
CREATE UNIQUE INDEX one_bid_a_person_and_project ON bids (project_id, bidder_id)
    WHERE status IN ('live', 'awarded', 'accepted');

-- At a place that a bid no longer counts, what stands there was proposed before it was changed.
CREATE TABLE proposals (
    id bigint NOT NULL,
    bid_id bigint NOT NULL,
    position integer NOT NULL,
    description text NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    days integer,
    due_at timestamptz,
    PRIMARY KEY (bid_id, position),
    CONSTRAINT there_are_ten_places CHECK (position BETWEEN 1 AND 10),
    CONSTRAINT a_proposed_milestone_is_about_something CHECK (amount > 0),
    CONSTRAINT it_has_its_days_or_its_date CHECK ((days IS NULL) <> (due_at IS NULL))
);

ALTER TABLE contracts
    ADD COLUMN project_id bigint,
    ADD COLUMN bid_id bigint,
    ADD COLUMN wakes_at timestamptz,
    DROP CONSTRAINT a_contract_has_a_known_status,
    ADD CONSTRAINT a_contract_has_a_known_status
        CHECK (status IN ('offered', 'active', 'ended', 'declined', 'lapsed', 'revoked')),
    ADD CONSTRAINT an_award_is_of_a_bid CHECK ((project_id IS NULL) = (bid_id IS NULL));
-- Offers of before have as long from now on as new ones.
UPDATE contracts c SET wakes_at = clock_timestamp() + (SELECT clock_offset FROM site)
    + make_interval(secs => (t.body ->> 'accept_seconds')::double precision)
FROM terms t WHERE t.hash = c.terms_hash AND c.status = 'offered';
ALTER TABLE contracts
    ADD CONSTRAINT only_an_offer_waits CHECK ((status = 'offered') = (wakes_at IS NOT NULL));
CREATE INDEX contracts_of_a_project ON contracts (project_id, id DESC)
    WHERE project_id IS NOT NULL;
CREATE INDEX contracts_that_wake ON contracts (wakes_at) WHERE wakes_at IS NOT NULL;

ALTER TABLE milestones ADD COLUMN project_id bigint;

-- The bid that terms were offered on is part of what their hash says.
ALTER TABLE terms ADD COLUMN bid json;

ALTER TABLE messages
    ALTER COLUMN contract_id DROP NOT NULL,
    ADD COLUMN project_id bigint,
    ADD COLUMN question_id bigint,
    DROP CONSTRAINT a_message_is_about_something_known,
    ADD CONSTRAINT a_message_is_about_something_known CHECK (
        about IN ('conversation', 'submission', 'changes', 'cancel', 'question', 'answer')
    ),
    ADD CONSTRAINT a_message_has_one_place CHECK ((contract_id IS NULL) <> (project_id IS NULL)),
    ADD CONSTRAINT only_an_answer_answers CHECK ((about = 'answer') = (question_id IS NOT NULL));
CREATE INDEX messages_of_a_project ON messages (project_id, id DESC) WHERE project_id IS NOT NULL;

-- Projects and bids have no contract to be found through.
CREATE INDEX events_of_a_project ON events (subject_id, id DESC)
    WHERE subject_kind IN ('project', 'bid');
