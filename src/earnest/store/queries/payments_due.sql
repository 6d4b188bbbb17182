-- payments.due_deposits --
-- Deposits of which the gateway is to be asked by now, those due longest first. --
-- None on a restored site before it resumes, as below: what happened since is not known. --
SELECT d.*, now() + s.clock_offset AS now
FROM site s, deposits d
WHERE d.wakes_at <= now() + (SELECT clock_offset FROM site) AND d.wakes_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
ORDER BY d.wakes_at, d.id
LIMIT $1

-- payments.due_withdrawals --
-- Withdrawals that are to be sent, or of which the gateway is to be asked, by now. --
SELECT w.*, now() + s.clock_offset AS now
FROM site s, withdrawals w
WHERE w.wakes_at <= now() + (SELECT clock_offset FROM site) AND w.wakes_at IS NOT NULL
    AND NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
ORDER BY w.wakes_at, w.id
LIMIT $1

-- payments.next_wake --
-- When there is next something to ask a gateway; nothing, if there is nothing. --
SELECT least(
    (SELECT min(wakes_at) FROM deposits WHERE wakes_at IS NOT NULL),
    (SELECT min(wakes_at) FROM withdrawals WHERE wakes_at IS NOT NULL)
)
WHERE NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)

-- payments.decided_by_system --
-- How many decisions SYSTEM has made since a moment of the site's clock. --
SELECT count(*) FROM commands WHERE actor_id = 0 AND at >= $1
