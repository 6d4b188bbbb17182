-- ledger.releases_hold_what_is_on_its_way --
-- Each by itself, and all of a milestone's together. --
WITH wrong AS (
    SELECT r.id, format('release %s of %s is %s and holds %s', r.id, r.amount, r.status,
        coalesce(a.balance, 0)) AS what
    FROM releases r
    LEFT JOIN accounts a ON a.kind = 'releasing' AND a.owner = r.id AND a.currency = r.currency
    WHERE coalesce(a.balance, 0) <> CASE r.status WHEN 'releasing' THEN r.amount ELSE 0 END
    UNION ALL
    SELECT m.id, format('milestone %s is releasing %s, its releases %s', m.id, m.releasing,
        coalesce(w.amount, 0))
    FROM milestones m
    LEFT JOIN (
        SELECT milestone_id AS id, sum(amount) AS amount FROM releases
        WHERE status = 'releasing' GROUP BY milestone_id
    ) w USING (id)
    WHERE m.releasing <> coalesce(w.amount, 0)
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1

-- ledger.no_clock_is_forgotten --
-- What holds money and has a clock wakes, so does a dispute in a stage that ends, and its contract --
-- no later than any of it. --
WITH wrong AS (
    SELECT m.id, format('milestone %s is %s and never wakes', m.id, m.status) AS what
    FROM milestones m JOIN terms t ON t.hash = m.terms_hash
    WHERE m.wakes_at IS NULL AND m.amount > m.releasing + m.frozen + m.released + m.returned
        AND (m.status = 'funded'
            OR m.status = 'submitted' AND t.body ->> 'review_seconds' IS NOT NULL)
    UNION ALL
    SELECT d.id, format('dispute %s is in %s and wakes %s', d.id, d.status,
        coalesce(d.wakes_at::text, 'never'))
    FROM disputes d
    JOIN milestones m ON m.id = d.milestone_id
    JOIN terms t ON t.hash = m.terms_hash
    WHERE d.wakes_at IS DISTINCT FROM least(d.closes_at, d.ends_at)
        OR d.ends_at IS NULL AND CASE d.status
            WHEN 'negotiation' THEN t.body ->> 'negotiation_seconds' IS NOT NULL
            WHEN 'arbitration' THEN t.body ->> 'ruling_seconds' IS NOT NULL
            ELSE d.status IN ('response', 'final_offers')
        END
    UNION ALL
    SELECT c.id, format('contract %s wakes %s, what belongs to it %s', c.id,
        coalesce(c.wakes_at::text, 'never'), w.wakes_at)
    FROM contracts c
    JOIN (
        SELECT contract_id AS id, min(wakes_at) AS wakes_at FROM (
            SELECT contract_id, wakes_at FROM milestones WHERE wakes_at IS NOT NULL
            UNION ALL
            SELECT contract_id, wakes_at FROM releases WHERE wakes_at IS NOT NULL
            UNION ALL
            SELECT contract_id, wakes_at FROM disputes WHERE wakes_at IS NOT NULL
        ) t GROUP BY contract_id
    ) w USING (id)
    WHERE c.status = 'active' AND (c.wakes_at IS NULL OR c.wakes_at > w.wakes_at)
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1

-- ledger.what_was_put_off_was_told --
-- Where a clock waits, an event says so, of 72 hours before. --
WITH put_off AS (
    SELECT id, id AS milestone_id, deferred_until, 'milestone.deferred' AS event,
        format('milestone %s', id) AS what
    FROM milestones WHERE deferred_until IS NOT NULL
    UNION ALL
    SELECT id, milestone_id, deferred_until, 'dispute.deferred', format('dispute %s', id)
    FROM disputes WHERE deferred_until IS NOT NULL
), wrong AS (
    SELECT p.id, format('%s is put off until %s, and no event says so', p.what, p.deferred_until)
        AS what
    FROM put_off p
    WHERE NOT EXISTS (
        SELECT FROM events e
        WHERE e.subject_id = p.milestone_id AND e.name = p.event
            AND e.at = p.deferred_until - interval '72 hours'
    )
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1
