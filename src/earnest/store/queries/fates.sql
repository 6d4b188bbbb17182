-- fates.milestones --
-- What holds money in a contract: those whose clocks may run out first, and of those that have --
-- none, for which nothing ever happens, the first. --
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NOT NULL
ORDER BY t.wakes_at, t.id LIMIT $2)
UNION ALL
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NULL
    AND t.released + t.returned + t.releasing + t.frozen < t.amount
ORDER BY t.id LIMIT 1)
UNION ALL
(SELECT {columns} FROM milestones t
WHERE t.contract_id = $1 AND t.status IN ('funded', 'submitted') AND t.wakes_at IS NULL
    AND t.released + t.returned + t.releasing + t.frozen = t.amount
ORDER BY t.id LIMIT $2)

-- fates.releases --
-- Releases of these milestones of a contract that are on their way, the first to be final first. --
SELECT {columns} FROM releases t
WHERE t.contract_id = $1 AND t.wakes_at IS NOT NULL AND t.milestone_id = ANY($2::bigint[])
ORDER BY t.wakes_at, t.id LIMIT $3

-- fates.disputes --
-- Disputes about these milestones of a contract that are open; a milestone has one at most. --
SELECT {columns} FROM disputes t
WHERE t.milestone_id = ANY($1::bigint[])
    AND t.status IN ('response', 'negotiation', 'final_offers', 'arbitration')
ORDER BY t.id
