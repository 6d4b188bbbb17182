-- bids.visible --
-- For a project of this person, or their own. --
(t.employer_id = $1 OR t.bidder_id = $1)

-- bids.as_employer --
-- For a project of this person. --
t.employer_id = $1

-- bids.as_freelancer --
-- Of this person. --
t.bidder_id = $1

-- bids.of_project --
-- For this project. --
t.project_id = $1

-- bids.with_status --
-- In one of these statuses; a live one has ended with its project, which nobody writes down. --
CASE WHEN t.status = 'live' AND EXISTS (
    SELECT FROM projects p WHERE p.id = t.project_id AND p.status IN ('completed', 'closed')
) THEN 'ended' ELSE t.status END = ANY($1::text[])

-- bids.proposals --
-- What these bids propose now; at further places stands what was proposed before. --
SELECT {columns} FROM proposals t JOIN bids b ON b.id = t.bid_id AND t.position <= b.milestones
WHERE t.bid_id = ANY($1) ORDER BY t.bid_id, t.position
