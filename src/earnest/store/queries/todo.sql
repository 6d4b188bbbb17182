-- todo.of_person --
-- What waits for a person: offers and proposals to answer, work to look at, requests, work to do, --
-- bids to choose from, and contracts to review; the most pressing first. --
WITH clock AS (SELECT clock_timestamp() + clock_offset AS now FROM site)
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
        AND m.cancel_asked_at IS NOT NULL AND a.balance > 0
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 3, 'proposed', m.id, m.description, e.currency, e.amount, u.name, e.expires_at
    FROM edits e
    JOIN milestones m ON m.id = e.milestone_id AND m.status = 'funded'
        AND m.released + m.returned = e.gone
    JOIN contracts c ON c.id = e.contract_id AND c.status = 'active'
    JOIN users u ON u.id = e.proposer_id
    CROSS JOIN clock
    WHERE e.answerer_id = $1 AND e.is_open AND e.expires_at > clock.now
    ORDER BY e.milestone_id DESC LIMIT $2)
    UNION ALL
    (SELECT 4, 'submitted', m.id, m.description, m.currency, a.balance, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
    WHERE m.employer_id = $1 AND m.status = 'submitted' AND a.balance > 0
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 5, 'requested', m.id, m.description, m.currency, m.amount, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    WHERE m.employer_id = $1 AND m.status = 'requested'
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 6, 'funded', m.id, m.description, m.currency, a.balance, u.name, m.due_at
    FROM milestones m
    JOIN contracts c ON c.id = m.contract_id AND c.status = 'active'
    JOIN users u ON u.id = m.employer_id
    JOIN accounts a ON a.kind = 'escrow' AND a.owner = m.id AND a.currency = m.currency
    WHERE m.freelancer_id = $1 AND m.status = 'funded' AND m.cancel_asked_at IS NULL
        AND a.balance > 0
    ORDER BY m.due_at NULLS LAST, m.id LIMIT $2)
    UNION ALL
    (SELECT 7, 'bids', p.id, p.title, p.currency, 0, '', NULL
    FROM projects p
    WHERE p.employer_id = $1 AND p.status = 'open' AND p.offered = 0 AND p.bids > 0
    ORDER BY p.id DESC LIMIT $2)
    UNION ALL
    (SELECT 8, 'review', c.id, '', c.currency, 0, u.name, c.updated_at + $3::interval
    FROM contracts c
    LEFT JOIN reviewed d ON d.contract_id = c.id
    JOIN users u ON u.id IN (c.employer_id, c.freelancer_id) AND u.id <> $1
    CROSS JOIN clock
    WHERE (c.employer_id = $1 AND d.by_employer_at IS NULL
            OR c.freelancer_id = $1 AND d.by_freelancer_at IS NULL)
        AND c.status = 'ended' AND c.paid_at IS NOT NULL
        AND c.updated_at + $3::interval > clock.now
    ORDER BY c.id DESC LIMIT $2)
) t ORDER BY rank, due_at NULLS LAST, id DESC LIMIT $2
