-- notices.progress --
-- How far the worker is, the newest event, and both clocks: the site's, and the database's in --
-- milliseconds. Nothing while somebody else is at it: until the end of a transaction it is whose who --
-- has this lock, which writes nothing. Where everything was emptied it begins at nothing. --
SELECT coalesce(n.seen, 0), coalesce(n.settled, 0), coalesce((SELECT max(id) FROM events), 0),
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint, clock_timestamp() + s.clock_offset
FROM site s LEFT JOIN noticing n ON TRUE
WHERE pg_try_advisory_xact_lock(20200116)

-- notices.bound --
-- The event so many behind the first, if it is not above the second. --
SELECT id FROM events WHERE id > $1 AND id <= $2 ORDER BY id OFFSET $3 LIMIT 1

-- notices.untold --
-- Events with numbers above the first and up to the second, of these names, that told nobody yet, --
-- and whom they may concern; the oldest first. --
WITH happened AS MATERIALIZED (
    SELECT e.id, e.name, e.subject_kind, e.subject_id, e.contract_id, e.actor_id, e.at, e.body
    FROM events e
    WHERE e.id > $1 AND e.id <= $2 AND e.name = ANY($3::text[])
        AND NOT EXISTS (SELECT FROM notices n WHERE n.event_id = e.id)
    ORDER BY e.id LIMIT $4
)
SELECT e.id, e.name, e.subject_kind, e.subject_id, e.contract_id, e.actor_id, e.at, e.body::text,
    coalesce(c.employer_id, b.employer_id, p.employer_id),
    coalesce(c.freelancer_id, b.bidder_id),
    CASE e.subject_kind
        WHEN 'user' THEN e.subject_id
        WHEN 'deposit' THEN (SELECT user_id FROM deposits WHERE id = e.subject_id)
        WHEN 'withdrawal' THEN (SELECT user_id FROM withdrawals WHERE id = e.subject_id)
    END,
    coalesce(c.status IN ('active', 'ended'), FALSE),
    p.id, p.title
FROM happened e
LEFT JOIN LATERAL (
    SELECT * FROM contracts c WHERE c.id = e.contract_id OFFSET 0
) c ON TRUE
LEFT JOIN LATERAL (
    SELECT * FROM bids b WHERE b.id = e.subject_id AND e.subject_kind = 'bid' OFFSET 0
) b ON TRUE
LEFT JOIN LATERAL (
    SELECT * FROM projects p WHERE p.id = CASE e.subject_kind
        WHEN 'project' THEN e.subject_id
        ELSE coalesce(c.project_id, b.project_id)
    END OFFSET 0
) p ON TRUE
ORDER BY e.id

-- notices.bidders --
-- Who has a bid for one of these projects that was not turned down or taken back. --
SELECT project_id, bidder_id FROM bids
WHERE project_id = ANY($1::bigint[]) AND status IN ('live', 'awarded')
ORDER BY project_id, bidder_id

-- notices.askers --
-- Who asked these questions. --
SELECT id, sender_id FROM messages WHERE id = ANY($1::bigint[])

-- notices.operators --
-- Everybody who is asked to look after the site. --
SELECT id FROM users
WHERE roles <> '{}' AND 'operator' = ANY(roles) AND status = 'active'
ORDER BY id

-- notices.people --
-- What these are called, and in which time zone they live. --
SELECT id, name, time_zone FROM users WHERE id = ANY($1::bigint[])

-- notices.choices --
-- What these people chose otherwise than the usual. --
SELECT user_id, topic, mail FROM notice_choices WHERE user_id = ANY($1::bigint[])

-- notices.told --
-- Notices with the language and the time zone of their reader. --
(SELECT n.*, u.language, u.time_zone FROM notices n JOIN users u ON u.id = n.user_id)

-- notices.visible --
-- Told to this person. --
t.user_id = $1

-- notices.unread --
-- Not read yet. --
t.read_at IS NULL

-- notices.read --
-- Read already. --
t.read_at IS NOT NULL

-- notices.of_delivery --
-- Carried by one of these mails. --
t.delivery_id = ANY($1::bigint[])
