-- Disputes: what is frozen of a milestone, what each side says, offers and shows of it, who rules,
-- and how it ended.
-- Locks: milestones and messages, attachments and notices for a moment each, while a column or a
-- rule is added; the new rules of milestones and messages look at every row once.

-- What an older version still makes has nothing frozen.
ALTER TABLE milestones
    ADD COLUMN frozen bigint NOT NULL DEFAULT 0,
    ADD COLUMN staff_cancel_by bigint,
    ADD COLUMN staff_return_at timestamptz,
    DROP CONSTRAINT no_more_goes_than_was_there,
    DROP CONSTRAINT nothing_moves_before_it_is_funded,
    ADD CONSTRAINT no_more_goes_than_was_there CHECK (
        released >= 0 AND returned >= 0 AND releasing >= 0 AND frozen >= 0
        AND released + returned + releasing + frozen <= amount
    ),
    ADD CONSTRAINT nothing_moves_before_it_is_funded CHECK (
        status NOT IN ('requested', 'declined') OR released + returned + releasing + frozen = 0
    ),
    ADD CONSTRAINT what_staff_would_return_is_held CHECK (
        staff_cancel_by IS NULL OR status IN ('funded', 'submitted')
    ),
    ADD CONSTRAINT a_return_is_asked_for_before_it_is_confirmed CHECK (
        staff_return_at IS NULL OR staff_cancel_by IS NOT NULL
    );

ALTER TABLE messages
    DROP CONSTRAINT a_message_is_about_something_known,
    ADD CONSTRAINT a_message_is_about_something_known CHECK (
        about IN ('conversation', 'submission', 'changes', 'cancel', 'question', 'answer',
            'dispute', 'staff_cancel')
    );
ALTER TABLE attachments
    DROP CONSTRAINT files_are_attached_to_what_is_read,
    ADD CONSTRAINT files_are_attached_to_what_is_read CHECK (
        parent_kind IN ('project', 'bid', 'message', 'exhibit')
    );
ALTER TABLE notices
    DROP CONSTRAINT a_notice_is_told_to_a_known_part,
    ADD CONSTRAINT a_notice_is_told_to_a_known_part CHECK (
        part IN ('employer', 'freelancer', 'owner', 'bidder', 'asker', 'operator', 'arbiter')
    );

CREATE TABLE disputes (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    milestone_id bigint NOT NULL,
    employer_id bigint NOT NULL,
    freelancer_id bigint NOT NULL,
    opener_id bigint NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    status text NOT NULL,
    claim bigint NOT NULL,
    opener_figure bigint NOT NULL,
    opener_offer_id bigint NOT NULL,
    other_figure bigint,
    other_offer_id bigint,
    silence_to text NOT NULL,
    fee bigint,
    ends_at timestamptz,
    wakes_at timestamptz,
    next_arbiters bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    payer_id bigint,
    payer_figure bigint,
    matched boolean NOT NULL,
    negotiation_at timestamptz,
    round bigint NOT NULL,
    closes_at timestamptz,
    arbiter_id bigint,
    named_at timestamptz,
    taken_at timestamptz,
    asked_until timestamptz,
    refused_by_opener boolean NOT NULL,
    refused_by_other boolean NOT NULL,
    opener_exhibits bigint NOT NULL,
    opener_bytes bigint NOT NULL,
    other_exhibits bigint NOT NULL,
    other_bytes bigint NOT NULL,
    opened bigint NOT NULL,
    to_freelancer bigint,
    CONSTRAINT a_dispute_has_a_known_status CHECK (
        status IN ('response', 'negotiation', 'final_offers', 'arbitration', 'withdrawn',
            'conceded', 'settled', 'defaulted', 'ruled')
    ),
    CONSTRAINT a_dispute_is_about_something CHECK (amount > 0),
    CONSTRAINT one_of_both_sides_opened_it CHECK (opener_id IN (employer_id, freelancer_id)),
    CONSTRAINT nobody_is_offered_more_than_is_frozen CHECK (
        claim BETWEEN 0 AND amount AND opener_figure BETWEEN 0 AND amount
        AND other_figure BETWEEN 0 AND amount AND payer_figure BETWEEN 0 AND amount
    ),
    CONSTRAINT a_figure_has_its_offer CHECK ((other_figure IS NULL) = (other_offer_id IS NULL)),
    CONSTRAINT silence_is_for_one_of_both CHECK (silence_to IN ('employer', 'freelancer')),
    CONSTRAINT who_pays_the_fee_asked_for_something CHECK (
        (payer_id IS NULL) = (payer_figure IS NULL) AND (payer_id IS NULL OR fee IS NOT NULL)
        AND (payer_id IS NOT NULL OR NOT matched)
    ),
    CONSTRAINT a_fee_takes_nothing_or_more CHECK (fee >= 0),
    CONSTRAINT a_dispute_wakes_with_its_next_clock CHECK (
        wakes_at IS NOT DISTINCT FROM least(closes_at, ends_at)
    ),
    CONSTRAINT what_was_decided_waits_for_nothing CHECK (
        status IN ('response', 'negotiation', 'final_offers', 'arbitration') OR wakes_at IS NULL
    ),
    CONSTRAINT no_side_is_its_own_arbiter CHECK (arbiter_id NOT IN (employer_id, freelancer_id)),
    CONSTRAINT who_is_named_was_named_at_some_time CHECK (
        (arbiter_id IS NULL) = (named_at IS NULL) AND (arbiter_id IS NOT NULL OR taken_at IS NULL)
    ),
    CONSTRAINT each_side_shows_twenty_exhibits_at_most CHECK (
        opener_exhibits BETWEEN 0 AND 20 AND other_exhibits BETWEEN 0 AND 20
        AND opened BETWEEN 0 AND opener_exhibits + other_exhibits
    ),
    CONSTRAINT what_was_decided_says_how CHECK (
        (status IN ('conceded', 'settled', 'defaulted', 'ruled')) = (to_freelancer IS NOT NULL)
        AND (to_freelancer IS NULL OR to_freelancer BETWEEN 0 AND amount)
    )
) WITH (fillfactor = 70);
CREATE INDEX disputes_of_an_employer ON disputes (employer_id, id DESC);
CREATE INDEX disputes_of_a_freelancer ON disputes (freelancer_id, id DESC);
CREATE INDEX disputes_of_a_contract ON disputes (contract_id, id DESC);
CREATE INDEX disputes_of_a_milestone ON disputes (milestone_id, id DESC);
CREATE INDEX disputes_that_wake ON disputes (contract_id, wakes_at) WHERE wakes_at IS NOT NULL;
CREATE UNIQUE INDEX one_open_dispute_a_milestone ON disputes (milestone_id)
    WHERE status IN ('response', 'negotiation', 'final_offers', 'arbitration');
-- An arbiter's desk, and what waits for somebody to be named.
CREATE INDEX disputes_of_an_arbiter ON disputes (arbiter_id, id DESC)
    WHERE arbiter_id IS NOT NULL;
CREATE INDEX disputes_without_an_arbiter ON disputes (id)
    WHERE status = 'arbitration' AND arbiter_id IS NULL;

-- Every open offer there was; the last one of each side stands on the dispute.
CREATE TABLE offers (
    id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    maker_id bigint NOT NULL,
    currency text NOT NULL,
    to_freelancer bigint NOT NULL,
    statement text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT an_offer_gives_nothing_or_more CHECK (to_freelancer >= 0)
);
CREATE INDEX offers_of_a_dispute ON offers (dispute_id, id DESC);

-- What nobody but its maker reads before it is compared, and nobody else after that either.
CREATE TABLE sealed_offers (
    dispute_id bigint NOT NULL,
    maker_id bigint NOT NULL,
    round bigint NOT NULL,
    currency text NOT NULL,
    to_freelancer bigint NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (dispute_id, maker_id),
    CONSTRAINT a_sealed_offer_gives_nothing_or_more CHECK (to_freelancer >= 0),
    CONSTRAINT there_are_three_rounds CHECK (round BETWEEN 1 AND 3)
) WITH (fillfactor = 70);
CREATE INDEX sealed_offers_of_a_person ON sealed_offers (maker_id);

CREATE TABLE exhibits (
    id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    position integer NOT NULL,
    contract_id bigint NOT NULL,
    maker_id bigint NOT NULL,
    type text NOT NULL,
    text text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    opened_by bigint,
    created_at timestamptz NOT NULL,
    files bigint NOT NULL,
    PRIMARY KEY (dispute_id, position),
    CONSTRAINT there_are_forty_places_for_exhibits CHECK (position BETWEEN 1 AND 40),
    CONSTRAINT an_exhibit_is_a_file_a_link_or_a_text CHECK (type IN ('file', 'link', 'text')),
    CONSTRAINT only_a_file_has_a_file CHECK (files = CASE type WHEN 'file' THEN 1 ELSE 0 END),
    CONSTRAINT an_exhibit_has_a_digest_of_something CHECK (
        size > 0 AND sha256 ~ '^[0-9a-f]{64}$'
    )
);
-- What a file is attached to is found by its own number.
CREATE UNIQUE INDEX exhibits_by_number ON exhibits (id);

-- The later end of the present stage that one side proposed last.
CREATE TABLE extensions (
    dispute_id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    proposer_id bigint NOT NULL,
    until timestamptz NOT NULL,
    status text NOT NULL,
    ends_at timestamptz NOT NULL,
    is_open boolean NOT NULL,
    CONSTRAINT an_extension_ends_later CHECK (until > ends_at)
) WITH (fillfactor = 70);

CREATE TABLE namings (
    dispute_id bigint NOT NULL,
    arbiter_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (dispute_id, arbiter_id)
);

CREATE TABLE rulings (
    dispute_id bigint PRIMARY KEY,
    contract_id bigint NOT NULL,
    arbiter_id bigint NOT NULL,
    currency text NOT NULL,
    to_freelancer bigint NOT NULL,
    reasons text NOT NULL,
    exhibits bigint[] NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT a_ruling_gives_nothing_or_more CHECK (to_freelancer >= 0),
    CONSTRAINT a_ruling_has_its_reasons CHECK (reasons <> '')
);
-- Who has ruled least of late is named next.
CREATE INDEX rulings_of_an_arbiter ON rulings (arbiter_id, created_at);

-- Who lets a dispute on a milestone go opens no other on it.
CREATE TABLE withdrew (
    milestone_id bigint NOT NULL,
    opener_id bigint NOT NULL,
    dispute_id bigint NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (milestone_id, opener_id)
);

-- What happens to a dispute and is counted in no contract is known to who did it alone.
CREATE INDEX events_of_sealed_offers ON events (subject_id, id DESC)
    WHERE subject_kind = 'dispute' AND contract_id IS NULL;
