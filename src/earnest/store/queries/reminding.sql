-- reminding.within --
-- What of these contracts has a clock. --
SELECT id, contract_id FROM milestones
WHERE contract_id = ANY($1::bigint[]) AND wakes_at IS NOT NULL

-- reminding.next --
-- When it is next time to look at a clock that runs. --
SELECT min(looks_at) FROM running_clocks
WHERE NOT EXISTS (SELECT FROM restores WHERE resumed_at IS NULL)
