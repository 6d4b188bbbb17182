-- ledger.tranches_are_those_of_their_plans --
-- Each of a plan is there, as it was planned, and no other is. --
WITH planned AS (
    SELECT (p.each ->> 'id')::bigint AS id, m.id AS milestone_id, m.contract_id, m.currency,
        p.position, json_array_length(m.plan) AS of, (p.each ->> 'amount')::bigint AS amount,
        (p.each ->> 'at')::timestamptz AS at, (p.each ->> 'retention')::boolean AS retention
    FROM milestones m
    CROSS JOIN LATERAL json_array_elements(m.plan) WITH ORDINALITY AS p (each, position)
    WHERE m.plan IS NOT NULL
)
SELECT format('tranche %s is not as its milestone %s plans it', id,
    coalesce(t.milestone_id, p.milestone_id)), count(*) OVER ()
FROM planned p FULL JOIN tranches t USING (id)
WHERE (p.milestone_id, p.contract_id, p.currency, p.position, p.of, p.amount, p.at, p.retention)
    IS DISTINCT FROM
    (t.milestone_id, t.contract_id, t.currency, t.position, t.of, t.amount, t.at, t.retention)
ORDER BY id LIMIT 1

-- ledger.tranches_paid_what_was_released --
-- Of a milestone no more than that together, and each lacks what is or was disputed of it. --
WITH wrong AS (
    SELECT m.id, format('milestone %s released %s, its tranches paid %s', m.id, m.released,
        sum(t.paid)) AS what
    FROM tranches t JOIN milestones m ON m.id = t.milestone_id
    GROUP BY m.id HAVING sum(t.paid) > m.released
    UNION ALL
    SELECT t.id, format('tranche %s lacks %s, the disputes about it %s', t.id, t.objected,
        coalesce(d.amount, 0))
    FROM tranches t
    LEFT JOIN (
        SELECT tranche_id AS id, sum(amount) AS amount FROM disputes
        WHERE tranche_id IS NOT NULL AND status <> 'withdrawn' GROUP BY tranche_id
    ) d USING (id)
    WHERE t.objected <> coalesce(d.amount, 0)
)
SELECT what, count(*) OVER () FROM wrong ORDER BY id LIMIT 1

-- ledger.plans_pay_on_their_dates --
-- What holds money pays next by the first of its tranches that has not paid and has anything to --
-- pay, and wakes for it. --
SELECT format('milestone %s pays %s and wakes %s, its tranches %s', m.id,
    coalesce(m.pays_at::text, 'never'), coalesce(m.wakes_at::text, 'never'),
    coalesce(t.at::text, 'never')), count(*) OVER ()
FROM milestones m
LEFT JOIN LATERAL (
    SELECT min(at) AS at FROM tranches
    WHERE milestone_id = m.id AND status = 'waiting' AND (position = of OR amount > objected)
) t ON TRUE
WHERE m.plan_agreed_at IS NOT NULL AND m.status IN ('funded', 'submitted')
    AND m.amount > m.releasing + m.frozen + m.released + m.returned
    AND (m.pays_at IS DISTINCT FROM t.at OR m.wakes_at IS NULL OR m.wakes_at > m.pays_at)
ORDER BY m.id LIMIT 1
