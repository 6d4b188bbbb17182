-- movements.of_wallet --
-- What came into and went out of a person's wallets in these currencies, the newest first, from --
-- a place on: the change, what it was, and whom and which milestone it was with. --
SELECT t.id, t.event_id, t.at, t.currency, t.change, e.name, t.other_kind, t.other_owner,
    m.description, u.name AS person
FROM (
    SELECT moved.* FROM unnest($2::text[]) AS c (currency) CROSS JOIN LATERAL (
        (SELECT id, event_id, at, currency, -amount AS change, credit_kind AS other_kind,
            credit_owner AS other_owner
        FROM transfers
        WHERE debit_kind = 'wallet' AND debit_owner = $1 AND currency = c.currency
            AND (at, id) < ($3, $4)
        ORDER BY at DESC, id DESC LIMIT $5)
        UNION ALL
        (SELECT id, event_id, at, currency, amount, debit_kind, debit_owner
        FROM transfers
        WHERE credit_kind = 'wallet' AND credit_owner = $1 AND currency = c.currency
            AND (at, id) < ($3, $4)
        ORDER BY at DESC, id DESC LIMIT $5)
    ) AS moved
    ORDER BY at DESC, id DESC LIMIT $5
) t
JOIN events e ON e.id = t.event_id
LEFT JOIN releases r ON t.other_kind = 'releasing' AND r.id = t.other_owner
LEFT JOIN disputes d ON t.other_kind IN ('dispute', 'stake') AND d.id = t.other_owner
LEFT JOIN milestones m ON m.id = CASE t.other_kind
    WHEN 'escrow' THEN t.other_owner ELSE coalesce(r.milestone_id, d.milestone_id) END
LEFT JOIN users u
    ON u.id = CASE WHEN m.employer_id = $1 THEN m.freelancer_id ELSE m.employer_id END
ORDER BY t.at DESC, t.id DESC

-- movements.wallet --
-- What a person's wallet holds. --
SELECT balance FROM accounts WHERE kind = 'wallet' AND owner = $1 AND currency = $2

-- movements.wallets --
-- What each of a person's wallets holds. --
SELECT currency, balance FROM accounts WHERE kind = 'wallet' AND owner = $1 ORDER BY currency
