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
ORDER BY t.id LIMIT $3)

-- fates.releases --
-- Releases of these milestones of a contract that are on their way, the first to be final first. --
SELECT {columns} FROM releases t
WHERE t.contract_id = $1 AND t.wakes_at IS NOT NULL AND t.milestone_id = ANY($2::bigint[])
ORDER BY t.wakes_at, t.id LIMIT $3

-- fates.tranches --
-- The tranches of these milestones. --
SELECT {columns} FROM tranches t WHERE t.milestone_id = ANY($1::bigint[]) ORDER BY t.id

-- fates.disputes --
-- Disputes about these milestones of a contract that are open; a milestone has one at most. --
SELECT {columns} FROM disputes t
WHERE t.milestone_id = ANY($1::bigint[])
    AND t.status IN ('response', 'negotiation', 'final_offers', 'arbitration')
ORDER BY t.id

-- fates.offers --
-- Offers for a project that nobody has answered yet, the first to lapse first. --
SELECT t.id FROM contracts t
WHERE t.project_id = $1 AND t.status = 'offered'
ORDER BY t.wakes_at, t.id LIMIT $2

-- fates.first_milestones --
-- Of each of these contracts what wakes first in it, of what has a date of its own; and of what has --
-- none, and waits only until nobody does anything for long, one under each terms. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    (SELECT * FROM milestones t
    WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
        AND (t.status = 'submitted' OR t.due_at IS NOT NULL AND t.agreed_at IS NOT NULL
            OR t.pays_at IS NOT NULL OR t.staff_return_at IS NOT NULL)
    ORDER BY t.wakes_at, t.id LIMIT $2)
    UNION ALL
    (SELECT t.* FROM (
        SELECT min(t.id) AS id FROM milestones t
        WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
            AND t.status = 'funded' AND (t.due_at IS NULL OR t.agreed_at IS NULL)
            AND t.pays_at IS NULL AND t.staff_return_at IS NULL
        GROUP BY t.terms_hash
    ) first JOIN milestones t ON t.id = first.id)
) t

-- fates.first_releases --
-- Of each of these contracts the release that is final first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM releases t WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2
) t

-- fates.first_disputes --
-- Of each of these contracts the dispute of which a clock runs out first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM disputes t WHERE t.contract_id = c.id AND t.wakes_at IS NOT NULL
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
