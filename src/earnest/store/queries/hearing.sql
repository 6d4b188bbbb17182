-- hearing.notices --
-- The last notices of the clocks of these rows that were in their readers' hands early enough. --
SELECT n.subject_id, n.name, n.clock_at, n.user_id
FROM notices n
LEFT JOIN deliveries d ON d.id = n.delivery_id
WHERE n.subject_id = ANY($1::bigint[]) AND n.moment IS NOT NULL AND n.is_last
    AND least(d.handed_over_at, n.read_at) <= n.clock_at - $2::interval

-- hearing.awake --
-- From when to when processes were there, as far as it lasted until then or longer. --
SELECT since, until + $2::interval FROM heartbeats WHERE until >= $1::timestamptz - $2::interval

-- hearing.beat --
-- The row of a process goes on; one that was not heard for too long has a new one. --
WITH site_now AS (
    SELECT clock_timestamp() + clock_offset AS now FROM site
), gone_on AS (
    UPDATE heartbeats h SET until = s.now FROM site_now s
    WHERE h.id = $1 AND s.now BETWEEN h.until AND h.until + $2::interval
    RETURNING h.id
), begun AS (
    INSERT INTO heartbeats (since, until)
    SELECT now, now FROM site_now WHERE NOT EXISTS (SELECT FROM gone_on)
    RETURNING id
)
SELECT id FROM gone_on UNION ALL SELECT id FROM begun
