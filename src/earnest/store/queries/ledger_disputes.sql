-- ledger.disputes_hold_what_they_froze --
-- Each by itself exactly its amount while it is open, then nothing; of a milestone at most one is --
-- open, and that is what it says to be frozen. --
WITH wrong AS (
    SELECT coalesce(d.id, a.owner) AS id, format('dispute %s is %s and holds %s, not %s',
        coalesce(d.id, a.owner), coalesce(d.status, 'not there'), coalesce(a.balance, 0),
        coalesce(d.due, 0)) AS what
    FROM (
        SELECT id, status, currency, CASE WHEN status IN
            ('response', 'negotiation', 'final_offers', 'arbitration') THEN amount ELSE 0 END AS due
        FROM disputes
    ) d
    FULL JOIN (SELECT * FROM accounts WHERE kind = 'dispute') a
        ON a.owner = d.id AND a.currency = d.currency
    WHERE coalesce(a.balance, 0) <> coalesce(d.due, 0)
    UNION ALL
    SELECT m.id, format('milestone %s has %s frozen, its open disputes %s of %s', m.id, m.frozen,
        coalesce(w.disputes, 0), coalesce(w.amount, 0))
    FROM milestones m
    LEFT JOIN (
        SELECT milestone_id AS id, count(*) AS disputes, sum(amount) AS amount FROM disputes
        WHERE status IN ('response', 'negotiation', 'final_offers', 'arbitration')
        GROUP BY milestone_id
    ) w USING (id)
    WHERE m.frozen <> coalesce(w.amount, 0) OR w.disputes > 1
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1

-- ledger.stakes_are_what_was_put_up --
-- The fee of each side that paid it while the dispute is open, then nothing. --
WITH wrong AS (
    SELECT coalesce(d.id, a.owner) AS id, d.status, coalesce(a.balance, 0) AS balance,
        coalesce(d.due, 0) AS due
    FROM (
        SELECT id, status, currency, CASE WHEN status IN
            ('response', 'negotiation', 'final_offers', 'arbitration') AND payer_id IS NOT NULL
            THEN fee * CASE WHEN matched THEN 2 ELSE 1 END ELSE 0 END AS due
        FROM disputes
    ) d
    FULL JOIN (SELECT * FROM accounts WHERE kind = 'stake') a
        ON a.owner = d.id AND a.currency = d.currency
)
SELECT format('stake of dispute %s, which is %s, is %s, not %s', id, coalesce(status, 'not there'),
    balance, due), count(*) OVER ()
FROM wrong WHERE balance <> due ORDER BY id LIMIT 1

-- ledger.disputes_have_their_offers --
-- The last of each side is there, and says its figure; exhibits are there, one for each counted. --
WITH wrong AS (
    SELECT d.id, format('dispute %s stands on offer %s, which does not say its figure', d.id,
        coalesce(o.id, s.offer_id)) AS what
    FROM disputes d
    CROSS JOIN LATERAL (VALUES
        (d.opener_id, d.opener_offer_id, d.opener_figure),
        (CASE WHEN d.opener_id = d.employer_id THEN d.freelancer_id ELSE d.employer_id END,
            d.other_offer_id, d.other_figure)
    ) AS s (maker_id, offer_id, figure)
    LEFT JOIN offers o ON o.id = s.offer_id
    WHERE s.offer_id IS NOT NULL AND (o.dispute_id, o.maker_id, o.to_freelancer, o.currency)
        IS DISTINCT FROM (d.id, s.maker_id, s.figure, d.currency)
    UNION ALL
    SELECT d.id, format('dispute %s counts %s exhibits of %s bytes, and has %s of %s', d.id,
        d.opener_exhibits + d.other_exhibits, d.opener_bytes + d.other_bytes,
        coalesce(e.exhibits, 0), coalesce(e.bytes, 0))
    FROM disputes d
    LEFT JOIN (
        SELECT dispute_id AS id, count(*) AS exhibits, sum(size) AS bytes FROM exhibits
        GROUP BY dispute_id
    ) e USING (id)
    WHERE (coalesce(e.exhibits, 0), coalesce(e.bytes, 0))
        <> (d.opener_exhibits + d.other_exhibits, d.opener_bytes + d.other_bytes)
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1

-- ledger.rulings_are_those_of_their_disputes --
-- What was ruled has one ruling, of its arbiter, for what was paid; nothing else has any. --
SELECT format('dispute %s is %s for %s, its ruling says %s', coalesce(d.id, r.dispute_id),
    coalesce(d.status, 'not there'), coalesce(d.to_freelancer::text, 'nothing'),
    coalesce(r.to_freelancer::text, 'nothing')), count(*) OVER ()
FROM (SELECT * FROM disputes WHERE status = 'ruled') d
FULL JOIN rulings r ON r.dispute_id = d.id
WHERE (d.arbiter_id, d.to_freelancer, d.currency)
    IS DISTINCT FROM (r.arbiter_id, r.to_freelancer, r.currency)
ORDER BY coalesce(d.id, r.dispute_id) LIMIT 1
