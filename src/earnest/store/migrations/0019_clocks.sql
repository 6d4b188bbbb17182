-- Clocks of milestones and releases: what happens if nobody does anything, and time to undo.
-- Locks: contracts, milestones and releases, for as long as their live rows take to be written: a
-- minute at a million milestones. Run it while nobody is served.

ALTER TABLE milestones
    ADD COLUMN releasing bigint NOT NULL DEFAULT 0,
    ADD COLUMN changes_asked_at timestamptz,
    ADD COLUMN review_used_us bigint NOT NULL DEFAULT 0,
    ADD COLUMN wakes_at timestamptz;
ALTER TABLE milestones
    ALTER COLUMN releasing DROP DEFAULT,
    ALTER COLUMN review_used_us DROP DEFAULT,
    DROP CONSTRAINT no_more_goes_than_was_there,
    DROP CONSTRAINT nothing_moves_before_it_is_funded,
    DROP CONSTRAINT what_was_released_or_cancelled_holds_nothing,
    ADD CONSTRAINT no_more_goes_than_was_there CHECK (
        released >= 0 AND returned >= 0 AND releasing >= 0
        AND released + returned + releasing <= amount
    ),
    ADD CONSTRAINT nothing_moves_before_it_is_funded CHECK (
        status NOT IN ('requested', 'declined') OR released + returned + releasing = 0
    ),
    ADD CONSTRAINT what_was_released_or_cancelled_holds_nothing CHECK (
        status NOT IN ('released', 'cancelled') OR (released + returned = amount)
    ),
    ADD CONSTRAINT only_what_holds_money_wakes CHECK (
        wakes_at IS NULL OR status IN ('funded', 'submitted')
    ),
    ADD CONSTRAINT no_time_to_look_is_given_back CHECK (review_used_us >= 0);

ALTER TABLE releases
    ADD COLUMN status text NOT NULL DEFAULT 'final',
    ADD COLUMN wakes_at timestamptz;
ALTER TABLE releases
    ALTER COLUMN status DROP DEFAULT,
    ADD CONSTRAINT a_release_has_a_known_status CHECK (
        status IN ('releasing', 'final', 'recalled')
    ),
    ADD CONSTRAINT only_what_is_on_its_way_wakes CHECK (
        (status = 'releasing') = (wakes_at IS NOT NULL)
    );

-- Once it is active, a contract wakes with the first of what belongs to it.
ALTER TABLE contracts
    DROP CONSTRAINT only_an_offer_waits,
    ADD CONSTRAINT an_offer_waits_for_its_answer CHECK (
        status <> 'offered' OR wakes_at IS NOT NULL
    ),
    ADD CONSTRAINT what_is_over_waits_for_nothing CHECK (
        status IN ('offered', 'active') OR wakes_at IS NULL
    );

-- Until now the only clock in force is that of contracts in which nobody does anything.
UPDATE milestones m SET wakes_at = c.last_act_at
    + make_interval(secs => (t.body ->> 'dormant_seconds')::bigint)
FROM contracts c, terms t
WHERE c.id = m.contract_id AND t.hash = m.terms_hash AND m.status = 'funded';
UPDATE milestones m SET changes_asked_at = (
    SELECT max(s.created_at) FROM messages s
    WHERE s.contract_id = m.contract_id AND s.milestone_id = m.id AND s.about = 'changes'
)
WHERE m.rounds > 0 AND m.status IN ('funded', 'submitted');
UPDATE contracts c SET wakes_at = w.wakes_at
FROM (SELECT contract_id, min(wakes_at) AS wakes_at FROM milestones GROUP BY contract_id) w
WHERE w.contract_id = c.id AND c.status = 'active' AND w.wakes_at IS NOT NULL;

CREATE INDEX milestones_that_wake ON milestones (contract_id, wakes_at)
    WHERE wakes_at IS NOT NULL;
CREATE INDEX releases_that_wake ON releases (contract_id, wakes_at) WHERE wakes_at IS NOT NULL;
