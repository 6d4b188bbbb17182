-- fates.milestones --
-- What holds money in a contract: those whose clocks may run out first, and of those that have --
-- none, for which nothing ever happens, the first. --
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NOT NULL
ORDER BY t.wakes_at, t.id LIMIT $2)
UNION ALL
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NULL
    AND t.released + t.returned + t.releasing < t.amount
ORDER BY t.id LIMIT 1)
UNION ALL
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NULL
    AND t.released + t.returned + t.releasing = t.amount
ORDER BY t.id LIMIT $2)

-- fates.releases --
-- Releases of these milestones of a contract that are on their way, the first to be final first. --
SELECT {columns} FROM releases t
WHERE t.contract_id = $1 AND t.wakes_at IS NOT NULL AND t.milestone_id = ANY($2::bigint[])
ORDER BY t.wakes_at, t.id LIMIT $3
