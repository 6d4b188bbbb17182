-- todo.of_person --
-- What waits for a person: disputes to answer or to rule on, offers and proposals to answer, work to --
-- look at, plans to agree to, requests, work to do, bids to choose from, and contracts to review; --
-- the most pressing first. --
WITH clock AS (SELECT clock_timestamp() + clock_offset AS now FROM site)
SELECT * FROM (
    (SELECT 0 AS rank, 'to_rule' AS what, d.id, m.description, d.currency, d.amount AS minor,
        '' AS person, d.ends_at AS due_at
    FROM disputes d
    JOIN milestones m ON m.id = d.milestone_id
    WHERE d.arbiter_id = $1 AND d.status = 'arbitration' AND EXISTS (
        SELECT FROM users u WHERE u.id = $1 AND u.status = 'active' AND 'arbiter' = ANY (u.roles)
    )
    ORDER BY d.ends_at NULLS LAST, d.id LIMIT $2)
    UNION ALL
    (SELECT 0, t.what, d.id, m.description, d.currency,
        CASE t.what WHEN 'to_pay' THEN d.fee ELSE d.amount END, u.name, d.ends_at
    FROM disputes d
    JOIN milestones m ON m.id = d.milestone_id
    JOIN users u ON u.id IN (d.employer_id, d.freelancer_id) AND u.id <> $1
    LEFT JOIN extensions e ON e.dispute_id = d.id AND e.is_open AND e.status = d.status
        AND e.ends_at = d.ends_at AND e.proposer_id <> $1
    CROSS JOIN LATERAL (
        SELECT CASE
            WHEN d.status = 'response' AND d.opener_id <> $1 THEN 'to_answer'
            WHEN d.status = 'final_offers' AND d.payer_id <> $1 THEN 'to_pay'
            WHEN e.dispute_id IS NOT NULL THEN 'to_extend'
            WHEN d.status = 'negotiation' AND (d.opener_id = $1) = (d.opener_offer_id < d.other_offer_id)
                THEN 'to_settle'
        END AS what
    ) t
    WHERE (d.employer_id = $1 OR d.freelancer_id = $1) AND t.what IS NOT NULL
        AND d.status IN ('response', 'negotiation', 'final_offers', 'arbitration')
    ORDER BY d.ends_at NULLS LAST, d.id LIMIT $2)
    UNION ALL
    (SELECT 0, 'to_object', m.id, m.description, m.currency, {left}, u.name, m.staff_return_at
    FROM milestones m
    JOIN users u ON u.id = m.employer_id
    WHERE m.freelancer_id = $1 AND m.status IN ('funded', 'submitted')
        AND m.staff_cancel_by IS NOT NULL AND m.staff_return_at IS NOT NULL
    ORDER BY m.staff_return_at, m.id LIMIT $2)
    UNION ALL
    (SELECT 1 AS rank, 'offer' AS what, c.id, '' AS description, c.currency,
        coalesce(held.minor, 0) AS minor, u.name AS person, NULL::timestamptz AS due_at
    FROM contracts c
    JOIN users u ON u.id = c.employer_id
    LEFT JOIN LATERAL (
        SELECT sum({left})::bigint AS minor
        FROM milestones m
        WHERE m.contract_id = c.id AND m.status IN ('funded', 'submitted')
    ) held ON TRUE
    WHERE c.freelancer_id = $1 AND c.status = 'offered'
    ORDER BY c.id DESC LIMIT $2)
    UNION ALL
    (SELECT 2, 'cancel_asked', m.id, m.description, m.currency, {left}, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.employer_id
    WHERE m.freelancer_id = $1 AND m.status IN ('funded', 'submitted')
        AND m.cancel_asked_at IS NOT NULL AND {left} > 0
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 3, 'proposed', m.id, m.description, e.currency, e.amount, u.name, e.expires_at
    FROM edits e
    JOIN milestones m ON m.id = e.milestone_id AND m.moves = e.moves AND (
        m.status = 'funded'
        OR m.status = 'submitted' AND m.description = e.description AND m.amount = e.amount
        AND m.due_at IS NOT DISTINCT FROM e.due_at
    )
    JOIN contracts c ON c.id = e.contract_id AND c.status = 'active'
    JOIN users u ON u.id = e.proposer_id
    CROSS JOIN clock
    WHERE e.answerer_id = $1 AND e.is_open AND e.expires_at > clock.now
    ORDER BY e.milestone_id DESC LIMIT $2)
    UNION ALL
    (SELECT 3, 'to_agree', m.id, m.description, m.currency, {left}, u.name,
        (m.plan -> 0 ->> 'at')::timestamptz
    FROM milestones m
    JOIN contracts c ON c.id = m.contract_id AND c.status = 'active'
    JOIN users u ON u.id = m.employer_id
    CROSS JOIN clock
    WHERE m.freelancer_id = $1 AND m.status = 'funded'
        AND m.plan IS NOT NULL AND m.plan_agreed_at IS NULL
        AND (m.plan -> 0 ->> 'at')::timestamptz > clock.now
        AND (m.due_at IS NULL OR m.agreed_at IS NOT NULL OR m.due_at > clock.now)
        AND {left} > 0
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 4, 'submitted', m.id, m.description, m.currency, {left}, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    WHERE m.employer_id = $1 AND m.status = 'submitted' AND {left} > 0
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 5, 'requested', m.id, m.description, m.currency, m.amount, u.name, m.due_at
    FROM milestones m
    JOIN users u ON u.id = m.freelancer_id
    WHERE m.employer_id = $1 AND m.status = 'requested'
    ORDER BY m.id DESC LIMIT $2)
    UNION ALL
    (SELECT 6, 'funded', m.id, m.description, m.currency, {left}, u.name, m.due_at
    FROM milestones m
    JOIN contracts c ON c.id = m.contract_id AND c.status = 'active'
    JOIN users u ON u.id = m.employer_id
    WHERE m.freelancer_id = $1 AND m.status = 'funded' AND m.cancel_asked_at IS NULL
        AND {left} > 0
    ORDER BY m.due_at NULLS LAST, m.id LIMIT $2)
    UNION ALL
    (SELECT 7, 'bids', p.id, p.title, p.currency, 0, '', NULL
    FROM projects p
    WHERE p.employer_id = $1 AND p.status = 'open' AND p.offered = 0 AND p.bids > 0
    ORDER BY p.id DESC LIMIT $2)
    UNION ALL
    (SELECT 8, 'review', c.id, '', c.currency, 0, u.name, c.updated_at + $3::interval
    FROM (
        SELECT c.*, c.freelancer_id AS other_id FROM contracts c CROSS JOIN clock
        WHERE c.employer_id = $1 AND c.status = 'ended' AND c.paid_at IS NOT NULL
            AND c.updated_at > clock.now - $3::interval
        UNION ALL
        SELECT c.*, c.employer_id FROM contracts c CROSS JOIN clock
        WHERE c.freelancer_id = $1 AND c.status = 'ended' AND c.paid_at IS NOT NULL
            AND c.updated_at > clock.now - $3::interval
    ) c
    LEFT JOIN reviewed d ON d.contract_id = c.id
    JOIN users u ON u.id = c.other_id
    WHERE CASE WHEN c.employer_id = $1 THEN d.by_employer_at ELSE d.by_freelancer_at END IS NULL
    ORDER BY c.id DESC LIMIT $2)
) t ORDER BY rank, due_at NULLS LAST, id DESC LIMIT $2
