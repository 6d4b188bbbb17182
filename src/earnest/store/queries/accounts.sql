-- accounts.balances --
-- What these accounts hold; one that was never used is left out. --
SELECT a.kind, a.owner, a.currency, a.balance
FROM accounts a
JOIN unnest($1::text[], $2::bigint[], $3::text[]) AS w (kind, owner, currency)
    USING (kind, owner, currency)

-- accounts.of_person --
-- A person's money by currency and place: the wallet, reserves, what milestones hold on either --
-- side, what disputes have frozen, releases and withdrawals on their way. The LIMIT keeps the planner --
-- to one look-up a project: it would else read the reserves of the whole site. --
SELECT a.currency, 'wallet' AS place, a.balance
FROM accounts a WHERE a.kind = 'wallet' AND a.owner = $1
UNION ALL
SELECT m.currency, 'held_outgoing', sum({left})::bigint
FROM milestones m
WHERE m.employer_id = $1 AND m.status IN ('funded', 'submitted')
GROUP BY m.currency
UNION ALL
SELECT m.currency, 'held_incoming', sum({left})::bigint
FROM milestones m
WHERE m.freelancer_id = $1 AND m.status IN ('funded', 'submitted')
GROUP BY m.currency
UNION ALL
SELECT r.currency, 'releasing_outgoing', sum(r.amount)::bigint
FROM releases r JOIN contracts c ON c.id = r.contract_id
WHERE c.employer_id = $1 AND r.wakes_at IS NOT NULL
GROUP BY r.currency
UNION ALL
SELECT r.currency, 'releasing_incoming', sum(r.amount)::bigint
FROM releases r JOIN contracts c ON c.id = r.contract_id
WHERE c.freelancer_id = $1 AND r.wakes_at IS NOT NULL
GROUP BY r.currency
UNION ALL
SELECT d.currency, 'frozen_outgoing', sum(d.amount)::bigint
FROM disputes d
WHERE d.employer_id = $1
    AND d.status IN ('response', 'negotiation', 'final_offers', 'arbitration')
GROUP BY d.currency
UNION ALL
SELECT d.currency, 'frozen_incoming', sum(d.amount)::bigint
FROM disputes d
WHERE d.freelancer_id = $1
    AND d.status IN ('response', 'negotiation', 'final_offers', 'arbitration')
GROUP BY d.currency
UNION ALL
SELECT p.currency, 'reserved', sum(a.balance)::bigint
FROM projects p
CROSS JOIN LATERAL (
    SELECT balance FROM accounts
    WHERE kind = 'reserve' AND owner = p.id AND currency = p.currency LIMIT 1
) a
WHERE p.employer_id = $1 AND p.reserved_since IS NOT NULL
GROUP BY p.currency
UNION ALL
SELECT w.currency, 'on_the_way', sum(a.balance)::bigint
FROM withdrawals w
JOIN accounts a ON a.kind = 'outgoing' AND a.owner = w.id AND a.currency = w.currency
WHERE w.user_id = $1 AND w.status IN ('requested', 'approved', 'sent')
GROUP BY w.currency
