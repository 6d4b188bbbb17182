-- clocks.due --
-- Offers and projects of which the time is over, contracts in which something may be due, and --
-- deposits and withdrawals of which nothing has come for so long: of each those due longest first, --
-- but these. Whatever a gateway was to be asked before its time was over is asked first: it may --
-- have the money. --
-- None on a restored site before it resumes: somebody may have answered after that backup. --
SELECT noun, id, wakes_at FROM (
    (SELECT CASE status WHEN 'offered' THEN 'offer' ELSE 'contract' END AS noun, id, wakes_at
    FROM contracts
    WHERE wakes_at <= now() + (SELECT clock_offset FROM site) AND wakes_at IS NOT NULL
        AND id <> ALL ($2::bigint[])
    ORDER BY wakes_at, id LIMIT $1)
    UNION ALL
    (SELECT 'project', id, wakes_at FROM projects
    WHERE wakes_at <= now() + (SELECT clock_offset FROM site) AND wakes_at IS NOT NULL
        AND id <> ALL ($2::bigint[])
    ORDER BY wakes_at, id LIMIT $1)
    UNION ALL
    (SELECT 'deposit', id, created_at + $3::interval FROM deposits
    WHERE created_at <= now() + (SELECT clock_offset FROM site) - $3::interval
        AND status = 'pending' AND id <> ALL ($2::bigint[])
        AND (wakes_at IS NULL OR wakes_at >= created_at + $3::interval)
    ORDER BY created_at, id LIMIT $1)
    UNION ALL
    (SELECT 'withdrawal', id, created_at + $3::interval FROM withdrawals
    WHERE created_at <= now() + (SELECT clock_offset FROM site) - $3::interval
        AND status IN ('requested', 'approved') AND id <> ALL ($2::bigint[])
        AND (wakes_at IS NULL OR wakes_at >= created_at + $3::interval)
    ORDER BY created_at, id LIMIT $1)
) t
WHERE NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
ORDER BY wakes_at, noun, id

-- clocks.next_wake --
-- When the time of a row is over next, but for these; nothing, if there is none. --
SELECT least(
    (SELECT wakes_at FROM contracts WHERE wakes_at IS NOT NULL AND id <> ALL ($1::bigint[])
    ORDER BY wakes_at LIMIT 1),
    (SELECT wakes_at FROM projects WHERE wakes_at IS NOT NULL AND id <> ALL ($1::bigint[])
    ORDER BY wakes_at LIMIT 1),
    (SELECT created_at + $2::interval FROM deposits
    WHERE status = 'pending' AND id <> ALL ($1::bigint[])
    ORDER BY created_at LIMIT 1),
    (SELECT created_at + $2::interval FROM withdrawals
    WHERE status IN ('requested', 'approved') AND id <> ALL ($1::bigint[])
    ORDER BY created_at LIMIT 1)
)
WHERE NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)

-- clocks.is_over --
-- Whether a row's clock is still the one that was read. --
SELECT wakes_at IS NOT DISTINCT FROM $2 FROM {table} WHERE id = $1

-- clocks.waits --
-- Whether nothing has come of a deposit or withdrawal yet. --
SELECT status IN ('pending', 'requested', 'approved') FROM {table} WHERE id = $1

-- clocks.overdue --
-- For how many seconds what is due longest has been so; nothing is due if it is not above nothing. --
SELECT extract(epoch FROM clock_timestamp() + (SELECT clock_offset FROM site) - least(
    (SELECT min(wakes_at) FROM contracts WHERE wakes_at IS NOT NULL),
    (SELECT min(wakes_at) FROM projects WHERE wakes_at IS NOT NULL),
    (SELECT min(wakes_at) FROM deposits WHERE wakes_at IS NOT NULL),
    (SELECT min(wakes_at) FROM withdrawals WHERE wakes_at IS NOT NULL),
    (SELECT min(created_at) + $1::interval FROM deposits WHERE status = 'pending'),
    (SELECT min(created_at) + $1::interval FROM withdrawals
    WHERE status IN ('requested', 'approved'))
))
