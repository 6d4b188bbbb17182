-- documents.progress --
-- How far the index is, and the clock of the database in milliseconds. Nothing while somebody else --
-- is at it: until the end of a transaction it is whose who has this lock, which writes nothing. --
SELECT coalesce(seen, 0), coalesce(settled, 0), coalesce(unfilled, 0),
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint
FROM (SELECT 1) one LEFT JOIN indexing ON TRUE
WHERE pg_try_advisory_xact_lock(20200114)

-- documents.standing --
-- The same for who only wants to know. --
SELECT coalesce(seen, 0), coalesce(settled, 0), coalesce(unfilled, 0),
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint
FROM (SELECT 1) one LEFT JOIN indexing ON TRUE

-- documents.newest --
-- The highest number of anything that may be, or may change, a document. --
SELECT greatest(
    (SELECT max(id) FROM users),
    (SELECT max(id) FROM projects),
    (SELECT max(id) FROM contracts),
    (SELECT max(id) FROM milestones),
    (SELECT max(id) FROM events),
    0
)

-- documents.missing --
-- Rows with numbers above the first and up to the second that have no document, the oldest first. --
SELECT kind, id FROM (
    (SELECT 'user' AS kind, t.id FROM users t
    WHERE t.id > $1 AND t.id <= $2
        AND NOT EXISTS (SELECT FROM documents_of_people d WHERE d.id = t.id)
    ORDER BY t.id LIMIT $3)
    UNION ALL
    (SELECT 'project', t.id FROM projects t
    WHERE t.id > $1 AND t.id <= $2
        AND NOT EXISTS (SELECT FROM documents_of_projects d WHERE d.id = t.id)
    ORDER BY t.id LIMIT $3)
    UNION ALL
    (SELECT 'contract', t.id FROM contracts t
    WHERE t.id > $1 AND t.id <= $2
        AND NOT EXISTS (SELECT FROM documents_of_contracts d WHERE d.id = t.id)
    ORDER BY t.id LIMIT $3)
    UNION ALL
    (SELECT 'milestone', t.id FROM milestones t
    WHERE t.id > $1 AND t.id <= $2
        AND NOT EXISTS (SELECT FROM documents_of_milestones d WHERE d.id = t.id)
    ORDER BY t.id LIMIT $3)
) t
ORDER BY id FETCH FIRST $3 ROWS WITH TIES

-- documents.changed --
-- Rows of which an event with a number in these bounds says that their words are others. --
SELECT e.subject_kind AS kind, e.subject_id AS id FROM events e
WHERE e.id > $1 AND e.id <= $2 AND e.name IN ('project.edited', 'milestone.edited')
UNION
SELECT 'contract', c.id FROM events e JOIN contracts c ON c.project_id = e.subject_id
WHERE e.id > $1 AND e.id <= $2 AND e.name = 'project.edited'

-- documents.of_people --
-- All documents with the names of these people. --
SELECT 'user' AS kind, id FROM users WHERE id = ANY($1::bigint[])
UNION
SELECT 'contract', id FROM contracts WHERE employer_id = ANY($1::bigint[])
UNION
SELECT 'contract', id FROM contracts WHERE freelancer_id = ANY($1::bigint[])

-- documents.below --
-- Rows with numbers up to this one, the newest first. --
SELECT kind, id FROM (
    (SELECT 'user' AS kind, id FROM users WHERE id <= $1 ORDER BY id DESC LIMIT $2)
    UNION ALL
    (SELECT 'project', id FROM projects WHERE id <= $1 ORDER BY id DESC LIMIT $2)
    UNION ALL
    (SELECT 'contract', id FROM contracts WHERE id <= $1 ORDER BY id DESC LIMIT $2)
    UNION ALL
    (SELECT 'milestone', id FROM milestones WHERE id <= $1 ORDER BY id DESC LIMIT $2)
) t
ORDER BY id DESC FETCH FIRST $2 ROWS WITH TIES

-- documents.words --
-- The words of these rows, each kind by itself. What something is called has the weight A. Of the --
-- currencies named, the number of decimals; of all others there are two. --
WITH digits AS (SELECT * FROM unnest($5::text[], $6::int[]) AS d (currency, digits))
SELECT 'user' AS kind, u.id, NULL::bigint AS employer_id, NULL::bigint AS freelancer_id,
    setweight(to_tsvector('simple', searched(u.name)), 'A') AS words
FROM users u
WHERE u.id = ANY($1::bigint[])
UNION ALL
SELECT 'project', p.id, NULL, NULL,
    setweight(to_tsvector('simple', searched(p.title)), 'A')
    || to_tsvector('simple', searched(p.description || ' ' || array_to_string(p.skills, ' ')))
    || array_to_tsvector(ARRAY[
        'C' || p.currency,
        'A' || trim_scale(round(p.budget_min / 10::numeric ^ coalesce(d.digits, 2), 4)),
        'A' || trim_scale(round(p.budget_max / 10::numeric ^ coalesce(d.digits, 2), 4))
    ])
FROM projects p
LEFT JOIN digits d ON d.currency = p.currency
WHERE p.id = ANY($2::bigint[])
UNION ALL
SELECT 'contract', c.id, c.employer_id, c.freelancer_id,
    setweight(to_tsvector('simple', searched(e.name || ' ' || f.name)), 'A')
    || to_tsvector('simple', searched(coalesce(p.title, '')))
    || array_to_tsvector(ARRAY['C' || c.currency])
FROM contracts c
JOIN users e ON e.id = c.employer_id
JOIN users f ON f.id = c.freelancer_id
LEFT JOIN projects p ON p.id = c.project_id
WHERE c.id = ANY($3::bigint[])
UNION ALL
SELECT 'milestone', m.id, m.employer_id, m.freelancer_id,
    setweight(to_tsvector('simple', searched(m.description)), 'A')
    || array_to_tsvector(ARRAY[
        'C' || m.currency,
        'A' || trim_scale(round(m.amount / 10::numeric ^ coalesce(d.digits, 2), 4))
    ])
FROM milestones m
LEFT JOIN digits d ON d.currency = m.currency
WHERE m.id = ANY($4::bigint[])
