-- counts.progress --
-- How far the counting is, and the clock of the database in milliseconds. Nothing while somebody --
-- else is at it: until the end of a transaction it is whose who has this lock, which writes nothing. --
SELECT coalesce(settled, 0), coalesce(unfilled, 0),
    (extract(epoch FROM clock_timestamp()) * 1000)::bigint
FROM (SELECT 1) one LEFT JOIN counting ON TRUE
WHERE pg_try_advisory_xact_lock(20200115)

-- counts.newest --
-- The highest number of any contract. --
SELECT coalesce(max(id), 0) FROM contracts

-- counts.happened --
-- Contracts in which something happened, by the events with numbers above the first and up to the --
-- second, the oldest first; and the number of each event. --
SELECT contract_id, id FROM events
WHERE id > $1 AND id <= $2 AND contract_id IS NOT NULL ORDER BY id LIMIT $3

-- counts.passed --
-- Contracts in which a date has passed since they were counted. --
SELECT contract_id FROM contract_counts
WHERE good_until < (SELECT clock_timestamp() + clock_offset FROM site)
ORDER BY good_until LIMIT $1

-- counts.below --
-- Contracts with numbers up to this one, the newest first. --
SELECT id FROM contracts WHERE id <= $1 ORDER BY id DESC LIMIT $2

-- counts.made --
-- What the milestones of these contracts add up to; only of those in which nothing has happened --
-- since the event with this number, so that nobody counts what is changing all the time. --
WITH moment AS MATERIALIZED ({moment})
SELECT c.id AS contract_id, c.seq, (SELECT now FROM moment) AS counted_at, m.*
FROM contracts c
CROSS JOIN LATERAL ({milestones}) m
WHERE c.id = ANY($1::bigint[]) AND c.status IN ('active', 'ended') AND $2 >= (
    SELECT e.id FROM events e WHERE e.contract_id = c.id ORDER BY e.seq DESC LIMIT 1
)
