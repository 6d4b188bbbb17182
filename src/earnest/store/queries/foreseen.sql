-- foreseen.contracts --
-- Contracts of a person in which a clock may run out by then: those that wake first. --
SELECT * FROM (
    (SELECT {columns} FROM contracts t
    WHERE t.employer_id = $1 AND t.wakes_at <= $3
    ORDER BY t.wakes_at, t.id LIMIT $2)
    UNION ALL
    (SELECT {columns} FROM contracts t
    WHERE t.freelancer_id = $1 AND t.wakes_at <= $3
    ORDER BY t.wakes_at, t.id LIMIT $2)
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.projects --
-- Projects of a person of which the clock runs out by then, the first first; and these, of which --
-- none runs, as an offer waits for its answer. --
(SELECT {columns} FROM projects t
WHERE t.employer_id = $1 AND t.wakes_at <= $3
ORDER BY t.wakes_at, t.id LIMIT $2)
UNION ALL
(SELECT {columns} FROM projects t WHERE t.id = ANY($4::bigint[]) AND t.wakes_at IS NULL)

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
-- Releases of these contracts that are final by then, the first first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM releases t WHERE t.contract_id = c.id AND t.wakes_at <= $3
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.disputes --
-- Disputes of these contracts of which a clock runs out by then, the first first. --
SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM disputes t WHERE t.contract_id = c.id AND t.wakes_at <= $3
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2

-- foreseen.milestones --
-- Milestones of these contracts in which a clock may run out by then, those that wake first; and --
-- these, out of which something is on its way or disputed; and all of these offers. What has no date of its own waits until --
-- nobody has acted for long: it is read only of those contracts that may be so quiet by then, as --
-- it may wake much later than it says. --
(SELECT {columns} FROM unnest($1::bigint[]) AS c (id) CROSS JOIN LATERAL (
    SELECT * FROM milestones t WHERE t.contract_id = c.id AND t.wakes_at <= $3
        AND (c.id = ANY($4::bigint[]) OR t.status = 'submitted' OR t.pays_at IS NOT NULL
            OR t.staff_return_at IS NOT NULL OR t.due_at IS NOT NULL AND t.agreed_at IS NOT NULL)
    ORDER BY t.wakes_at, t.id LIMIT $2
) t
ORDER BY t.wakes_at, t.id LIMIT $2)
UNION ALL
(SELECT {columns} FROM milestones t WHERE t.id = ANY($5::bigint[]))
UNION ALL
(SELECT {columns} FROM milestones t
WHERE t.contract_id = ANY($6::bigint[]) AND t.status IN ('requested', 'funded', 'submitted'))
