-- disputes.visible --
-- About a milestone of a contract of this person, or one for which they were named arbiter. --
(t.employer_id = $1 OR t.freelancer_id = $1 OR t.arbiter_id = $1 AND EXISTS (
    SELECT FROM users u WHERE u.id = $1 AND u.status = 'active' AND 'arbiter' = ANY (u.roles)
))

-- disputes.as_employer --
-- About a milestone that this person pays. --
t.employer_id = $1

-- disputes.as_freelancer --
-- About a milestone that this person works on. --
t.freelancer_id = $1

-- disputes.as_arbiter --
-- For which this person was named arbiter, as long as they are one. --
t.arbiter_id = $1 AND EXISTS (
    SELECT FROM users u WHERE u.id = $1 AND u.status = 'active' AND 'arbiter' = ANY (u.roles)
)

-- disputes.waiting_for_employer --
-- To be answered, or to be matched with the fee that the other side put up. --
(t.status = 'response' AND t.opener_id <> t.employer_id
    OR t.status = 'final_offers' AND t.payer_id <> t.employer_id)

-- disputes.waiting_for_freelancer --
-- The same for the other side. --
(t.status = 'response' AND t.opener_id <> t.freelancer_id
    OR t.status = 'final_offers' AND t.payer_id <> t.freelancer_id)

-- disputes.waiting_for_arbiter --
-- To be taken on, looked at and ruled on. --
t.status = 'arbitration'

-- disputes.of_milestone --
-- About this milestone. --
t.milestone_id = $1

-- disputes.of_this --
-- What belongs to this dispute. --
t.dispute_id = $1

-- disputes.of_this_by --
-- What this person made in this dispute. --
t.dispute_id = $1 AND t.maker_id = $2

-- disputes.unnamed --
-- Disputes for which an arbiter has to be named, the oldest first, but these; and who that is: --
-- whoever may rule, knows neither side, was not named before and never wanted as an operator to --
-- have the money returned, with the fewest rulings of late; of equal ones the smallest number. --
-- Also in the place of one who may not any more. None on a restored site before it resumes. --
SELECT id, arbiter_id FROM (SELECT d.id, (
    SELECT u.id FROM users u
    WHERE u.roles <> '{}' AND 'arbiter' = ANY (u.roles) AND u.status = 'active'
        AND u.id NOT IN (d.employer_id, d.freelancer_id)
        AND NOT EXISTS (
            SELECT FROM namings n WHERE n.dispute_id = d.id AND n.arbiter_id = u.id
        )
        AND NOT EXISTS (
            SELECT FROM events e WHERE e.subject_id = d.milestone_id AND e.actor_id = u.id
                AND e.name IN ('milestone.staff_cancel_asked', 'milestone.staff_cancel_confirmed')
        )
        AND NOT EXISTS (
            SELECT FROM contracts c WHERE c.status IN ('active', 'ended') AND (
                c.employer_id = u.id AND c.freelancer_id IN (d.employer_id, d.freelancer_id)
                OR c.freelancer_id = u.id AND c.employer_id IN (d.employer_id, d.freelancer_id)
            )
        )
    ORDER BY (
        SELECT count(*) FROM rulings r
        WHERE r.arbiter_id = u.id
            AND r.created_at > now() + (SELECT clock_offset FROM site) - $2::interval
    ), u.id LIMIT 1
) AS arbiter_id
FROM disputes d
WHERE d.status = 'arbitration' AND d.id <> ALL ($3::bigint[])
    AND (d.arbiter_id IS NULL OR NOT EXISTS (
        SELECT FROM users a
        WHERE a.id = d.arbiter_id AND a.status = 'active' AND 'arbiter' = ANY (a.roles)
    ))
    AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
) t
WHERE arbiter_id IS NOT NULL ORDER BY id LIMIT $1

-- disputes.is_unnamed --
-- Whether nobody who may rule is named for a dispute that waits for its ruling. --
SELECT d.status = 'arbitration' AND NOT EXISTS (
    SELECT FROM users a
    WHERE a.id = d.arbiter_id AND a.status = 'active' AND 'arbiter' = ANY (a.roles)
)
FROM disputes d WHERE d.id = $1
