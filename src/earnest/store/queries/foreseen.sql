-- foreseen.contracts --
-- Contracts of a person in which a clock runs: those that wake first. --
SELECT * FROM (
    (SELECT {columns} FROM contracts t
    WHERE t.employer_id = $1 AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2)
    UNION ALL
    (SELECT {columns} FROM contracts t
    WHERE t.freelancer_id = $1 AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2)
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.projects --
-- Projects of a person of which the clock runs, the first first. --
SELECT {columns} FROM projects t
WHERE t.employer_id = $1 AND t.wakes_at IS NOT NULL
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.deposits --
-- Deposits of a person that nobody has paid yet, the first to be over first. --
SELECT {columns} FROM deposits t
WHERE t.user_id = $1 AND t.status = 'pending'
ORDER BY t.created_at, t.id LIMIT $2

-- foreseen.withdrawals --
-- Withdrawals of a person that are not sent yet, the first to be over first. --
SELECT {columns} FROM withdrawals t
WHERE t.user_id = $1 AND t.status IN ('requested', 'approved')
ORDER BY t.created_at, t.id LIMIT $2

-- foreseen.releases --
-- Releases of these contracts that are on their way, the first to be final first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM releases t WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.disputes --
-- Disputes of these contracts of which a clock runs, the first first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM disputes t WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.milestones --
-- Milestones of these contracts in which a clock runs, those that wake first; and these, out of --
-- which something is on its way or disputed. --
(SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM milestones t WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2)
UNION ALL
(SELECT {columns} FROM milestones t WHERE t.id = ANY($3::bigint[]))
