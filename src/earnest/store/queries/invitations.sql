-- invitations.by_hash --
-- The invitation behind a link, whatever became of it. --
SELECT i.id, i.employer_id, e.name, i.name, i.currency, i.terms, i.created_at, i.expires_at,
    i.revoked_at, i.used_by, u.name, i.expires_at <= clock_timestamp()
FROM invitations i
JOIN users e ON e.id = i.employer_id
LEFT JOIN users u ON u.id = i.used_by
WHERE i.hash = $1

-- invitations.of_employer --
-- The newest that a person made, and what became of each. --
SELECT i.id, i.employer_id, e.name, i.name, i.currency, i.terms, i.created_at, i.expires_at,
    i.revoked_at, i.used_by, u.name, i.expires_at <= clock_timestamp()
FROM invitations i
JOIN users e ON e.id = i.employer_id
LEFT JOIN users u ON u.id = i.used_by
WHERE i.employer_id = $1
ORDER BY i.id DESC LIMIT $2
