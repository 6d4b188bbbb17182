-- todo.of_person --
-- What waits for a person: offers to answer, work to look at, requests, and work to do; the most --
-- pressing first. --
SELECT * FROM (
    (SELECT 1 AS rank, 'offer' AS what, c.id, '' AS description, c.currency,
        coalesce(held.minor, 0) AS minor, u.name AS person, NULL::timestamptz AS due_at
    FROM contracts c
    JOIN users u ON u.id = c.employer_id
    LEFT JOIN LATERAL (
        SELECT sum(a.balance)::bigint AS minor
        FROM milestones m
        JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
        WHERE m.contract_id = c.id AND m.status IN ('funded', 'submitted')
    ) held ON TRUE
    WHERE c.freelancer_id = $1 AND c.status = 'offered'
    ORDER BY c.id DESC LIMIT $2)
    UNION ALL
    (SELECT 2, 'cancel_asked', m.id, m.description, m.currency, a.balance, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.employer_id
    JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
    WHERE m.freelancer_id = $1 AND m.status IN ('funded', 'submitted')
        AND m.cancel_asked_at IS NOT NULL
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 3, 'submitted', m.id, m.description, m.currency, a.balance, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
    WHERE m.employer_id = $1 AND m.status = 'submitted'
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 4, 'requested', m.id, m.description, m.currency, m.amount, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    WHERE m.employer_id = $1 AND m.status = 'requested'
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 5, 'funded', m.id, m.description, m.currency, a.balance, u.name, m.due_at
    FROM milestones m
    JOIN contracts c ON c.id = m.contract_id AND c.status = 'active'
    JOIN users u ON u.id = m.employer_id
    JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
    WHERE m.freelancer_id = $1 AND m.status = 'funded' AND m.cancel_asked_at IS NULL
    ORDER BY m.due_at NULLS LAST, m.id LIMIT $2)
) t ORDER BY rank, due_at NULLS LAST, id DESC LIMIT $2
