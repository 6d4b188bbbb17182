-- files.of_owner --
-- Which this person put here. --
t.owner_id = $1

-- files.visible --
-- This person's own; or attached, at a place that counts, to something that they may read: a --
-- project, which everybody may, a bid of theirs or for their project, a message of a contract of --
-- theirs, an exhibit in a dispute of theirs, or that they opened as the arbiter who is named. --
(t.owner_id = $1 OR EXISTS (
    SELECT FROM attachments a
    LEFT JOIN projects p ON a.parent_kind = 'project' AND p.id = a.parent_id
    LEFT JOIN bids b ON a.parent_kind = 'bid' AND b.id = a.parent_id
    LEFT JOIN messages m ON a.parent_kind = 'message' AND m.id = a.parent_id
    LEFT JOIN contracts c ON c.id = m.contract_id
    LEFT JOIN exhibits x ON a.parent_kind = 'exhibit' AND x.id = a.parent_id
    LEFT JOIN disputes d ON d.id = x.dispute_id
    WHERE a.file_id = t.id AND (
        a.position <= p.files
        OR a.position <= b.files AND $1 IN (b.employer_id, b.bidder_id)
        OR a.position <= m.files AND $1 IN (c.employer_id, c.freelancer_id)
        OR a.position <= x.files AND ($1 IN (d.employer_id, d.freelancer_id)
            OR d.arbiter_id = $1 AND x.opened_by = $1 AND EXISTS (
                SELECT FROM users u
                WHERE u.id = $1 AND u.status = 'active' AND 'arbiter' = ANY (u.roles)
            ))
    )
))

-- files.attached --
-- What is attached to these rows; at further places stands what was attached before. --
SELECT a.parent_id, {columns} FROM attachments a
JOIN files t ON t.id = a.file_id
LEFT JOIN projects p ON a.parent_kind = 'project' AND p.id = a.parent_id
LEFT JOIN bids b ON a.parent_kind = 'bid' AND b.id = a.parent_id
LEFT JOIN messages m ON a.parent_kind = 'message' AND m.id = a.parent_id
LEFT JOIN exhibits x ON a.parent_kind = 'exhibit' AND x.id = a.parent_id
WHERE a.parent_id = ANY($1) AND a.position <= coalesce(p.files, b.files, m.files, x.files)
ORDER BY a.parent_id, a.position

-- files.contract_of --
-- The contract in which this file was said or shown, for staff, whose look is noted there. --
SELECT contract_id FROM (
    SELECT m.contract_id, m.id FROM attachments a
    JOIN messages m ON a.parent_kind = 'message' AND m.id = a.parent_id AND a.position <= m.files
    WHERE a.file_id = $1 AND m.contract_id IS NOT NULL
    UNION ALL
    SELECT x.contract_id, x.id FROM attachments a
    JOIN exhibits x ON a.parent_kind = 'exhibit' AND x.id = a.parent_id AND a.position <= x.files
    WHERE a.file_id = $1
) t ORDER BY id LIMIT 1

-- files.kept --
-- Which of these digests some row still names. --
SELECT DISTINCT sha256 FROM files WHERE sha256 = ANY($1::text[])

-- files.digests --
-- Every digest that there are bytes of, and how many, after this one. --
SELECT DISTINCT sha256, size FROM files WHERE sha256 > $1 ORDER BY sha256 LIMIT $2
