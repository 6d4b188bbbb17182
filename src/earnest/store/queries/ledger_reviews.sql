-- ledger.contracts_say_since_when_they_paid --
-- The moment of the first transfer to their freelancer, and nothing before that. --
WITH paid AS (
    SELECT t.contract_id AS id, min(t.at) AS at
    FROM transfers t
    JOIN contracts c ON c.id = t.contract_id AND c.freelancer_id = t.credit_owner
    WHERE t.credit_kind = 'wallet' GROUP BY t.contract_id
)
SELECT format('contract %s says that it paid since %s, and it did since %s', c.id,
    coalesce(c.paid_at::text, 'never'), coalesce(p.at::text, 'never')), count(*) OVER ()
FROM contracts c LEFT JOIN paid p USING (id)
WHERE c.paid_at IS DISTINCT FROM p.at
ORDER BY c.id LIMIT 1

-- ledger.reviews_are_of_contracts_that_paid_and_ended --
-- By one side of the other. --
SELECT format('review %s is of no contract %s that has ended and paid', r.id, r.contract_id),
    count(*) OVER ()
FROM reviews r
LEFT JOIN contracts c ON c.id = r.contract_id AND c.status = 'ended' AND c.paid_at IS NOT NULL
    AND (r.reviewer_id, r.reviewed_id)
        IN ((c.employer_id, c.freelancer_id), (c.freelancer_id, c.employer_id))
WHERE c.id IS NULL
ORDER BY r.id LIMIT 1

-- ledger.contracts_say_who_has_reviewed --
-- Each side once, at the moment of its review. --
WITH said AS (
    SELECT c.id, s.reviewer_id, s.at
    FROM reviewed d JOIN contracts c ON c.id = d.contract_id
    CROSS JOIN LATERAL (VALUES (c.employer_id, d.by_employer_at),
        (c.freelancer_id, d.by_freelancer_at)) AS s (reviewer_id, at)
    WHERE s.at IS NOT NULL
), wrong AS (
    SELECT coalesce(s.id, r.contract_id) AS id, s.at, r.created_at
    FROM said s
    FULL JOIN reviews r ON r.contract_id = s.id AND r.reviewer_id = s.reviewer_id
    WHERE s.at IS DISTINCT FROM r.created_at
)
SELECT format('contract %s says of a review %s, and it was given %s', id,
    coalesce(at::text, 'nothing'), coalesce(created_at::text, 'never')), count(*) OVER ()
FROM wrong ORDER BY id LIMIT 1
